"""The stride of a motion: what a step of it changes, and how much of that changes over a seam.

Asked only where things move: there a repeat changes little, and the next picture as much as a step
does, whether the motion is steady or not, in all of the picture or in a corner of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from storyboard.reviewing import measure
from storyboard.reviewing.course import cleared, halved

if TYPE_CHECKING:
    from storyboard.reviewing.measure import Picture, Plane

_SIZES = 2, 4
"""How often the pictures are halved, at least, and not any more: there an encoder's noise is gone,
and somebody who walks is still there."""
_MOST = 99.5
"""Percent of the picture that changes less than what counts."""
_MOVES, _OF_MOST = 1.5, 0.3
"""Something moves where it changes by so many levels, and by this part of what changes most."""
_FEW = 12
"""Pixels: where less moves, nothing does."""
_LEAST = 1.0
"""Levels: what changes by less does not change."""
_SLOWER = 0.35
"""The slower side of the two counts, but as no slower than this part of the faster."""
_ROWS, _FLICKER = 4, 40.0
"""Rows and columns in which a running code is looked for, and the levels it changes by."""


@dataclass(frozen=True, slots=True)
class Stride:
    """What changes from frame to frame next to a seam, and over it."""

    shown: float
    """Levels by which the places that change most change from frame to frame."""
    most: float
    """The same next to the seam, in the picture a quarter as large, without changes of light."""
    share: float | None
    """What changes over the seam, in parts of a step; None where nothing moves."""


def stride(ending: Sequence[Picture], beginning: Sequence[Picture]) -> Stride:
    """Measure the steps on both sides of a seam, and the one over it; needs two on a side."""
    sizes = list(islice(halved(ending, beginning), _SIZES[1]))
    steps = [later - earlier for side in sizes[0] for earlier, later in pairwise(side)]
    shown = float(np.median([np.percentile(np.abs(step), _MOST) for step in steps]))
    found = [_shared(*sides) for sides in sizes[_SIZES[0] :]]
    shares = [share for most, share in found if share is not None and most > _LEAST]
    return Stride(shown, found[0][0], float(np.mean(shares)) if shares else None)


def _shared(before: Sequence[Plane], after: Sequence[Plane]) -> tuple[float, float | None]:
    """The levels that change most in a step, and the seam's share of a step where things move."""
    shown = np.asarray((before[-1] + after[0]) / 2, np.float32)
    changes = [before[-1] - before[-2], after[1] - after[0], after[0] - before[-1]]
    one, other, across = np.abs(cleared(changes, shown))
    steps = np.maximum(one, other)
    most = float(np.percentile(steps, _MOST))
    moving = steps > max(_MOVES, _OF_MOST * most)
    if moving.sum() < _FEW:
        return most, None
    slow, fast = sorted(_power(step[moving]) for step in (one, other))
    return most, _power(across[moving]) / max(slow, _SLOWER * fast)


def _power(changes: np.ndarray) -> float:
    return float(np.sqrt(np.square(changes).mean()))


def without_strip(
    ending: Sequence[Picture], beginning: Sequence[Picture]
) -> tuple[list[Picture], list[Picture]] | None:
    """The same without the quarter along an edge in which all flickers: a ticker, a running code.

    None where there is none, or where more than that changes.
    """
    rows = [
        [np.array_split(measure.luma(picture), _ROWS) for picture in side]
        for side in (ending, beginning)
    ]
    busy = [_flickers([[shown[row] for shown in side] for side in rows]) for row in range(_ROWS)]
    if busy not in ([True, False, False, False], [False, False, False, True]):
        return None
    kept = slice(len(ending[0]) // _ROWS + 1, None) if busy[0] else slice(-len(ending[0]) // _ROWS)
    one, other = ([picture[kept] for picture in side] for side in (ending, beginning))
    return one, other


def _flickers(sides: Sequence[Sequence[Plane]]) -> bool:
    """Whether this row changes a lot from frame to frame, in all its parts but one at most."""
    steps = [later - earlier for side in sides for earlier, later in pairwise(side)]
    parts = np.array_split(np.mean(np.square(steps), axis=0), _ROWS, axis=1)
    return sum(float(part.mean()) > _FLICKER**2 for part in parts) >= _ROWS - 1
