"""Exact time: frame rates as fractions, durations as their author wrote them, timecode.

Everything inside counts whole frames at an exact rate. Seconds exist in the YAML and at
moviepy's door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rate = Fraction
"""Frames per second, exact: `Fraction(24)`, `Fraction(24000, 1001)`."""

SLOWEST, FASTEST = Fraction(1), Fraction(240)
LONGEST = Fraction(24 * 3600)
"""A film longer than a day is a typing mistake."""

_NTSC = {
    "23.976": "24000/1001",
    "23.98": "24000/1001",
    "29.97": "30000/1001",
    "47.952": "48000/1001",
    "59.94": "60000/1001",
    "119.88": "120000/1001",
}


def parse_rate(written: object) -> Rate:
    """The rate written as `24`, `"25"`, `12.5` or `"24000/1001"`; ValueError says what to write.

    In code a Fraction as well.
    """
    if isinstance(written, bool) or not isinstance(written, (int, float, str, Fraction)):
        raise ValueError('must be frames per second, such as 24 or "24000/1001"')
    text = str(written)
    if text in _NTSC:
        raise ValueError(f"is not an exact rate; write {_NTSC[text]}")
    if re.fullmatch("[0-9]{1,6},[0-9]{1,6}", text):
        pointed = text.replace(",", ".")
        raise ValueError(f"has a comma; write {_NTSC.get(pointed, pointed)}")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}|/[1-9][0-9]{0,5})?", text):
        number = re.fullmatch(r"([0-9]{1,3}) ?(fps|p|hz|frames)", text, re.IGNORECASE)
        hint = f"; write {number[1]}" if number else ""
        raise ValueError(f'must be frames per second, such as 24 or "24000/1001"{hint}')
    rate = Fraction(text)
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError(f"must be between {SLOWEST} and {FASTEST} frames per second")
    return rate


TIME_TEXT = (
    r"[0-9]{1,9} ?f(rames?)?"
    r"|(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})? ?(s|secs?|seconds?|ms|min|minutes?)?"
    r"|([0-9]{1,2}:[0-5])?[0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"|[1-9][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
)
"""The texts that are times, as a regular expression of JSON Schema, too."""

_MEASURED = re.compile(r"([0-9.]+) ?([a-z]*)")
_UNITS = {"ms": Fraction(1, 1000), "m": Fraction(60), "s": Fraction(1), "": Fraction(1)}
_TIMES = 'must be seconds, such as 2.5, or frames, such as "12f"'


def whole(exact: Fraction) -> int:
    """The nearest whole number, halves upwards (Python's round() takes them to even)."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as its author wrote it: seconds, or whole frames."""

    amount: Fraction
    unit: Literal["seconds", "frames"] = "seconds"

    @classmethod
    def parse(cls, written: object) -> Duration:
        """From `2.5` (seconds), `"12f"` (frames), `"5s"`, `"1:05"`, `"00:00:05.5"` and the like.

        In code a Duration, Fraction or Decimal as well. ValueError says what to write.
        """
        if isinstance(written, Duration):
            return written
        if isinstance(written, bool) or not isinstance(
            written, (int, float, str, Fraction, Decimal)
        ):
            raise ValueError(_TIMES)
        duration = _from_text(written) if isinstance(written, str) else _from_number(written)
        if duration.amount < 0:
            raise ValueError("must not be negative")
        if duration.amount > LONGEST * (FASTEST if duration.unit == "frames" else 1):
            raise ValueError("is longer than a day")
        return duration

    def seconds(self, rate: Rate) -> Fraction:
        """In seconds, exact, at `rate` frames per second."""
        return self.amount if self.unit == "seconds" else self.amount / rate

    def frames(self, rate: Rate) -> int:
        """In whole frames at `rate`: the nearest, halves upwards."""
        return int(self.amount) if self.unit == "frames" else whole(self.amount * rate)

    def __str__(self) -> str:
        return f"{self.amount}f" if self.unit == "frames" else f"{decimal(self.amount)} s"


def _from_number(written: float | Fraction | Decimal) -> Duration:
    if written != written or abs(written) == float("inf"):
        raise ValueError("must be a finite number of seconds")
    exact = Fraction(str(written))
    if isinstance(written, (Fraction, Decimal)) and (exact * 10**9).denominator != 1:
        raise ValueError("has more than nine decimals; write frames")
    return Duration(exact)


def _from_text(written: str) -> Duration:
    if not re.fullmatch(TIME_TEXT, written):
        raise ValueError(_no_time(written))
    if ":" in written:
        parts = [Fraction(part) for part in written.split(":")]
        return Duration(sum((part * 60**i for i, part in enumerate(reversed(parts))), Fraction(0)))
    measured = _MEASURED.fullmatch(written)
    assert measured is not None
    number, unit = Fraction(measured[1]), measured[2]
    if unit.startswith("f"):
        return Duration(number, "frames")
    return Duration(number * _UNITS["ms" if unit == "ms" else unit[:1]])


def _no_time(written: str) -> str:
    """Why a text that may be meant as a time is none, and what to write."""
    pointed = written.replace(",", ".")
    if pointed != written and re.fullmatch(TIME_TEXT, pointed):
        return f"has a comma; write {pointed}, with a point"
    if written.startswith("-") and re.fullmatch(TIME_TEXT, pointed[1:]):
        return "must not be negative"
    if re.fullmatch(r"([0-9]{1,2}[:;.]){3}[0-9]{1,2}", written):
        return 'is a timecode that counts frames; write seconds, such as 5.5, or frames: "132f"'
    if re.fullmatch(r"[0-9]+(:[0-9]+){1,2}(\.[0-9]+)?", written):
        return (
            "is no time of a clock; write minutes:seconds, such as 1:05, or hours:minutes:seconds"
        )
    return _TIMES


def decimal(exact: Fraction, places: int = 3) -> str:
    """A short decimal text for people: `5`, `2.5`, `5.042`."""
    return f"{float(exact):.{places}f}".rstrip("0").rstrip(".")


def counted(number: int, noun: str) -> str:
    """A number of things: `1 shot`, `2 shots`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def spoken(seconds: float) -> str:
    """A length of time for people, as exactly as it is ever known: `40 s`, `3 min`, `2.5 h`."""
    if seconds < 95:
        return f"{max(10, round(seconds / 10) * 10)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 1800) / 2:g} h"


def timecode(frame: int, rate: Rate) -> str:
    """Non-drop SMPTE timecode `HH:MM:SS:FF` of a frame number, counted at the nominal rate."""
    nominal = whole(rate)
    seconds, frames = divmod(frame, nominal)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frames:02d}"
