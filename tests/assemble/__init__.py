"""Tests of `storyboard.assemble`."""
