"""The difference of light between two pictures, so that it changes evenly with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.edge_smoothing import spread
from storyboard.draft.field import along, blurred, inside
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.picture import Field, Picture

REACH = 12.0
CONTRAST = 80.0
DOUBTFUL = 1e-3
HEARSAY = 0.01
AROUND = 9
MARGIN = 6.0


def relighting(here: Picture, there: Picture, shift: Field, sure: Field) -> Field:
    """Say how much brighter, in which colour, each spot will be at the other end, (h, w, 3).

    In levels of red, green and blue, for proxy-size pictures; measured where the motion is sure
    and carried on from there over some REACH pixels of like colour, so that the turning leaves
    do not tint the sky beside them; where nothing like it is near, from all that is. Where
    nothing near is sure, a pixel takes on the light of what will be in its place; off the frame
    there is nothing to see. Nothing takes on a colour that neither picture has about there.
    """
    colour = here.astype(np.float32)
    change = along(there.astype(np.float32), shift) - colour
    weight = (sure + DOUBTFUL * inside(shift) + 1e-9)[..., None].astype(np.float32)
    load = np.concatenate([change * weight, weight], -1)
    sums = spread(load, colour, reach=REACH, contrast=CONTRAST)
    sums += HEARSAY * blurred(load, 2 * REACH)
    lit = colour + sums[..., :3] / sums[..., 3:]
    return np.asarray(within(lit, here, there, shift) - colour, np.float32)


def within(lit: Field, here: Picture, there: Picture, shift: Field) -> Field:
    """Keep colours (h, w, 3) between those about each spot here and where `shift` leads."""
    around = np.ones((AROUND, AROUND), np.uint8)
    lowest, highest = (
        choose(here.astype(np.float32), along(extreme(there, around).astype(np.float32), shift))
        for choose, extreme in ((np.minimum, cv2.erode), (np.maximum, cv2.dilate))
    )
    return np.clip(lit, lowest - MARGIN, highest + MARGIN)
