"""Picture sizes as people write them: pixels, a number of lines, or a shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from storyboard.units.timing import whole

Fit = Literal["cover", "contain", "blur", "stretch"]
"""How a picture of another shape fills the frame: cropped, with bars, with bars made of its own
blurred picture, or pulled out of shape."""

Reframe = Literal["crop", "blur", "pad"]
"""How a film's pictures fill a frame of another shape: cut to it, or whole between bars that are
their own blurred picture or of one colour."""

REFRAMES: dict[Reframe, Fit] = {"crop": "cover", "blur": "blur", "pad": "contain"}
"""Each way to reframe is a fit."""

BACKGROUND = "#000000"
"""The colour of bars, and under transparency, where none is named: `#rrggbb`."""

SHORT_SIDE = 1080
"""Pixels of the shorter side where only a shape is written."""

_PIXELS = r"[0-9]{1,5} ?[xX\u00d7*] ?[0-9]{1,5}"
_LINES = r"(360|480|540|720|1080|1440|2160|4320)[pP]|[48][kK]"
_SHAPE = r"[1-9][0-9]{0,2}(\.[0-9]{1,3})?[:/][1-9][0-9]{0,2}"
SIZE_TEXT = f"{_PIXELS}|{_LINES}|{_SHAPE}"
"""The texts that are sizes, as a regular expression of JSON Schema, too."""

_NAMED = {"4k": 2160, "8k": 4320}
_WANTED = 'must be "WIDTHxHEIGHT" in pixels, such as 1920x1080'


@dataclass(frozen=True, slots=True)
class Size:
    """Picture size in pixels; both sides even, as yuv420p needs."""

    width: int
    height: int

    @classmethod
    def parse(cls, written: object) -> Size:
        """From `"1920x1080"`, `"1080p"` (16:9) or `"9:16"` (shorter side 1080 pixels).

        ValueError says what to write.
        """
        if isinstance(written, Size):
            return written
        if not isinstance(written, str) or not re.fullmatch(SIZE_TEXT, written):
            raise ValueError(_WANTED)
        size = cls(*_sides(written.lower()))
        if not (16 <= size.width <= 8192 and 16 <= size.height <= 8192):
            raise ValueError("must be between 16x16 and 8192x8192")
        if size.width % 2 or size.height % 2:
            raise ValueError("needs an even width and an even height")
        return size

    def same_shape(self, other: Size) -> bool:
        """Whether one picture only has to be scaled to be the other, to within a pixel."""
        across = self.width * other.height - self.height * other.width
        return abs(across) <= max(self.width, self.height)

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def is_phone(size: Size) -> bool:
    """Whether it is the shape of a phone held upright: 2:3 or narrower."""
    return 2 * size.height >= 3 * size.width


def _sides(text: str) -> tuple[int, int]:
    if re.fullmatch(_PIXELS, text):
        width, height = re.split(r"[^0-9]+", text)
        return int(width), int(height)
    if re.fullmatch(_LINES, text):
        lines = _NAMED.get(text) or int(text[:-1])
        return _even(Fraction(lines * 16, 9)), lines
    across, up = (Fraction(part) for part in re.split("[:/]", text))
    long = _even(SHORT_SIDE * max(across / up, up / across))
    return (long, SHORT_SIDE) if across >= up else (SHORT_SIDE, long)


def _even(exact: Fraction) -> int:
    return 2 * whole(exact / 2)
