"""How much better than another a motion must fit before a pixel is taken to follow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.field import blurred

if TYPE_CHECKING:
    from storyboard.draft.hypotheses import Hypothesis, Points
    from storyboard.draft.picture import Field

RARE, RAREST = 2.0, 10.0
STRANGE = 6.0
NEARBY = 24.0


def doubts(found: Sequence[Hypothesis], size: tuple[int, int]) -> list[Field]:
    """Say for each motion found what it costs to be taken for a pixel's, (h, w).

    What few features follow is doubtful, because repeated things are easily mistaken for one
    another. So is a motion far from its features, except the first, which is the scene's.
    """
    followers = [max(1, len(one.here)) for one in found]
    return [
        RARE * np.log(min(RAREST, max(followers) / followers[rank]))
        + (STRANGE if rank else 0) * (1 - nearby(one.here, size))
        for rank, one in enumerate(found)
    ]


def nearby(points: Points, size: tuple[int, int]) -> Field:
    """Say from 0 to 1 how near each pixel is to some of the points, (h, w)."""
    height, width = size
    marks = np.zeros(size, np.float32)
    columns, rows = np.rint(points).astype(np.int64).T
    np.add.at(marks, (rows.clip(0, height - 1), columns.clip(0, width - 1)), 1)
    density = blurred(marks, NEARBY) * (2 * np.pi * NEARBY**2)
    return np.asarray(np.minimum(1, density), np.float32)
