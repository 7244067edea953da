"""Small made-up stills whose motion is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storyboard.draft import Picture

SIZE = (120, 192)


def painting(seed: int, *, size: tuple[int, int] = SIZE) -> Picture:
    """Paint a still with detail of every size, each seed another one."""
    rng = np.random.default_rng(seed)
    height, width = size
    layers = np.zeros((height, width, 3), np.float64)
    for grain in (48, 20, 9, 4):
        shape = (max(1, height // grain) + 1, max(1, width // grain) + 1, 3)
        cloud = rng.integers(0, 256, shape, dtype=np.uint8)
        cells = Image.fromarray(cloud)
        layers += np.asarray(cells.resize((width, height), Image.Resampling.BICUBIC))
    return np.asarray(layers / 4, np.uint8)


def noise(seed: int, *, size: tuple[int, int] = SIZE) -> Picture:
    """Make a still in which no pixel has to do with the next."""
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


def plain(level: int, *, size: tuple[int, int] = SIZE) -> Picture:
    """Make a still of one grey."""
    return np.full((*size, 3), level, np.uint8)


def framing(
    picture: Picture, *, zoom: float = 1.0, right: float = 0.0, turn: float = 0.0
) -> Picture:
    """Photograph the middle of a large still, nearer by `zoom`, `right` pixels aside.

    The camera has turned by `turn` degrees.
    """
    height, width = picture.shape[:2]
    reach = (width / 3 / zoom, height / 3 / zoom)
    middle = (width / 2 + right, height / 2)
    box = (middle[0] - reach[0], middle[1] - reach[1], middle[0] + reach[0], middle[1] + reach[1])
    still = Image.fromarray(picture).rotate(turn, Image.Resampling.BICUBIC)
    size = (round(width * 2 / 3), round(height * 2 / 3))
    return np.asarray(still.resize(size, Image.Resampling.BICUBIC, box=box), np.uint8)


def psnr(picture: Picture, truth: Picture) -> float:
    """Say in decibels how near a picture comes to the true one."""
    gap: NDArray[np.float64] = picture.astype(np.float64) - truth
    return float(10 * np.log10(255**2 / max(float((gap**2).mean()), 1e-9)))


def sharpness(picture: Picture) -> float:
    """Say how much fine detail a picture has: the mean step from a pixel to the next."""
    return float(np.abs(np.diff(picture.astype(np.float64), axis=1)).mean())
