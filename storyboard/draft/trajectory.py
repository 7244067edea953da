"""The path of a pixel: where it is at a moment between the two pictures.

A camera that moves evenly through a scene does not move pixels evenly: what comes nearer
grows ever faster, and in a roll everything runs on an arc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import grid, size_of
from storyboard.draft.hypotheses import moved

if TYPE_CHECKING:
    from storyboard.draft.hypotheses import Motion
    from storyboard.draft.picture import Field

NO_ROLL = 0.01


def travelled(zoom: Field, time: float) -> Field:
    """Say which fraction of its way each pixel has gone at `time` (0..1), (h, w).

    It is the projection of a point that moves evenly between two depths; `zoom` is the ratio
    of the first depth to the second.
    """
    return time / (zoom * (1 - time) + time)


def on_the_way(shift: Field, fraction: Field, *, roll: float, time: float) -> Field:
    """Give the part of `shift` done at `time`, (h, w, 2), while the camera rolls evenly.

    `roll` is the whole turn about the picture's middle in radians.
    """
    if abs(roll) < NO_ROLL:
        return shift * fraction[..., None]
    height, width = size_of(shift)
    places = grid((height, width)) - np.array([width / 2, height / 2], np.float32)
    goal = turned(places + shift, -roll)
    return turned(places + (goal - places) * fraction[..., None], roll * time) - places


def turned(places: Field, angle: float) -> Field:
    """Turn x, y (h, w, 2) about the origin by `angle` radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return places @ np.array([[cosine, sine], [-sine, cosine]], np.float32)


def roll_of(motion: Motion, size: tuple[int, int]) -> float:
    """Give the turn of `motion` in the middle of a (height, width), in radians."""
    height, width = size
    cross = np.array([[0, 0], [1, 0], [0, 1]], np.float32) + np.array(
        [width / 2, height / 2], np.float32
    )
    origin, right, down = moved(cross, motion)
    across, along = right - origin, down - origin
    return float(np.arctan2(across[1] - along[0], across[0] + along[1]))
