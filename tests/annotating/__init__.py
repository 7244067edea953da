"""Tests of `storyboard.annotating`."""
