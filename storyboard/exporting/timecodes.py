"""Timecode: which label a frame carries, from which hour, with or without drop-frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.units.timing import timecode, whole

if TYPE_CHECKING:
    from storyboard.units.timing import Rate

COUNTED = frozenset(
    (
        *map(Fraction, (24, 25, 30, 48, 50, 60)),
        *(Fraction(nominal * 1000, 1001) for nominal in (24, 30, 60)),
    )
)
"""The rates at which editing programs count timecode."""

DROPPABLE = {Fraction(30000, 1001): 2, Fraction(60000, 1001): 4}
"""Labels left out each minute but every tenth, where drop-frame exists."""


@dataclass(frozen=True, slots=True)
class Timecodes:
    """Labels for a film's frames: `start` is the frame number that film frame 0 carries."""

    rate: Rate
    start: int = 0
    drop: bool = False

    @classmethod
    def at(cls, text: str, rate: Rate, *, drop: bool = False) -> Timecodes:
        """A clock whose film frame 0 is labelled `text`; MediaError says what is wrong with it."""
        if drop and rate not in DROPPABLE:
            raise MediaError(
                f"there is no drop-frame timecode at {rate} frames per second; leave it out"
            )
        return cls(rate, _number(text, rate, drop=drop), drop)

    @property
    def nominal(self) -> int:
        """Labels in a second: 24 at 24000/1001 frames per second."""
        return whole(self.rate)

    @property
    def ntsc(self) -> bool:
        """Whether the rate is 1000/1001 of its nominal one."""
        return self.rate == Fraction(self.nominal * 1000, 1001)

    def film(self, frame: int) -> str:
        """The label of a film frame."""
        return self.label(self.start + frame)

    def label(self, number: int) -> str:
        """The label of a frame number, `HH:MM:SS:FF`; drop-frame has `;` before the frames."""
        if not self.drop:
            return timecode(number, self.rate)
        shown = timecode(number + _skipped(number, self.rate), self.rate)
        return shown[:-3] + ";" + shown[-2:]


def number_at(second: int, rate: Rate, *, drop: bool = False) -> int:
    """The frame number of a second of the day by its label, or of the next label that there is."""
    minutes, rest = divmod(second, 60)
    number = second * whole(rate)
    if not drop or rate not in DROPPABLE:
        return number
    left_out = 0 if rest or not minutes % 10 else DROPPABLE[rate]
    return number + left_out - DROPPABLE[rate] * (minutes - minutes // 10)


def _skipped(number: int, rate: Rate) -> int:
    """How many labels drop-frame has left out before this frame number."""
    nominal, dropped = whole(rate), DROPPABLE[rate]
    minute = nominal * 60 - dropped
    tens, rest = divmod(number, minute * 10 + dropped)
    minutes = 0 if rest < nominal * 60 else 1 + (rest - nominal * 60) // minute
    return dropped * (9 * tens + minutes)


def _number(text: str, rate: Rate, *, drop: bool) -> int:
    """The frame number that carries this label."""
    found = re.fullmatch(r"(\d\d):([0-5]\d):([0-5]\d)[:;](\d\d)", text)
    if found is None or int(found[1]) > 23 or int(found[4]) >= whole(rate):
        raise MediaError(f"{text!r} is no timecode at {rate} frames per second; try 01:00:00:00")
    hours, minutes, seconds, frames = map(int, found.groups())
    number = ((hours * 60 + minutes) * 60 + seconds) * whole(rate) + frames
    if not drop:
        return number
    if minutes % 10 and not seconds and frames < DROPPABLE[rate]:
        raise MediaError(f"drop-frame timecode leaves out {text}; take the next frame")
    all_minutes = hours * 60 + minutes
    return number - DROPPABLE[rate] * (all_minutes - all_minutes // 10)
