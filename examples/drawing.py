"""The paint box the examples share: colours, noise, lines, masks and the canvas.

Pictures are built back to front on a float canvas twice the size of the frame and halved
at the end, so that every edge is smooth. Everything is seeded, so a picture is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.floating[Any]]
Point = tuple[float, float]
WIDTH, HEIGHT = 1280, 720
DETAIL = 2
COLUMNS, ROWS = WIDTH * DETAIL, HEIGHT * DETAIL


def rgb(code: str) -> Array:
    """Return "#rrggbb" as three numbers from 0 to 1."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def mix(first: Array, second: Array, amount: float | Array) -> Array:
    """Return the colour `amount` (0 to 1) of the way from first to second."""
    return np.asarray(first + (second - first) * np.asarray(amount, np.float32), np.float32)


def ramp(codes: Sequence[str], at: Array) -> Array:
    """Return the colours at places 0 to 1 along evenly spaced colour codes; adds an axis of 3."""
    stops = np.linspace(0, 1, len(codes))
    table = np.stack([rgb(code) for code in codes])
    return np.stack([np.interp(at, stops, table[:, i]) for i in range(3)], -1).astype(np.float32)


def levels(values: Array, low: float, high: float) -> Array:
    """Return a smooth step: 0 below low, 1 above high (low may be the larger one)."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _hash(column: NDArray[np.int64], row: NDArray[np.int64], seed: int) -> Array:
    """Return a random number from 0 to 1 for each lattice place, the same on every machine."""
    mixed = column * 374761393 + row * 668265263 + seed * 974634777
    mixed = ((mixed ^ (mixed >> 13)) * 1274126177) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 739982445) & 0xFFFFFFFF
    return ((mixed ^ (mixed >> 12)) & 0xFFFFFF).astype(np.float32) / np.float32(0xFFFFFF)


def wander(at: Array, cell: float, seed: int, octaves: int = 4) -> Array:
    """Return a smooth random line from about -1 to 1 at the given places: a ridge, a shore."""
    total = np.zeros_like(at, np.float32)
    for octave in range(octaves):
        place = at / cell * 2**octave
        left = np.floor(place).astype(np.int64)
        t = place - left
        ease = t * t * (3 - 2 * t)
        ends = [_hash(left + i, np.full_like(left, octave), seed) for i in (0, 1)]
        total += (ends[0] + (ends[1] - ends[0]) * ease - 0.5) * 2 * 0.5**octave
    return total


@dataclass(frozen=True, slots=True)
class Mask:
    """Where paint goes: coverage from 0 to 1, its corner at (left, top) in canvas pixels."""

    coverage: Array
    left: int
    top: int

    def times(self, pattern: Array) -> Mask:
        """Return this mask thinned by a pattern the size of the canvas."""
        return Mask(self.coverage * _cut(pattern, self), self.left, self.top)

    def full(self) -> Array:
        """Return the coverage on a whole canvas."""
        whole = np.zeros((ROWS, COLUMNS), np.float32)
        height, width = self.coverage.shape
        whole[self.top : self.top + height, self.left : self.left + width] = self.coverage
        return whole


def overlap(part: Mask, limit: Mask) -> Mask:
    """Return the part of a mask that lies inside another."""
    return part.times(limit.full())


def whole(coverage: Array) -> Mask:
    """Return a mask over the whole canvas from numbers that broadcast to its size."""
    return Mask(np.broadcast_to(coverage, (ROWS, COLUMNS)), 0, 0)


def soften(coverage: Array, radius: float) -> Array:
    """Return numbers blurred by about `radius` canvas pixels (three box blurs)."""
    reach = max(1, round(radius * 0.7))
    for _ in range(3):
        for axis in (0, 1):
            coverage = _box_blur(coverage, reach, axis)
    return coverage


def _box_blur(values: Array, reach: int, axis: int) -> Array:
    pads = [(0, 0)] * values.ndim
    pads[axis] = (reach + 1, reach)
    sums = np.cumsum(np.pad(values, pads, mode="edge"), axis=axis, dtype=np.float64)
    length = values.shape[axis]
    span = 2 * reach + 1
    later = np.take(sums, range(span, span + length), axis)
    earlier = np.take(sums, range(length), axis)
    return ((later - earlier) / span).astype(np.float32)


def _cut(pattern: Array, mask: Mask) -> Array:
    """Return the part of a canvas-sized pattern that lies under a mask."""
    height, width = mask.coverage.shape
    rows = slice(mask.top, mask.top + height) if pattern.shape[0] > 1 else slice(None)
    columns = slice(mask.left, mask.left + width) if pattern.shape[1] > 1 else slice(None)
    return pattern[rows, columns]


def blank(colour: Array) -> Array:
    """Return a canvas filled with a colour, or with colours that broadcast to its size."""
    return np.array(np.broadcast_to(colour, (ROWS, COLUMNS, 3)), np.float32)


def paint(canvas: Array, mask: Mask, colour: Array, opacity: float = 1.0) -> None:
    """Lay a colour (or a canvas-sized field of colours) on the canvas where the mask says."""
    height, width = mask.coverage.shape
    area = canvas[mask.top : mask.top + height, mask.left : mask.left + width]
    area += (_tone(colour, mask) - area) * (mask.coverage * opacity)[..., None]


def shine(canvas: Array, mask: Mask, colour: Array, strength: float = 1.0) -> None:
    """Add light of a colour to the canvas (a screen blend, so it never burns out)."""
    height, width = mask.coverage.shape
    area = canvas[mask.top : mask.top + height, mask.left : mask.left + width]
    area += (1 - area) * _tone(colour, mask) * (mask.coverage * strength)[..., None]


def dim(canvas: Array, mask: Mask, colour: Array, opacity: float = 1.0) -> None:
    """Multiply the canvas by a colour where the mask says: a shadow that keeps the texture."""
    height, width = mask.coverage.shape
    area = canvas[mask.top : mask.top + height, mask.left : mask.left + width]
    area *= 1 + (_tone(colour, mask) - 1) * (mask.coverage * opacity)[..., None]


def _tone(colour: Array, mask: Mask) -> Array:
    return colour if colour.ndim == 1 else _cut(colour, mask)


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 12) -> list[Point]:
    """Return a smooth line through the points (Catmull-Rom), in `steps` pieces a point."""
    knots = np.array(points, np.float64)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    line: list[Point] = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        line += [(float(x), float(y)) for x, y in b + 0.5 * ((c - a) * t + bend)]
    return line if closed else [*line, (float(knots[-2][0]), float(knots[-2][1]))]


def oval(centre: Point, across: float, down: float, turn: float = 0.0) -> list[Point]:
    """Return the outline of an ellipse with two radii, turned by `turn` radians."""
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = across * np.cos(angles), down * np.sin(angles)
    turned = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    return [(centre[0] + float(a), centre[1] + float(b)) for a, b in zip(*turned, strict=True)]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return the four corners of an upright rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def ground(line: Iterable[Point], bottom: float) -> list[Point]:
    """Return the shape below a line that runs from left to right."""
    edge = list(line)
    return [*edge, (edge[-1][0], bottom), (edge[0][0], bottom)]


def finish(canvas: Array, *, vignette: float = 0.18) -> Image.Image:
    """Return the canvas as a picture of the frame's size, its corners a little darker."""
    across = np.linspace(-1, 1, COLUMNS, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, ROWS, dtype=np.float32)[:, None]
    corners = 1 - vignette * levels(np.hypot(across, down * 0.9), 0.55, 1.5)
    shaded = np.clip(canvas, 0, 1) * corners[..., None]
    small = shaded.reshape(HEIGHT, DETAIL, WIDTH, DETAIL, 3).mean((1, 3))
    return Image.fromarray(np.round(small * 255).astype(np.uint8))


def save(pictures: Iterable[tuple[str, Image.Image]], folder: Path) -> None:
    """Write the pictures as PNG files without metadata, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures:
        part = folder / f".{name}.part"
        picture.save(part, format="PNG", optimize=True)
        part.replace(folder / name)
