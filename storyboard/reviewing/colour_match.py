"""Matching colours at a seam: the earlier shot's end turns to what the later one starts with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.reviewing.measure import Picture

RAMP = 24
"""Film frames over which a shot turns to its neighbour's colours."""

_LEAST, _MOST = 0.8, 1.25
"""How far contrast may be changed: beyond, the two pictures don't show the same."""


@dataclass(frozen=True, slots=True)
class ColourMatch:
    """A look (see `storyboard.film.Look`): red, green and blue each scaled and shifted.

    On the last frame before `end` the match is full; it grows evenly from `start` on.
    """

    shot: str
    start: int
    end: int
    scale: tuple[float, float, float]
    shift: tuple[float, float, float]
    """In levels."""

    @property
    def key(self) -> str:
        """Names what is done to a picture at a distance from `start`."""
        said = repr(("colour match", self.end - self.start, self.scale, self.shift))
        return hashlib.sha256(said.encode()).hexdigest()

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The picture with this frame's part of the match."""
        part = (frame - self.start + 1) / (self.end - self.start)
        curves = _curves(self.scale, self.shift, part)
        grain = _grain(*picture.shape[:2])
        matched = np.empty_like(picture)
        for channel, curve in enumerate(curves):
            matched[..., channel] = (curve[picture[..., channel]] + grain) >> 8
        return matched


def colour_match(
    shot: str, *, last: Picture, first: Picture, start: int, end: int
) -> ColourMatch | None:
    """The match that takes `last`, the shot's own last picture, to the colours of `first`.

    It works on the film frames `start` up to `end`; None where there is none.
    """
    if end <= start:
        return None
    scale, shift = [], []
    for channel in range(3):
        own, wanted = (picture[..., channel].astype(np.float64) for picture in (last, first))
        factor = wanted.std() / own.std() if own.std() > 1 else 1.0
        factor = float(np.clip(factor, _LEAST, _MOST))
        scale.append(round(factor, 5))
        shift.append(round(float(wanted.mean() - own.mean() * factor), 4))
    return ColourMatch(shot, start, end, (*scale,), (*shift,))  # type: ignore[arg-type]


@lru_cache(maxsize=128)
def _curves(
    scale: tuple[float, ...], shift: tuple[float, ...], part: float
) -> tuple[NDArray[np.uint16], ...]:
    """For each channel, what becomes of every level, in 256ths of a level."""
    levels = np.arange(256)
    turned = (levels + part * (levels * (a - 1) + b) for a, b in zip(scale, shift, strict=True))
    return tuple(np.rint(np.clip(curve, 0, 255) * 256).astype(np.uint16) for curve in turned)


@lru_cache(maxsize=4)
def _grain(rows: int, columns: int) -> NDArray[np.uint16]:
    """What is added before levels are made whole: without it whole areas would step at once."""
    tile = np.zeros((1, 1), np.uint16)
    for _ in range(3):
        tile = np.block([[4 * tile, 4 * tile + 2], [4 * tile + 3, 4 * tile + 1]])
    tile = (tile * 4).astype(np.uint16)
    return np.tile(tile, (rows // 8 + 1, columns // 8 + 1))[:rows, :columns]
