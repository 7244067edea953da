"""Tests of who works."""
