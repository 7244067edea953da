"""The camera the examples share, and the brushes that paint what it sees of each flat layer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from drawing import (
    COLUMNS,
    HEIGHT,
    ROWS,
    WIDTH,
    Array,
    Mask,
    Point,
    _hash,
    oval,
    paint,
    soften,
    whole,
)
from numpy.typing import NDArray
from PIL import Image, ImageDraw

LEAF: tuple[Point, ...] = tuple(oval((0, 0), 1, 1)[::3])
FIR: tuple[Point, ...] = (
    (0, -1.2), (0.35, -0.45), (0.2, -0.45), (0.65, 0.2), (0.4, 0.2), (0.9, 0.9),
    (-0.9, 0.9), (-0.4, 0.2), (-0.65, 0.2), (-0.2, -0.45), (-0.35, -0.45),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dab:
    """One touch of the brush at a place, in layer units; `shape` is its outline at size 1."""

    x: float
    y: float
    across: float
    down: float
    turn: float
    colour: Array
    shape: tuple[Point, ...] = LEAF

    def outline(self) -> list[Point]:
        """Return the points around the dab."""
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        sized = [(x * self.across, y * self.down) for x, y in self.shape]
        return [(self.x + x * cosine - y * sine, self.y + x * sine + y * cosine) for x, y in sized]


@dataclass(frozen=True, slots=True)
class View:
    """The rectangle of one flat layer that the camera sees, in layer units.

    Layer units are frame pixels as seen from the camera's first position.
    """

    left: float
    top: float
    width: float

    @property
    def scale(self) -> float:
        """Canvas pixels for one layer unit."""
        return COLUMNS / self.width

    def inside(self, origin: Point, size: float) -> View:
        """Return the same view in the units of a thing `size` times as large, put at origin."""
        left, top = self.left - origin[0], self.top - origin[1]
        return View(left / size, top / size, self.width / size)

    @property
    def across(self) -> Array:
        """The layer's x of each canvas column, shape (1, columns)."""
        return (self.left + (np.arange(COLUMNS, dtype=np.float32) + 0.5) / self.scale)[None, :]

    @property
    def down(self) -> Array:
        """The layer's y of each canvas row, shape (rows, 1)."""
        return (self.top + (np.arange(ROWS, dtype=np.float32) + 0.5) / self.scale)[:, None]

    def place(self, points: Sequence[Point]) -> NDArray[np.float64]:
        """Return points of the layer in canvas pixels."""
        corner = np.array([self.left, self.top])
        return np.asarray((np.array(points, np.float64) - corner) * self.scale)

    def fill(self, points: Sequence[Point], blur: float = 0.0) -> Mask:
        """Return the mask of a polygon, its edge blurred by `blur` layer units."""
        return _cover([self.place(points)], blur * self.scale)

    def stroke(
        self, points: Sequence[Point], width: float | Sequence[float], blur: float = 0.0
    ) -> Mask:
        """Return the mask of a round-ended line, one width or widths from its start to its end."""
        spots = self.place(points)
        marks = [width] if isinstance(width, (int, float)) else list(width)
        places = np.linspace(0, 1, len(spots))
        radii = np.interp(places, np.linspace(0, 1, len(marks)), marks) * self.scale / 2
        return _cover(_sausages(spots, radii), blur * self.scale)

    def round(self, centre: Point, radius: float, blur: float = 0.0) -> Mask:
        """Return the mask of a disc."""
        return self.fill(oval(centre, radius, radius), blur)

    def glow(self, centre: Point, radius: float, squash: float = 1.0) -> Mask:
        """Return light that falls off smoothly from 1 at the centre to 0 at the radius."""
        distance = np.hypot(self.across - centre[0], (self.down - centre[1]) / squash) / radius
        return whole(np.clip(1 - distance, 0, 1) ** 2)

    def noise(
        self,
        cell: float,
        seed: int,
        *,
        octaves: int = 4,
        stretch: float = 1.0,
        shift: Point = (0, 0),
    ) -> Array:
        """Return smooth noise around 0.5 that sticks to the layer.

        `cell` is the size of the largest blots in layer units, `stretch` makes them wider.
        """
        total = np.zeros((ROWS, COLUMNS), np.float32)
        weight = 0.0
        for octave in range(octaves):
            size = cell / 2**octave
            total += self._lattice(size * stretch, size, seed * 31 + octave, shift) * 0.5**octave
            weight += 0.5**octave
        return total / weight

    def _lattice(self, across: float, down: float, seed: int, shift: Point) -> Array:
        """Return one octave: random numbers on a grid of the layer, drawn out to the canvas."""
        left, right = (np.array([0, self.width]) + self.left + shift[0]) / across
        top, bottom = (np.array([0, ROWS / self.scale]) + self.top + shift[1]) / down
        columns = np.arange(int(left // 1) - 2, int(right // 1) + 4)
        rows = np.arange(int(top // 1) - 2, int(bottom // 1) + 4)
        grid = Image.fromarray(_hash(columns[None, :], rows[:, None], seed))
        seen = (left - columns[0], top - rows[0], right - columns[0], bottom - rows[0])
        return np.asarray(grid.resize((COLUMNS, ROWS), Image.Resampling.BICUBIC, box=seen))

    def dabs(self, canvas: Array, dabs: Iterable[Dab], opacity: float = 1.0) -> None:
        """Paint touches of the brush on the canvas, the later ones over the earlier ones."""
        colour = Image.fromarray((np.clip(canvas, 0, 1) * 255).astype(np.uint8))
        cover = Image.new("L", (COLUMNS, ROWS), 0)
        pen, cover_pen = ImageDraw.Draw(colour), ImageDraw.Draw(cover)
        for dab in dabs:
            spots = [(float(x), float(y)) for x, y in self.place(dab.outline())]
            pen.polygon(spots, fill=_bytes(dab.colour))
            cover_pen.polygon(spots, fill=255)
        mask = whole(np.asarray(cover, np.float32) / np.float32(255))
        paint(canvas, mask, np.asarray(colour, np.float32) / np.float32(255), opacity)


def _sausages(spots: NDArray[np.float64], radii: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the discs and the quads between them that make a line of changing width."""
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], -1)
    pieces = [spot + circle * radius for spot, radius in zip(spots, radii, strict=True)]
    for start, end, thick, thin in zip(spots, spots[1:], radii, radii[1:], strict=False):
        along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
        side = np.array([-along[1], along[0]])
        quad = [start + side * thick, end + side * thin, end - side * thin, start - side * thick]
        pieces.append(np.array(quad))
    return pieces


def _cover(pieces: Sequence[NDArray[np.float64]], blur: float) -> Mask:
    """Return the mask of polygons in canvas pixels, drawn twice as fine, on their own part only."""
    every = np.concatenate(list(pieces))
    margin = blur * 3 + 2
    low = np.clip(np.floor(every.min(0) - margin), 0, (COLUMNS - 1, ROWS - 1)).astype(int)
    high = np.clip(np.ceil(every.max(0) + margin), low + 1, (COLUMNS, ROWS)).astype(int)
    sheet = Image.new("L", (int(high[0] - low[0]) * 2, int(high[1] - low[1]) * 2), 0)
    pen = ImageDraw.Draw(sheet)
    for piece in pieces:
        pen.polygon([(float(x), float(y)) for x, y in (piece - low) * 2], fill=255)
    coverage = np.asarray(sheet.reduce(2), np.float32) / np.float32(255)
    if blur:
        coverage = soften(coverage, blur)
    return Mask(coverage, int(low[0]), int(low[1]))


def _bytes(colour: Array) -> tuple[int, int, int]:
    red, green, blue = (round(float(part) * 255) for part in np.clip(colour, 0, 1))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that looks straight ahead, moved from where the layers were laid out.

    `x` and `y` are moves to the right and down, `forward` is a move into the scene. A layer at
    distance 1 shifts by one frame pixel per unit; farther layers shift less: that is parallax.
    `pan` and `tilt` turn the camera: they shift every layer alike, in frame pixels.
    """

    x: float = 0.0
    y: float = 0.0
    forward: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0

    def view(self, distance: float) -> View:
        """Return what the camera sees of the layer at this distance (above `forward`)."""
        shrink = (distance - self.forward) / distance
        width, height = WIDTH * shrink, HEIGHT * shrink
        across = WIDTH / 2 + self.x / distance + self.pan * shrink
        down = HEIGHT / 2 + self.y / distance + self.tilt * shrink
        return View(across - width / 2, down - height / 2, width)
