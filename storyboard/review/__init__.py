"""Reviewing: measuring takes and seams, and drawing what was measured."""

from storyboard.review.repeat import Repeat, repeat, repeats

__all__ = ["Repeat", "repeat", "repeats"]
