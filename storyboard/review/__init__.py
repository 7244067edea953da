"""Reviewing: measuring takes and seams, and drawing what was measured.

repeat      whether a take begins with the picture that the one before it ended on
seams       what is wrong with the seams of a cut
report      what was found, as data and as a table
strip       a picture of a seam
measure     the numbers behind all of it
"""

from storyboard.review.fixes import Fixed, fixed, fixes
from storyboard.review.oddities import Expected, oddities
from storyboard.review.repeat import Repeat, repeat, repeats
from storyboard.review.report import KINDS, Kind, Numbers, Report, SeamReport, failing, table
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
