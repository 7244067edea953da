"""The fake service, driven by the real client."""
