"""Throw pixels to where they are at a moment and gather, for that moment, where to look back.

This runs twice for every frame: planes lie apart here, (channels, h, w), which is what the
arithmetic is fastest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import blurred, resized, size_of
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.draft.picture import Field

THIN = 0.5
EMPTY = 1e-20
WIDE = 6.0
RIM = 2


def splat(shift: Field, presence: Field, weight: Field) -> tuple[Field, Field]:
    """Move every pixel by `shift` (h, w, 2); where several land, the weightier ones win.

    Returns, for the new picture, the way back (h, w, 2) to what landed there, and the
    presence of it (h, w), 0 in a hole. In a hole the way back follows its surroundings.
    """
    x, y = shift[..., 0], shift[..., 1]
    landed = closed(thrown(np.stack([-x * weight, -y * weight, presence * weight, weight]), shift))
    total = landed[3]
    hole = total <= EMPTY
    mean = landed[:3] / np.maximum(total, EMPTY)
    if hole.any():
        np.copyto(mean[:2], surroundings(landed), where=hole)
        mean[2][hole] = 0
    return np.asarray(cv2.merge((mean[0], mean[1])), np.float32), mean[2]


def thrown(load: Field, shift: Field) -> Field:
    """Add `load` (channels, h, w) up at the four pixels around where `shift` takes it.

    Returns (channels, h, w); what lands outside is lost.
    """
    height, width = size_of(shift)
    stride = width + 2 * RIM
    place, shares = landing(shift)
    rimmed = np.zeros((len(load), stride * (height + 2 * RIM)), np.float32)
    for board, plane in zip(rimmed, load, strict=True):
        for share, step in zip(shares, (0, 1, stride, stride + 1), strict=True):
            np.add.at(board[step:], place, (share * plane).ravel())
    return rimmed.reshape(len(load), -1, stride)[:, RIM : RIM + height, RIM : RIM + width]


def landing(shift: Field) -> tuple[NDArray[np.intp], Field]:
    """Say between which four pixels each one lands and how it is shared among them.

    Returns the index (h w) of the upper left one on a board with a rim around the frame, and
    the shares (4, h, w) of it, the one to its right, below it, and below on the right.
    """
    height, width = size_of(shift)
    x = shift[..., 0] + np.arange(width, dtype=np.float32)
    y = shift[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    left, top = np.floor(x), np.floor(y)
    right, below = x - left, y - top
    both = right * below
    shares = np.stack([1 - right - below + both, right - both, below - both, both])
    column, row = left.clip(-RIM, width) + RIM, top.clip(-RIM, height) + RIM
    place = row.astype(np.intp) * (width + 2 * RIM) + column.astype(np.intp)
    return place.ravel(), shares


def closed(landed: Field) -> Field:
    """Fill the cracks that open between pixels where the picture grows."""
    near = np.stack([cv2.GaussianBlur(plane, (3, 3), 0.8) for plane in landed])
    np.copyto(landed, near, where=landed[3] < THIN * near[3])
    return landed


def surroundings(landed: Field) -> Field:
    """Give the mean way back within some twenty pixels, (2, h, w)."""
    height, width = landed.shape[1:]
    quarter = (max(1, width // 4), max(1, height // 4))
    x, y, total = (
        blurred(np.asarray(cv2.resize(plane, quarter, interpolation=cv2.INTER_AREA)), WIDE) + EMPTY
        for plane in landed[[0, 1, 3]]
    )
    return np.stack([resized(part / total, (height, width)) for part in (x, y)])
