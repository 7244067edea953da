"""What is measured of a take, from where on it counts as wrong, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from storyboard.reviewing.judging import TakeNumbers
    from storyboard.units.take_kinds import TakeKind

FaultKind: TypeAlias = "TakeKind | Literal['seam']"
"""What can be wrong with a take by itself, or with its seam to the take before or after it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One measure: its number, from where on it is odd, what one sees then, and what to do."""

    kind: FaultKind
    number: str
    """The field of `TakeNumbers`; empty where it is none."""
    unit: str
    words: str
    """What one sees."""
    todo: str
    """What to do; `shot` is the shot's name, `neighbour` that of the other side of a seam."""
    at: str = ""
    """The field that says at which frame; empty where it has none."""
    above: float | None = None
    """What is above this is odd; None where it may be as high as it likes."""
    below: float | None = None
    """What is below this is odd."""

    @property
    def limit(self) -> float:
        """From where on it is odd."""
        return (self.below or 0.0) if self.above is None else self.above

    @property
    def odd_when(self) -> str:
        """On which side of the limit it is odd."""
        return "below" if self.above is None else "above"

    def said(self, value: float) -> str:
        """A number with its unit."""
        return f"{value:.3g} {self.unit}"

    def value(self, numbers: TakeNumbers) -> float | None:
        """What was measured; None where there was nothing to compare with."""
        found = getattr(numbers, self.number)
        return None if found is None else float(found)

    def is_odd(self, value: float) -> bool:
        """Whether a number is beyond the limit."""
        over = self.above is not None and value > self.above
        return over or (self.below is not None and value < self.below)


LEAST_ALIKE = 0.6
"""SSIM of shapes below which two pictures show something else."""

_ANOTHER = "another take: `storyboard take {shot}`"
_SSIM = "SSIM"
_SHAPES = "SSIM of shapes"

LIMITS: tuple[Limit, ...] = (
    Limit(
        "start", "start", _SHAPES, "does not begin on its keyframe", _ANOTHER, below=LEAST_ALIKE
    ),
    Limit(
        "end", "end", _SHAPES, "does not end on its keyframe",
        "another take, or end it earlier: `trim: {{end: 12f}}` at {shot}", below=LEAST_ALIKE
    ),
    Limit("cut", "cut", _SSIM, "has a cut in it", _ANOTHER, at="cut_at", above=0.25),
    Limit(
        "flash", "flash", "levels of 255", "has a flash, or a frame of something else, in it",
        _ANOTHER, at="flash_at", above=10
    ),
    Limit(
        "still", "still", "seconds", "stands still",
        "another take, or `trim` or `speed` at {shot}", at="still_at", above=1
    ),
    Limit("flicker", "flicker", "levels of 255", "flickers", _ANOTHER, above=0.7),
    Limit(
        "soft", "sharp", "parts of its keyframes' detail", "is out of focus between its keyframes",
        _ANOTHER, below=0.5
    ),
    Limit(
        "black", "black", "frames", "has black frames",
        "another take, or `trim` at {shot} where they are at an end", at="black_at", above=0
    ),
    Limit(
        "colour", "colour", "dE (CIE76)", "turns to other colours than its keyframes'", _ANOTHER,
        at="colour_at", above=12
    ),
)  # fmt: skip
"""In the order in which they are said."""

SEAM = Limit(
    "seam", "", _SHAPES, "does not join {neighbour}",
    "pick another take of {shot} or {neighbour}, or buy one: `storyboard take {shot}`",
    below=LEAST_ALIKE
)  # fmt: skip
"""How a take joins the one that the film shows of a neighbouring shot; below the limit, the two
sides show something else."""


@dataclass(frozen=True, slots=True)
class TakeFault:
    """One thing that is wrong with a take."""

    limit: Limit
    value: float
    at: int | None
    """The frame where it is, from the first one measured."""

    @property
    def kind(self) -> FaultKind:
        """What it is called."""
        return self.limit.kind


def wrong(numbers: TakeNumbers) -> tuple[TakeFault, ...]:
    """What is wrong with a take of these numbers, in the order of the table."""
    found = []
    for limit in LIMITS:
        value = limit.value(numbers)
        if value is not None and limit.is_odd(value):
            at = getattr(numbers, limit.at) if limit.at else None
            found.append(TakeFault(limit, value, at))
    return tuple(found)
