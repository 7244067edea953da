"""Which of several takes is the best, by what was measured of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.reviewing import measure
from storyboard.reviewing.repeat import small
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.cutting.cut import Footage
    from storyboard.reviewing.take_limits import FaultKind

_SEAM_DIGITS = 2
"""Seams that differ by less are equal: then the end frame decides."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A take, and what decides about it."""

    number: int
    wrong: tuple[FaultKind, ...] = ()
    """What is wrong with it."""
    seams: tuple[float, ...] = ()
    """How alike both sides of its seams are, to the shot before and after, where there are such."""
    end: float | None = None
    """How alike its last frame and its end keyframe are."""


def best(candidates: Iterable[Candidate]) -> int:
    """The number of the best take: those with something wrong last, those with more of it behind.

    Of equal ones the one whose worse seam is better; then the one that ends closer to its keyframe;
    then the first.
    """
    return min(candidates, key=_order).number


def _order(take: Candidate) -> tuple[float, ...]:
    seam = round(min(take.seams, default=1.0), _SEAM_DIGITS)
    return len(take.wrong), -seam, -(take.end if take.end is not None else 1.0), take.number


def joined(earlier: Footage, later: Footage) -> float:
    """How alike the last frame of one take and the first of the next are; SSIM of their shapes.

    MediaError where one can't be read.
    """
    size = small(later.media.size)
    with Reader(earlier.media.path) as ending, Reader(later.media.path) as beginning:
        last = ending.picture(earlier.end, size=size)
        first = beginning.picture(later.first, size=size)
    return round(measure.likeness_of_shapes(last, first), 5)
