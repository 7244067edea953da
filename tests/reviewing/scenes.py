"""A painted scene that a camera moves over: the takes for tests of the review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.video.writer import write

Picture = NDArray[np.uint8]
Change = Callable[[Picture], Picture]

SIZE = Size(320, 180)
RATE = Fraction(24)


@lru_cache(maxsize=4)
def scenery(seed: int = 1) -> NDArray[np.float32]:
    """A wide painting with soft shapes and fine detail, (300, 900, 3)."""
    made = np.random.default_rng(seed)
    y, x = np.mgrid[0:300, 0:900].astype(np.float32)
    painting = np.full((300, 900, 3), 120, np.float32)
    for _ in range(150):
        left, top, wide, high = made.uniform((0, 0, 8, 8), (900, 300, 70, 50))
        inside = ((x - left) / wide) ** 2 + ((y - top) / high) ** 2 < 1
        painting[inside] = 0.4 * painting[inside] + 0.6 * made.uniform(10, 245, 3)
    return painting


def view(at: float, *, seed: int = 1, grain: int | None = None) -> Picture:
    """What the camera sees `at` pixels from the left, with a little grain."""
    left, part = int(at), at - int(at)
    wide = scenery(seed)[60 : 60 + SIZE.height, left : left + SIZE.width + 1]
    seen = wide[:, :-1] * (1 - part) + wide[:, 1:] * part
    noise = np.random.default_rng(int(at * 64) if grain is None else grain)
    return np.clip(seen + noise.normal(0, 1.2, seen.shape) + 0.5, 0, 255).astype(np.uint8)


def pan(start: float, step: float, frames: int, *, seed: int = 1) -> list[Picture]:
    """A steady pan: `step` pixels from frame to frame."""
    return [view(start + step * n, seed=seed, grain=n + int(start)) for n in range(frames)]


def take(path: Path, pictures: Sequence[Picture], *, change: Change | None = None) -> Media:
    """The pictures as a real take, each changed if asked."""
    shown = [change(picture) if change else picture for picture in pictures]
    write(path, shown, rate=RATE, size=SIZE)
    return Media(path, path.stem, len(shown), RATE, SIZE)


def brighter(levels: float) -> Change:
    """Add to every level."""
    return lambda picture: np.clip(picture.astype(np.float32) + levels, 0, 255).astype(np.uint8)


def tinted(red: float, blue: float) -> Change:
    """Multiply red and blue."""
    return lambda picture: np.clip(
        picture * np.array([red, 1, blue], np.float32) + 0.5, 0, 255
    ).astype(np.uint8)


def softened(picture: Picture) -> Picture:
    """Without its fine detail."""
    wide = np.pad(picture.astype(np.float32), ((2, 2), (2, 2), (0, 0)), mode="edge")
    for axis in (0, 1):
        taps = zip((0.1, 0.23, 0.34, 0.23, 0.1), range(-2, 3), strict=True)
        wide = np.sum([weight * np.roll(wide, by, axis) for weight, by in taps], axis=0)
    return _levels(np.asarray(wide[2:-2, 2:-2], np.float32))


def _levels(values: NDArray[np.float32]) -> Picture:
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)
