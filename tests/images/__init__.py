"""Pictures from strangers, made here."""
