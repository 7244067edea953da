"""The small copies of a picture that motion is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import blurred, size_of
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.picture import Field, Picture

LONGEST_SIDE = 432
FINE_ENOUGH, ENOUGH_SHARE = 400, 0.45
"""A small picture needs no larger proxy than this, or than this share of its own side."""
CONTRAST_REACH = 15.0
PALETTE_STEP = 8.0


@dataclass(frozen=True, slots=True)
class SmallCopy:
    """One picture at working size.

    `rgb` is the picture itself, uint8 (h, w, 3). `luma` is uint8 (h, w) with the local contrast
    evened out, so that a change of light or season leaves it alike. `lab` is float32 (h, w, 3):
    CIELAB as OpenCV scales it to bytes.
    """

    rgb: Picture
    luma: Picture
    lab: Field


def proxy(picture: Picture) -> SmallCopy:
    """Shrink `picture` to the size its motion is measured at."""
    small = np.asarray(
        cv2.resize(picture, proxy_size(picture)[::-1], interpolation=cv2.INTER_AREA), np.uint8
    )
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    luma = even_contrast(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8))
    return SmallCopy(rgb=small, luma=luma, lab=np.asarray(lab, np.float32))


def proxy_size(picture: Picture) -> tuple[int, int]:
    """Give the height and width of the picture's proxy."""
    height, width = size_of(picture)
    longest = max(height, width)
    wanted = min(max(FINE_ENOUGH, ENOUGH_SHARE * longest), LONGEST_SIDE)
    scale = min(1.0, wanted / longest)
    return max(1, round(height * scale)), max(1, round(width * scale))


def even_contrast(gray: Picture) -> Picture:
    """Give every neighbourhood of `gray` the same mean and nearly the same contrast."""
    level = gray.astype(np.float32)
    detail = level - blurred(level, CONTRAST_REACH)
    contrast = np.sqrt(blurred(detail * detail, CONTRAST_REACH))
    evened = 128 + detail / (contrast + 6) * 45
    return np.asarray(np.clip(evened, 0, 255), np.uint8)


def colour_likeness(start: SmallCopy, end: SmallCopy) -> float:
    """Say from 0 to 1 how far the two pictures share one palette."""
    levels = np.linspace(5, 95, 10)
    palettes = [np.percentile(side.lab, levels, axis=(0, 1)) for side in (start, end)]
    apart = np.abs(palettes[0] - palettes[1]).mean() / PALETTE_STEP
    return float(np.exp(-(apart**2)))


def in_palette_of(model: SmallCopy, lab: Field) -> Field:
    """Shift and stretch `lab` (h, w, 3) to the mean and spread of the model's colours."""
    stretch = model.lab.std((0, 1)) / (lab.std((0, 1)) + 1e-3)
    toned = (lab - lab.mean((0, 1))) * stretch + model.lab.mean((0, 1))
    return np.asarray(toned, np.float32)
