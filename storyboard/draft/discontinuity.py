"""Rifts in a frame: lines along which neighbouring pixels come from places far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import resized, size_of
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.picture import Field, Picture

APART, FAR_APART = 3.0, 9.0
"""In proxy pixels. A rift opens gently, so that no edge turns soft between two frames."""
SQUARE = np.ones((3, 3), np.uint8)


def rifts(back: Field) -> Picture:
    """Say from 0 to 255 how far apart the ways back (h, w, 2) of neighbours lead, (h, w)."""
    jump = cv2.subtract(cv2.dilate(back, SQUARE), cv2.erode(back, SQUARE))
    beyond = np.maximum(jump[..., 0], jump[..., 1]) - APART
    return np.asarray(np.clip(beyond * (255 / (FAR_APART - APART)), 0, 255), np.uint8)


def enlarged(back: Field, torn: Picture, size: tuple[int, int]) -> Field:
    """Scale a way back (h, w, 2) up to a full (height, width), smoothly, but not across a rift.

    What lies between two motions leads nowhere: it would draw a thin line of odd colours.
    """
    height, width = size_of(back)
    scaled = np.asarray(cv2.multiply(back, (size[1] / width, size[0] / height, 0, 0)), np.float32)
    smooth = resized(scaled, size)
    wide = cv2.resize(torn, size[::-1], interpolation=cv2.INTER_NEAREST)
    rows, columns = np.divmod(np.flatnonzero(wide > 0), size[1])
    smooth[rows, columns] = scaled[rows * height // size[0], columns * width // size[1]]
    return smooth


def mended(frame: Picture, torn: Picture) -> Picture:
    """Soften a frame along its rifts, in place, so that they show as a soft edge and not a tear."""
    size = size_of(frame)
    reach = 2 * round(1.5 * size[1] / torn.shape[1]) + 1
    near = cv2.resize(cv2.blur(torn, (3, 3)), size[::-1])
    places = np.flatnonzero(near > 0)
    sharp = frame.reshape(near.size, -1)
    soft = cv2.blur(frame, (reach, reach)).reshape(near.size, -1)[places].astype(np.float32)
    share = near.ravel()[places, None] * np.float32(1 / 255)
    sharp[places] = np.rint(sharp[places] + share * (soft - sharp[places]))
    return frame
