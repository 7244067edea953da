"""Tests of what is known before paying."""
