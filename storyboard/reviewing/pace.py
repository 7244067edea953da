"""The pace of a slow camera: how many of its steps lie between the two pictures of a seam.

Where a camera goes by a tenth of a pixel a frame, an encoder leaves steps out and makes up for them
later, and the next clip begins with a picture that nothing is left out of. Next to the seam that
can't be told from a step. But a picture never shows more of a motion than there is: of all frames
before the seam, the one that is farthest on for its place says where the camera really was. So
every frame on both sides is laid over the first one after the seam, and each says how far the
camera had come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.reviewing.travel import followed, travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from storyboard.reviewing.measure import Picture

_LONG = 6
"""Frames on each side from which on the pace can be told."""
_SLOW = 0.04, 0.3
"""Pixels at 320 that a slow camera goes by from frame to frame."""
_EXPLAINED = 0.1
"""The camera leaves less than this part of what the first and the last of the frames differ by."""
_STEADY, _ASIDE, _BACK = 0.4, 0.25, 0.5
"""Each side goes at least this part of the way that the pace asks for; no frame lies aside by more
than this part of the whole way, or goes back by more than this part of a step."""
_LAST, _LAGS = 3, 0.5
"""Where so many last steps go at less than this part of the pace, the last picture has no say."""
_FARTHEST = 1.6
"""Steps: more lie between no two pictures of one motion, so the encoder held back all of it."""


def between(ending: Sequence[Picture], beginning: Sequence[Picture]) -> float | None:
    """The steps of a slow, steady camera between the two pictures of a seam.

    About 0 for a repeat, and 1 for the next picture. None where the camera stands, goes fast or
    unsteadily, where there are few frames, or where too little of the motion is left.
    """
    count = min(len(ending), len(beginning))
    if count < _LONG:
        return None
    if travel(ending[-count], beginning[count - 1]).left > _EXPLAINED:
        return None
    shown = [*reversed(ending[-count:]), *beginning[1:count]]
    poses = followed(shown, beginning[0])
    places = _along(np.concatenate([poses[count - 1 :: -1], np.zeros((1, 4)), poses[count:]]))
    return None if places is None else _steps(places[:count], places[count:])


def _along(poses: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """How far the camera had come at each frame, on its way from the first one to the last."""
    way = poses[-1] - poses[0]
    whole = float(np.linalg.norm(way))
    if not _SLOW[0] < whole / len(poses) < _SLOW[1]:
        return None
    places = poses @ (way / whole)
    aside = np.linalg.norm(poses - np.outer(places, way / whole), axis=1)
    return None if float(np.ptp(aside)) > _ASIDE * whole else places


def _steps(before: NDArray[np.float64], after: NDArray[np.float64]) -> float | None:
    count = len(before)
    step = float(after[-1] - before[0]) / (2 * count - 1.5)  # a repeat has one less than the next
    sides = before - before[0], after - after[0]
    if any(side[-1] < _STEADY * step * (count - 1) for side in sides):
        return None
    if any(np.diff(side).min() < -_BACK * step for side in sides):
        return None
    really = float((before + step * np.arange(count)[::-1]).max())
    pace = float(before[-1] - before[-1 - _LAST]) / (step * _LAST)
    trust = float(np.clip((pace - _LAGS) / (1 - _LAGS), 0, 1))
    found = -(trust * float(before[-1]) + (1 - trust) * really) / step
    return found if found < _FARTHEST else None
