"""Readers of edited cuts: one module for each format, and all give a `Sequence`."""
