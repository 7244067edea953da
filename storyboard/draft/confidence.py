"""How far a measured motion can be believed, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import along, blurred, inside
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.flow import Flow
    from storyboard.draft.picture import Field

GOOD_COST, COST_SPREAD = 8.0, 24.0
STRAY_PIXELS, STRAY_SHARE = 1.5, 0.05
LEAVING = 0.5
HIDDEN = 0.04
TORN = 0.05


def belief(flow: Flow, back: Flow) -> Field:
    """Say from 0 to 1 whether a pixel is seen in both pictures and its shift is right, (h, w).

    Right means: it looks the same at the other end, and the way back from there leads home.
    """
    alike = np.exp(-((np.maximum(flow.cost - GOOD_COST, 0) / COST_SPREAD) ** 2))
    home = flow.shift + along(back.shift, flow.shift)
    stray = np.linalg.norm(home, axis=2)
    allowed = 1.5 * (STRAY_PIXELS + STRAY_SHARE * np.linalg.norm(flow.shift, axis=2))
    sure = alike * np.exp(-((stray / allowed) ** 2)) * inside(flow.shift, margin=0.5)
    return blurred(np.asarray(sure, np.float32), 1.0)


def presence(shift: Field, sure: Field) -> Field:
    """Say from 0 to 1 how strongly a pixel claims the place it travels to, (h, w).

    What is seen in both pictures comes first; what leaves the frame comes before what merely
    goes into hiding; the rim of a moving thing, where two motions are mixed, claims least.
    """
    leaving = blurred((~inside(shift)).astype(np.float32), 1.0)
    claim = np.maximum(sure, HIDDEN + (LEAVING - HIDDEN) * leaving)
    return np.asarray(claim * (TORN + (1 - TORN) * unity(shift)), np.float32)


def unity(shift: Field) -> Field:
    """Say from 0 to 1 how far a pixel and its neighbours travel together, (h, w)."""
    square = np.ones((3, 3), np.uint8)
    jump = (cv2.dilate(shift, square) - cv2.erode(shift, square)).max(-1)
    return np.asarray(np.exp(-((np.maximum(jump - 1, 0) / 2) ** 2)), np.float32)
