"""Frame codes: a shot number and a frame number painted into the picture itself.

A code is a strip of black and white cells along the top edge, an eighth of the picture high.
It survives encoding, colour conversion and scaling, so a test can ask any decoded frame of a
film "which frame of which shot are you?" and compare whole numbers instead of pixels.

Two frames mixed in a dissolve leave grey cells, and grey is never guessed: `read` answers
None unless one of the two is all but alone. Sixteen check bits guard against pictures that
merely look like a code.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]

SHOTS = 1 << 10
"""How many shot numbers a code can tell apart: 0 to 1023."""

FRAMES = 1 << 14
"""How many frame numbers a code can tell apart: 0 to 16383."""

STRIP = 8
"""The strip takes one STRIP-th of the picture's height."""

_ROWS, _COLUMNS = 2, 20
_BLACK, _WHITE = 40, 215  # Between the two a cell may be a mix of frames.


@dataclass(frozen=True, slots=True)
class Code:
    """Which frame of which shot a picture is; both count from 0."""

    shot: int
    frame: int


def paint(picture: Picture, *, shot: int, frame: int) -> Picture:
    """Return a copy of the picture, (height, width) or (height, width, 3), with its code on top.

    Raises ValueError for a number that does not fit or a picture too small to hold a code.
    """
    if not (0 <= shot < SHOTS and 0 <= frame < FRAMES):
        raise ValueError(
            f"shot {shot}, frame {frame}: a code holds shots 0-{SHOTS - 1}, frames 0-{FRAMES - 1}"
        )
    height, width = picture.shape[:2]
    if width < _COLUMNS or height < STRIP * _ROWS:
        raise ValueError(f"a picture of {width}x{height} is too small for a frame code")
    strip = _cells(shot, frame)[_spread(height // STRIP, _ROWS)[:, None], _spread(width, _COLUMNS)]
    painted = picture.copy()
    painted[: height // STRIP] = strip if picture.ndim == 2 else strip[..., None]
    return painted


def read(picture: npt.NDArray[Any]) -> Code | None:
    """Return the code on a picture, (height, width) or (height, width, 3), of any scale.

    None means that there is no code, or that several frames are mixed in the picture.
    """
    if picture.shape[0] < STRIP * _ROWS or picture.shape[1] < _COLUMNS:
        return None
    levels = _levels(picture)
    if np.any((levels > _BLACK) & (levels < _WHITE)):
        return None
    word = int("".join("1" if level >= _WHITE else "0" for level in levels.flat), 2)
    numbers, check = word >> 16, word & 0xFFFF
    if check != _check(numbers):
        return None
    return Code(shot=numbers >> 14, frame=numbers % FRAMES)


def _cells(shot: int, frame: int) -> Picture:
    numbers = shot << 14 | frame
    word = numbers << 16 | _check(numbers)
    bits = [word >> place & 1 for place in reversed(range(_ROWS * _COLUMNS))]
    return np.array(bits, np.uint8).reshape(_ROWS, _COLUMNS) * np.uint8(255)


def _check(numbers: int) -> int:
    return binascii.crc_hqx(numbers.to_bytes(3, "big"), 0xFFFF)


def _spread(length: int, cells: int) -> npt.NDArray[np.intp]:
    """Return which cell each of `length` pixels belongs to."""
    return np.arange(length) * cells // length


def _levels(picture: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the brightness at the middle of every cell, away from the soft edges."""
    height, width = picture.shape[:2]
    strip = picture[: height // STRIP].reshape(height // STRIP, width, -1).mean(axis=2)
    across = _middles(strip, _COLUMNS, axis=1)
    return _middles(across, _ROWS, axis=0)


def _middles(strip: npt.NDArray[np.float64], cells: int, *, axis: int) -> npt.NDArray[np.float64]:
    size = strip.shape[axis] / cells
    spans = ((round(size * (cell + 0.3)), round(size * (cell + 0.7))) for cell in range(cells))
    means = [
        strip.take(range(first, max(last, first + 1)), axis=axis).mean(axis=axis)
        for first, last in spans
    ]
    return np.stack(means, axis=axis)
