"""The store: takes, notes, and the ledger."""
