"""The difference of light between two pictures, so that it changes evenly with time."""

from __future__ import annotations

import numpy as np

from storyboard.draft.field import along, blurred, inside
from storyboard.draft.picture import Field, Picture

REACH = 8.0
DOUBTFUL = 1e-3


def relighting(here: Picture, there: Picture, shift: Field, sure: Field) -> Field:
    """Say how much brighter, in which colour, each spot will be at the other end, (h, w, 3).

    In levels of red, green and blue, for proxy-size pictures, smooth over some REACH pixels;
    measured where the motion is sure and carried on from there. Where nothing near is sure, a
    pixel takes on the light of what will be in its place; off the frame there is nothing to see.
    """
    change = along(there.astype(np.float32), shift) - here
    weight = (sure + DOUBTFUL * inside(shift) + 1e-9)[..., None].astype(np.float32)
    sums = blurred(np.concatenate([change * weight, weight], -1), REACH)
    return sums[..., :3] / sums[..., 3:]
