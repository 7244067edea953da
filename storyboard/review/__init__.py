"""Reviewing: measuring takes and seams, and drawing what was measured.

repeat      whether a take begins with the picture that the one before it ended on
seams       the seams of a cut, measured
limits      from where on a number is wrong, and what to do about it
report      what was found, as data
listing     the same as a table for people
strip       a picture of a seam
measure     the numbers behind all of it
"""

from storyboard.review.fixes import Fixed, fixed, fixes
from storyboard.review.limits import KINDS, Kind, Numbers
from storyboard.review.listing import table
from storyboard.review.oddities import Expected, oddities
from storyboard.review.repeat import Repeat, repeat, repeats
from storyboard.review.report import Report, SeamReport, failing
from storyboard.review.seams import review

__all__ = [
    "KINDS",
    "Expected",
    "Fixed",
    "Kind",
    "Numbers",
    "Repeat",
    "Report",
    "SeamReport",
    "failing",
    "fixed",
    "fixes",
    "oddities",
    "repeat",
    "repeats",
    "review",
    "table",
]
