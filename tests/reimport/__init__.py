"""Edited cuts that come back."""
