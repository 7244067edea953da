"""Tests of `storyboard.page`."""
