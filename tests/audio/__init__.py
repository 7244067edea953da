"""The film's sound."""
