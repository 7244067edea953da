"""Fuzzing: anything a stranger can hand over, in any number. `python -m tests.fuzz --help`."""
