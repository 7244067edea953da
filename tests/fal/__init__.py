"""The service, seen from this side."""
