"""How the camera goes over a seam: the whole of one picture is laid over the next one.

Two pictures are aligned by moving, enlarging and turning the one, all of it at once, by least
squares over their slopes: what has no detail has no say. What matters is then not only how far that
is, but how much of the difference it takes away. The next picture of a motion differs from the last
one by that motion. A repeat differs by what two encoders made of it, and no motion explains that,
even where the encoder held the motion back and the two lie apart. Both are parts of something, so
they hold for dark and for foggy pictures as they do for vivid ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.vision import cv2
from storyboard.reviewing import measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from storyboard.reviewing.measure import Picture, Plane

_FINEST, _EDGE, _TURNS = 1.0, 8, 3
"""Pixels the pictures are smoothed by, and left out at the edges; how often a pose is mended."""
_MOVES = 0.03
"""Pixels at 320 from which on a step is one."""
_EXPLAINED = 0.5
"""A step is the camera's where it leaves less than this part of what differs."""
_SAME, _NEXT = 0.84, 0.62
"""Over the seam a motion leaves more than this part of what differs: a repeat; less: none."""
_GOES, _SLOWER = 0.5, 0.35
"""The next picture is as many steps on, at least; the slower side counts as no slower than this
part of the faster."""

_Grid = tuple[measure.Plane, measure.Plane]


@dataclass(frozen=True, slots=True)
class Travel:
    """One step of the camera."""

    far: float
    """Pixels that a middling part of the picture moves by."""
    left: float
    """The part of what differs that this does not explain."""


def told(ending: Sequence[Picture], beginning: Sequence[Picture]) -> tuple[bool | None, bool]:
    """Whether a seam shows the same picture twice, and whether its motion is hidden.

    None where the camera doesn't tell: it stands, something else moves, or the encoder hid it. It
    is hidden where the camera explains the step before the seam or the one after it badly.
    """
    before, across, after = (
        travel(*pair) for pair in (ending[-2:], (ending[-1], beginning[0]), beginning[:2])
    )
    slow, fast = sorted((before.far, after.far))
    most, least = max(before.left, after.left), min(before.left, after.left)
    if fast < _MOVES or least > _EXPLAINED:
        return None, most > _EXPLAINED
    if across.left > _SAME and across.far < fast:
        return True, most > _EXPLAINED
    goes = across.far > _GOES * max(slow, _SLOWER * fast)
    if most < _EXPLAINED and across.left < _NEXT and goes:
        return False, False
    return None, most > _EXPLAINED


def followed(shown: Sequence[Picture], still: Picture) -> NDArray[np.float64]:
    """The pose of each picture against a still one, a row each, in pixels of a middling part.

    Each is looked for from where the one before it was found: across, down, larger and turned.
    """
    base = _Base(_plane(still), _EDGE)
    poses, pose = [], np.zeros(4)
    for picture in shown:
        pose, _ = base.laid(_plane(picture), pose)
        poses.append(pose)
    return np.array(poses) * np.sqrt([1, 1, 0.5, 0.5])


def travel(one: Picture, other: Picture) -> Travel:
    """Lay the second picture over the first."""
    still, moved = _plane(one), _plane(other)
    pose, laid = _Base(still, 0).laid(moved, np.zeros(4))
    inside = (slice(_EDGE, -_EDGE),) * 2
    differs = max(float((moved - still)[inside].var()), 1e-6)
    far = float(np.sqrt(pose[:2] @ pose[:2] + pose[2:] @ pose[2:] / 2))
    return Travel(far, float((laid - still)[inside].var()) / differs)


def _plane(picture: Picture) -> Plane:
    return np.asarray(cv2.GaussianBlur(measure.luma(picture), (0, 0), _FINEST), np.float32)


class _Base:
    """A picture that others are laid over; an edge of it may have no say."""

    def __init__(self, still: Plane, edge: int) -> None:
        self.still = still
        self.places = _places(still)
        columns, rows = self.places
        half = measure.SMALL / 2
        self.grid = (columns - still.shape[1] / 2) / half, (rows - still.shape[0] / 2) / half
        told = np.zeros(still.shape, np.bool_)
        told[edge : still.shape[0] - edge, edge : still.shape[1] - edge] = True
        self.told = told.ravel()
        self.slopes = _slopes(still, self.grid)[:, self.told]
        self.products = self.slopes @ self.slopes.T + 1e-6 * np.eye(len(self.slopes))

    def laid(self, moved: Plane, pose: NDArray[np.float64]) -> tuple[NDArray[np.float64], Plane]:
        """The pose of another picture, mended from this one, and that picture laid over."""
        laid = moved if not pose.any() else _laid(moved, self.places, self.grid, pose)
        for _ in range(_TURNS):
            apart = (laid - self.still).ravel()[self.told].astype(np.float64)
            pose = pose - np.linalg.solve(self.products, self.slopes @ apart)[:4]
            laid = _laid(moved, self.places, self.grid, pose)
        return pose, laid


def _places(plane: Plane) -> _Grid:
    rows, columns = np.mgrid[0 : plane.shape[0], 0 : plane.shape[1]].astype(np.float32)
    return columns, rows


def _slopes(still: Plane, grid: _Grid) -> NDArray[np.float64]:
    """What a little of each changes: across, down, larger, turned, brighter, more contrast."""
    across, down = (cv2.Sobel(still, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    x, y = grid
    changes = (
        across, down, across * x + down * y, across * y - down * x,
        np.ones_like(still), still - still.mean(),
    )  # fmt: skip
    return np.stack([change.ravel() for change in changes]).astype(np.float64)


def _laid(moved: Plane, places: _Grid, grid: _Grid, pose: NDArray[np.float64]) -> Plane:
    (columns, rows), (x, y) = places, grid
    across = columns + pose[0] + pose[2] * x + pose[3] * y
    down = rows + pose[1] + pose[2] * y - pose[3] * x
    return np.asarray(
        cv2.remap(
            moved, across.astype(np.float32), down.astype(np.float32), cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ), np.float32,
    )  # fmt: skip
