"""Setting words."""
