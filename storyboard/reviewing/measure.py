"""Numbers about pictures: brightness, colour, sharpness, likeness and motion between two.

Everything here takes small RGB pictures, uint8 (height, width, 3), 320 pixels on the longer side,
unless it says otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from storyboard.draft.vision import cv2

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]
"""One number for each pixel, (height, width)."""
Field = NDArray[np.float32]
"""A way across and down for each pixel, (height, width, 2)."""

SMALL = 320
"""Pixels on the longer side of a picture that is measured."""

MOVING = 0.1
"""Pixels from which on a part of the picture counts as moving."""

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]], np.float32
)  # fmt: skip
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
_LINEAR = np.where(
    np.arange(256) / 255 <= 0.04045,
    np.arange(256) / 255 / 12.92,
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
).astype(np.float32)
_BLOCK, _WINDOW = 8, 7
STANDS = 1.0
"""Levels that a coarse block of two encodings of one picture differs by, at most."""
_BLACK = 20.0
"""Levels: darker than this on the whole, and nowhere lighter than twice this."""
_GRAIN = 1.0
"""Pixels: what is finer is no detail, as far as focus is concerned."""
_FINEST, _AROUND = 1.0, 4.0
"""Pixels: how far a picture is smoothed for its slopes, and over what they are gathered."""
_SLOPE = 2.0
"""Levels a pixel from which on a slope is detail."""
_DEVIATION = 1.4826
"""Of the median distance, what the standard deviation is where nothing stands far out."""
_FEW = 0.003
"""The part of a picture that has to have detail."""
_STEADY = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_PLAIN = 2.0
"""The weight of a window without detail: a mark on a plain picture makes it no other one."""


def luma(picture: Picture) -> Plane:
    """Brightness, 0 to 255, by BT.709."""
    return np.asarray(picture @ _LUMA, np.float32)


def difference(one: Picture, other: Picture) -> float:
    """Mean absolute difference in brightness, in levels of 255."""
    return float(np.abs(luma(one) - luma(other)).mean())


def lab(picture: Picture) -> NDArray[np.float32]:
    """The mean colour of each block of 8 by 8 pixels as CIE L*, a*, b* (D65)."""
    rows, columns = (side // _BLOCK for side in picture.shape[:2])
    light = _LINEAR[picture[: rows * _BLOCK, : columns * _BLOCK]]
    blocks = light.reshape(rows, _BLOCK, columns, _BLOCK, 3).mean(axis=(1, 3))
    xyz = blocks @ _TO_XYZ.T / _WHITE
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def colour_step(one: Picture, other: Picture) -> float:
    """How far (CIE76) the whole picture turned from one to the other.

    The median over all blocks: what moves, or comes in at an edge, is no step in colour.
    """
    return float(np.linalg.norm(np.median(lab(other) - lab(one), axis=(0, 1))))


def sharpness(picture: Picture) -> float:
    """How much fine detail there is: the mean strength of the second difference. Any size."""
    plane = luma(picture)
    across = 2 * plane[1:-1, 1:-1] - plane[1:-1, :-2] - plane[1:-1, 2:]
    down = 2 * plane[1:-1, 1:-1] - plane[:-2, 1:-1] - plane[2:, 1:-1]
    return float(np.sqrt(np.square(across + down).mean()))


def fine_detail(picture: Picture) -> float:
    """The same, but for grain: an encoder takes that out, and nobody calls it out of focus."""
    return sharpness(np.asarray(cv2.GaussianBlur(picture, (0, 0), _GRAIN)))


def likeness(one: Picture, other: Picture) -> float:
    """SSIM of the brightness, 1 for equal pictures, over flat windows of 7 by 7 pixels."""
    windows, _ = _compared(luma(one), luma(other))
    return float(windows.mean())


def likeness_of_shapes(one: Picture, other: Picture) -> float:
    """How alike two pictures are in what they show: SSIM of a quarter of their size.

    Windows count by their detail, so that a plain background makes no two pictures alike; and small
    as they are, a picture that is drawn a little softer, or some pixels aside, is still the same.
    """
    windows, detail = _compared(_quarter(luma(one)), _quarter(luma(other)))
    return float(np.average(windows, weights=np.log1p(detail) + _PLAIN))


def _compared(one: Plane, other: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """SSIM of each window of two planes, and how much detail both have in it."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    mean_a, mean_b = _boxed(a), _boxed(b)
    var_a = _boxed(a * a) - mean_a**2
    var_b = _boxed(b * b) - mean_b**2
    shared = _boxed(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + _STEADY[0]) / (mean_a**2 + mean_b**2 + _STEADY[0])
    detail = (2 * shared + _STEADY[1]) / (var_a + var_b + _STEADY[1])
    return light * detail, np.maximum(var_a + var_b, 0) / _STEADY[1]


def _quarter(plane: Plane) -> Plane:
    height, width = plane.shape
    size = max(width // 4, _WINDOW), max(height // 4, _WINDOW)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def flow(one: Picture, other: Picture) -> Field:
    """Which way and how far each part of the picture moved, in pixels.

    Where there is no detail, it says anything: ask `textured`.
    """
    finder = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    planes = (np.clip(luma(picture) + 0.5, 0, 255).astype(np.uint8) for picture in (one, other))
    return np.asarray(finder.calc(*planes, None), np.float32)


def length(field: Field) -> Plane:
    """How far, whichever way."""
    return np.hypot(field[..., 0], field[..., 1])


def textured(one: Picture, other: Picture, *, least: float = 0.0) -> NDArray[np.bool_]:
    """Where there is detail in both directions, which motion can be told from; (height, width).

    `least` is the slope that counts as detail, in levels a pixel, where noise asks for more than
    usual.
    """
    plane = cv2.GaussianBlur((luma(one) + luma(other)) / 2, (0, 0), _FINEST)
    across, down = (cv2.Sobel(plane, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    squares = across * across, down * down, across * down
    xx, yy, xy = (cv2.GaussianBlur(square, (0, 0), _AROUND) for square in squares)
    weaker = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    return np.asarray(weaker > max(_SLOPE, least) ** 2)


def displacement(one: Picture, other: Picture, *, over: float) -> float | None:
    """How far the detail of a picture lies from where it lies in the other, in pixels.

    Detail counts where its slope is so many times what differs besides. None where there is too
    little of it to say.
    """
    field = flow(one, other)
    where = textured(one, other, least=over * _besides(one, other, field))
    return float(np.median(length(field)[where])) if where.mean() > _FEW else None


def _besides(one: Picture, other: Picture, field: Field) -> float:
    """The levels by which two pictures differ that no motion explains."""
    rows, columns = np.mgrid[0 : field.shape[0], 0 : field.shape[1]].astype(np.float32)
    moved = cv2.remap(
        luma(other), columns + field[..., 0], rows + field[..., 1], cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    apart = moved - luma(one)
    return float(_DEVIATION * np.median(np.abs(apart - np.median(apart))))


def blocks(picture: Picture) -> Plane:
    """The mean brightness of each block of 8 by 8 pixels, 0 to 255."""
    plane = luma(picture)
    rows, columns = (side // _BLOCK for side in plane.shape)
    cut = plane[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    return np.asarray(cut.mean(axis=(1, 3)), np.float32)


def coarse(picture: Picture) -> Plane:
    """Brightness in blocks, less its median: what stays through noise and a step in brightness."""
    found = blocks(picture)
    return np.asarray(found - np.median(found), np.float32)


def moved(one: Plane, other: Plane) -> float:
    """The largest change of a coarse block, in levels, but for the few that noise makes."""
    return float(np.percentile(np.abs(one - other), 98))


def is_black(picture: Picture) -> bool:
    """Whether nothing is to be seen in it."""
    plane = luma(picture)
    return float(plane.mean()) < _BLACK and float(np.percentile(plane, 99)) < 2 * _BLACK


def coarse_difference(one: Picture, other: Picture) -> float:
    """How far light and dark lie apart, in levels, whatever noise and a step in brightness do."""
    return float(np.median(np.abs(coarse(one) - coarse(other))))


def _boxed(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over every whole window."""
    edge = _WINDOW // 2
    means = cv2.blur(plane, (_WINDOW, _WINDOW), borderType=cv2.BORDER_REFLECT)
    return np.asarray(means[edge:-edge, edge:-edge])
