"""How long the clips of a model can be, and how its API wants a length written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from storyboard.units.timing import whole

Number = int | float

Written = Callable[[Fraction], str | Number]
"""How a length in seconds is written as an argument."""


def number(length: Fraction) -> Number:
    """`5`, or `4.5`."""
    return int(length) if length.denominator == 1 else float(length)


def text(length: Fraction) -> str:
    """`"5"`."""
    return str(number(length))


def with_unit(unit: str) -> Written:
    """`"5s"`."""
    return partial(_with_unit, unit)


def _with_unit(unit: str, length: Fraction) -> str:
    return f"{number(length)}{unit}"


def in_frames(rate: int, *, extra: int = 1) -> Written:
    """`121`: frames at this rate, and the last keyframe's own."""
    return partial(_in_frames, rate, extra)


def _in_frames(rate: int, extra: int, length: Fraction) -> int:
    return whole(length * rate) + extra


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths a model sells."""

    offered: tuple[int, ...] = ()
    """Whole seconds, ascending. Empty: any length up to `longest`."""
    longest: int = 0
    written: Written = text
    others: tuple[str, ...] = ("auto",)
    """What the endpoint takes as well, as it writes it, and is not sold between two keyframes."""
    argument: str = "duration"
    """What the argument is called; empty where the model has one length, and no argument."""
    each: str = ""
    """Where the argument is a list of parts: what the length of each is called."""

    def nearest(self, wanted: Fraction) -> Fraction | None:
        """The shortest length that is not shorter than `wanted`; None where there is none."""
        if not self.offered:
            return wanted if wanted <= self.longest else None
        return next((Fraction(length) for length in self.offered if length >= wanted), None)

    def arguments(self, length: Fraction) -> dict[str, str | Number]:
        """The length as the API takes it."""
        return {self.argument: self.written(length)} if self.argument else {}

    def of(self, sent: object) -> Fraction:
        """The length in seconds that an argument asks for; 0 where it can't be told."""
        if not self.argument:
            return Fraction(self.offered[0])
        if isinstance(sent, list):
            parts = (part.get(self.each, 0) for part in sent if isinstance(part, dict))
            return sum(map(self.of, parts), Fraction(0))
        for length in map(Fraction, self.offered):
            if str(self.written(length)) == str(sent):
                return length
        try:
            return Fraction(str(sent).removesuffix("s"))
        except (ValueError, ZeroDivisionError):
            return Fraction(0)

    def __str__(self) -> str:
        if not self.offered:
            return f"up to {self.longest} s"
        if len(self.offered) > 1 and self.offered == tuple(
            range(self.offered[0], self.offered[-1] + 1)
        ):
            return f"{self.offered[0]} to {self.offered[-1]} s, whole seconds"
        return ", ".join(map(str, self.offered)) + " s"
