"""Speeds that change on the way, taken apart into excerpts of one speed each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from storyboard.units.timing import whole

MOST = 12
"""Parts of one clip; with more, its speed is a curve."""


class OneSpeed(NamedTuple):
    """Film frames at one speed."""

    frames: int
    first: Fraction
    """The file's frame on the first of them."""
    speed: Fraction


Points = Sequence[tuple[Fraction, Fraction]]
"""Local frames, and the file's frame on each, in order: straight lines between them."""


def runs(points: Points, start: int, frames: int, *, last: int | None = None) -> list[OneSpeed]:
    """The runs of one speed on these local frames; `last` is the file's last frame.

    Two speeds that show the very same frames are one.
    """
    found: list[OneSpeed] = []
    at = 0
    while at < frames:
        first, speed = place(points, start + at)
        length = 1
        while at + length < frames:
            there, _ = place(points, start + at + length)
            if _seen(first + length * speed, last) != _seen(there, last):
                break
            length += 1
        found.append(OneSpeed(length, first, speed))
        at += length
    return found


def _seen(frame: Fraction, last: int | None) -> int:
    return whole(frame if last is None else min(frame, Fraction(last)))


def place(points: Points, at: int) -> tuple[Fraction, Fraction]:
    """The file's frame on a local frame, and the speed from there on."""
    for (begin, value), (end, following) in pairwise(points):
        if begin < end and (at < end or (end, following) == points[-1]):
            slope = (following - value) / (end - begin)
            return value + (at - begin) * slope, slope
    return (points[0][1], Fraction(0)) if points else (Fraction(at), Fraction(1))
