"""All takes of a shot in one file, side by side: whoever compares them sees one moment of each.

Frame `n` of the file shows each take's frame at the same time, `n` frames into the shot at the
file's rate; a take that has ended stays on its last frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import ceil, isqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from storyboard.images.fitting import fit_frame
from storyboard.units.sizes import Size
from storyboard.units.timing import whole
from storyboard.video.reader import Reader
from storyboard.video.recipes import H264
from storyboard.video.writer import encode

if TYPE_CHECKING:
    from storyboard.units.timing import Rate
    from storyboard.video.colour import Picture

RECIPE = replace(
    H264.having(preset="veryfast", crf="20", bf="0", g="12", keyint_min="1"), reorder=0
)
"""A keyframe twice a second and no reordered frames: every frame is near when it is asked for."""

WIDEST = 960
"""Pixels of a tile's longer side, where there are few."""
_MANY, _NARROWER = 4, 640
MOST = 12
"""How many takes are put into one file."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A take's part of a shot, as it lies in the file."""

    number: int
    """Of the take; 0 is a draft."""
    path: Path
    key: str
    rate: Rate
    first: int
    """The take's frame that the shot begins on."""
    last: int
    """The one that it ends on."""

    @property
    def frames(self) -> int:
        """How many of the take's frames belong to the shot."""
        return self.last - self.first + 1

    def frame(self, number: int, rate: Rate) -> int:
        """The take's frame on frame `number` of a file that runs at `rate`."""
        return self.first + min(whole(number * self.rate / rate), self.frames - 1)


@dataclass(frozen=True, slots=True)
class Stack:
    """How the takes of a shot lie in one file."""

    tiles: tuple[Tile, ...]
    rate: Rate
    size: Size
    """Of one tile, in pixels."""

    @property
    def columns(self) -> int:
        """How many tiles lie beside each other."""
        return isqrt(len(self.tiles) - 1) + 1 if self.tiles else 0

    @property
    def rows(self) -> int:
        """How many lie below each other."""
        return ceil(len(self.tiles) / self.columns) if self.tiles else 0

    @property
    def frames(self) -> int:
        """How long the file is: as its longest take."""
        return max(ceil(tile.frames * self.rate / tile.rate) for tile in self.tiles)

    def as_data(self) -> dict[str, Any]:
        """Where each take lies, for the page."""
        return {
            "rate": str(self.rate),
            "frames": self.frames,
            "width": self.size.width,
            "height": self.size.height,
            "columns": self.columns,
            "tiles": [
                {
                    "take": tile.number,
                    "key": tile.key,
                    "rate": str(tile.rate),
                    "first": tile.first,
                    "last": tile.last,
                }
                for tile in self.tiles
            ],
        }


def stack(tiles: Sequence[Tile], size: Size) -> Stack:
    """Lay takes of this size beside each other, at the highest of their rates."""
    shown = tuple(tiles[:MOST])
    longest = WIDEST if len(shown) <= _MANY else _NARROWER
    return Stack(shown, max(tile.rate for tile in shown), within(size, longest))


def within(size: Size, longest: int) -> Size:
    """The size, with sides of at most so many pixels, even as video needs."""
    scale = min(1.0, longest / max(size.width, size.height))
    width, height = (max(16, round(side * scale / 2) * 2) for side in (size.width, size.height))
    return Size(width, height)


def write_tiles(path: Path, laid: Stack) -> None:
    """Write the file. MediaError where a take can't be read."""
    size = Size(laid.size.width * laid.columns, laid.size.height * laid.rows)
    encode(path, _pictures(laid, size), rate=laid.rate, size=size, recipe=RECIPE, threads=1)


def _pictures(laid: Stack, size: Size) -> Iterator[Picture]:
    width, height = laid.size.width, laid.size.height
    with ExitStack() as opened:
        readers = [opened.enter_context(Reader(tile.path)) for tile in laid.tiles]
        for number in range(laid.frames):
            sheet = np.zeros((size.height, size.width, 3), np.uint8)
            for place, (tile, reader) in enumerate(zip(laid.tiles, readers, strict=True)):
                row, column = divmod(place, laid.columns)
                picture = _seen(reader, tile.frame(number, laid.rate), laid.size)
                top, left = row * height, column * width
                sheet[top : top + height, left : left + width] = picture
            yield sheet


def _seen(reader: Reader, number: int, size: Size) -> Picture:
    if reader.facts.size.same_shape(size):
        return reader.picture(number, size=size)
    return fit_frame(reader.picture(number), (size.width, size.height), "contain")
