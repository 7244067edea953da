"""Words that would be drawn over each other: those that come later make room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.01
"""Between stacked words, in parts of the picture's height."""


@dataclass(frozen=True, slots=True)
class Slab:
    """The room that words take: a rectangle in pixels, for some film frames."""

    start: int
    end: int
    left: int
    top: int
    wide: int
    high: int
    upwards: bool
    """Whether room is made above it: at the bottom of the picture."""

    def hits(self, other: Slab, own: int, others: int) -> bool:
        """Whether the two share a pixel on some frame, moved down by so much."""
        top, theirs = self.top + own, other.top + others
        return (
            (self.start < other.end and other.start < self.end)
            and (self.left < other.left + other.wide and other.left < self.left + self.wide)
            and (top < theirs + other.high and theirs < top + self.high)
        )


def stacked(slabs: Sequence[Slab], height: int) -> tuple[int, ...]:
    """Pixels by which each is moved down (or, if negative, up), for as long as it stands.

    What comes first keeps its place; of what comes at once, the first in the list does. Words
    that find no room in the picture stay where they are.
    """
    moved: dict[int, int] = {}
    for place in sorted(range(len(slabs)), key=lambda place: slabs[place].start):
        moved[place] = _room(
            slabs[place], [(slabs[other], by) for other, by in moved.items()], height
        )
    return tuple(moved[place] for place in range(len(slabs)))


def _room(slab: Slab, there: Sequence[tuple[Slab, int]], height: int) -> int:
    """The least way to where nothing is."""
    gap, by = round(GAP * height), 0
    while hit := next((one for one in there if slab.hits(one[0], by, one[1])), None):
        other, its = hit
        by = (
            other.top + its - gap - slab.high - slab.top
            if slab.upwards
            else other.top + its + other.high + gap - slab.top
        )
        if not 0 <= slab.top + by <= height - slab.high:
            return 0
    return by
