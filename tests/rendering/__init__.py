"""Tests of `storyboard.film`."""
