"""The outlines of layers: no islands, no gaps in a thing, and its rim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.picture import Field, Picture

ISLAND = 0.002
GAP = 14
UNSURE = 0.2
RIM = 2

Mask = NDArray[np.bool_]


def without_islands(joined: Field) -> Picture:
    """Name the layer each pixel joins most (k, h, w), but for patches of a few pixels, (h, w)."""
    layer = np.asarray(joined.argmax(0), np.uint8)
    open_to = joined.copy()
    for kind, votes in enumerate(open_to):
        patches, areas = patches_of(layer == kind)
        votes[(areas < ISLAND * layer.size)[patches] & (layer == kind)] = 0
    return np.asarray(open_to.argmax(0), np.uint8)


def patches_of(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number the connected patches of a mask, 0 being the rest, and give the area of each."""
    _, patches, measures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return patches, measures[:, cv2.CC_STAT_AREA]


def whole(layer: Picture, sure: Field) -> Picture:
    """Let what is not sure join the thing that surrounds it.

    An arm that was lifted is not found again, but it belongs to the body beside it.
    """
    result = layer.copy()
    for kind in range(1, int(layer.max()) + 1):
        thing = (layer == kind).astype(np.uint8)
        around = cv2.morphologyEx(thing, cv2.MORPH_CLOSE, disc(GAP)) > 0
        result[around & (sure < UNSURE)] = kind
    return result


def rim_of(thing: Mask) -> Mask:
    """Tell which pixels lie just outside a thing."""
    rim: Mask = (cv2.dilate(thing.astype(np.uint8), disc(RIM)) > 0) & ~thing
    return rim


def nearest_in(thing: Mask) -> NDArray[np.int64]:
    """Give for every pixel the flat index of the thing's pixel that is nearest to it."""
    _, names = cv2.distanceTransformWithLabels(
        (~thing).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owners = np.zeros(int(names.max()) + 1, np.int64)
    owners[names[thing]] = np.flatnonzero(thing)
    nearest: NDArray[np.int64] = owners[names]
    return nearest


def disc(radius: int) -> Picture:
    """Give a round neighbourhood."""
    across = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)), np.uint8)
