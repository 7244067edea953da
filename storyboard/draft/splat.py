"""Throw pixels to where they are at a moment and gather, for that moment, where to look back."""

from __future__ import annotations

import numpy as np

from storyboard.draft.field import blurred, grid, resized, size_of
from storyboard.draft.picture import Field
from storyboard.draft.vision import cv2

THIN = 0.5
EMPTY = 1e-7
WIDE = 6.0
RIM = 2


def splat(shift: Field, presence: Field, weight: Field) -> tuple[Field, Field]:
    """Move every pixel by `shift` (h, w, 2); where several land, the weightier ones win.

    Returns, for the new picture, the way back (h, w, 2) to what landed there, and the
    presence of it (h, w), 0 in a hole. In a hole the way back follows its surroundings.
    """
    load = np.stack([-shift[..., 0], -shift[..., 1], presence, np.ones_like(presence)])
    landed = closed(thrown(load * weight, shift))
    total = landed[..., 3]
    hole = total <= EMPTY
    mean = landed[..., :3] / np.maximum(total, EMPTY)[..., None]
    seen = np.where(hole, 0, mean[..., 2])
    if not hole.any():
        return np.ascontiguousarray(mean[..., :2]), seen
    return np.where(hole[..., None], surroundings(landed), mean[..., :2]), seen


def thrown(load: Field, shift: Field) -> Field:
    """Add `load` (channels, h, w) up at the four pixels around where `shift` takes it.

    Returns (h, w, channels); what lands outside is lost.
    """
    height, width = size_of(shift)
    places = grid((height, width)) + shift
    corner = np.floor(places)
    right, below = np.moveaxis(places - corner, -1, 0)
    x, y = np.moveaxis(corner, -1, 0)
    stride = width + 2 * RIM
    row, column = y.clip(-RIM, height) + RIM, x.clip(-RIM, width) + RIM
    first = row.astype(np.int64) * stride + column.astype(np.int64)
    board = np.zeros((len(load), (height + 2 * RIM) * stride))
    for step, share in (
        (0, (1 - right) * (1 - below)),
        (1, right * (1 - below)),
        (stride, (1 - right) * below),
        (stride + 1, right * below),
    ):
        at = (first + step).ravel()
        for sums, values in zip(board, load, strict=True):
            sums += np.bincount(at, (values * share).ravel(), len(sums))
    rimmed = board.reshape(len(load), -1, stride).transpose(1, 2, 0)
    return rimmed[RIM : RIM + height, RIM : RIM + width].astype(np.float32, order="C")


def closed(landed: Field) -> Field:
    """Fill the cracks that open between pixels where the picture grows."""
    near = np.asarray(cv2.GaussianBlur(landed, (3, 3), 0.8), np.float32)
    thin = landed[..., 3:] < THIN * near[..., 3:]
    return np.where(thin, near, landed)


def surroundings(landed: Field) -> Field:
    """Give the mean way back within some twenty pixels, (h, w, 2)."""
    height, width = size_of(landed)
    quarter = (max(1, width // 4), max(1, height // 4))
    coarse = np.asarray(cv2.resize(landed, quarter, interpolation=cv2.INTER_AREA), np.float32)
    wide = blurred(coarse, WIDE)
    return resized(wide[..., :2] / (wide[..., 3:] + EMPTY), (height, width))
