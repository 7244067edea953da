"""Ground values."""
