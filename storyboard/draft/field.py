"""The geometry of pixels: where they are, where a shift leads, what is to be read there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.draft.picture import Field, Picture


@lru_cache(maxsize=4)
def grid(size: tuple[int, int]) -> Field:
    """Give every pixel of a (height, width) its own x and y, as (h, w, 2), not to be written to."""
    height, width = size
    places = np.empty((height, width, 2), np.float32)
    places[..., 0] = np.arange(width)
    places[..., 1] = np.arange(height)[:, None]
    places.flags.writeable = False
    return places


def size_of(pixels: Picture | Field) -> tuple[int, int]:
    """Give the height and width of an array whose first two axes are those."""
    return pixels.shape[0], pixels.shape[1]


def along(values: Field, shift: Field, *, border: int = cv2.BORDER_REPLICATE) -> Field:
    """Read `values` (h, w[, channels]) where `shift` (h, w, 2) leads from each pixel."""
    places = grid(size_of(shift)) + shift
    read = cv2.remap(values, places, None, cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(read, np.float32)


def inside(shift: Field, *, margin: float = 1.0) -> NDArray[np.bool_]:
    """Tell where `shift` leads to a place in the frame, give or take `margin` pixels, (h, w)."""
    height, width = size_of(shift)
    places = grid((height, width)) + shift
    x, y = places[..., 0], places[..., 1]
    across: NDArray[np.bool_] = (x > -margin) & (x < width - 1 + margin)
    return across & (y > -margin) & (y < height - 1 + margin)


def picked(stack: Field, choice: Picture) -> Field:
    """Take at each pixel the plane of `stack` (k, h, w[, channels]) that `choice` (h, w) names."""
    index = choice.astype(np.int64).reshape(1, *choice.shape, *[1] * (stack.ndim - 3))
    taken: Field = np.take_along_axis(stack, index, 0)[0]
    return taken


def resized(values: Field, size: tuple[int, int]) -> Field:
    """Scale a field (h, w[, channels]) smoothly to another (height, width)."""
    return np.asarray(cv2.resize(values, size[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def blurred(values: Field, reach: float) -> Field:
    """Blur a field (h, w[, channels]) with a Gaussian of `reach` pixels."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), reach), np.float32)
