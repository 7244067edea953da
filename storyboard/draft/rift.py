"""Rifts in a frame: lines along which neighbouring pixels come from places far apart."""

from __future__ import annotations

import numpy as np

from storyboard.draft.field import resized, size_of
from storyboard.draft.picture import Field, Picture
from storyboard.draft.vision import cv2

FAR_APART = 4.0
SQUARE = np.ones((3, 3), np.uint8)


def rifts(back: Field) -> Picture:
    """Mark with 1 where the ways back (h, w, 2) of neighbours lead far apart, (h, w)."""
    jump = cv2.subtract(cv2.dilate(back, SQUARE), cv2.erode(back, SQUARE))
    return np.asarray(np.maximum(jump[..., 0], jump[..., 1]) > FAR_APART, np.uint8)


def enlarged(back: Field, torn: Picture, size: tuple[int, int]) -> Field:
    """Scale a way back (h, w, 2) up to a full (height, width), smoothly, but not across a rift.

    What lies between two motions leads nowhere: it would draw a thin line of odd colours.
    """
    height, width = size_of(back)
    scaled = back * np.array([size[1] / width, size[0] / height], np.float32)
    smooth = resized(scaled, size)
    wide = cv2.resize(torn, size[::-1], interpolation=cv2.INTER_NEAREST)
    rows, columns = np.divmod(np.flatnonzero(wide > 0), size[1])
    smooth[rows, columns] = scaled[rows * height // size[0], columns * width // size[1]]
    return smooth


def mended(frame: Picture, torn: Picture) -> Picture:
    """Soften a frame along its rifts, in place, so that they show as a soft edge and not a tear."""
    size = size_of(frame)
    reach = 2 * round(1.5 * size[1] / torn.shape[1]) + 1
    near = cv2.resize(cv2.blur(torn * np.uint8(255), (3, 3)), size[::-1])
    places = np.flatnonzero(near > 0)
    sharp = frame.reshape(-1, 3)
    soft = cv2.blur(frame, (reach, reach)).reshape(-1, 3)[places].astype(np.float32)
    share = near.ravel()[places, None] * np.float32(1 / 255)
    sharp[places] = np.rint(sharp[places] + share * (soft - sharp[places]))
    return frame
