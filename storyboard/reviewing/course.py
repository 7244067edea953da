"""The course of a motion: how the picture changes from frame to frame, and how far a seam follows.

Every change from one frame to the next is a picture of its own, dark where it got darker. Where
something moves steadily, those pictures are alike, and what changes over a seam either lies along
them by one step, or not at all. That is asked by least squares over the whole picture: what has no
detail does not change and has no say, and what an encoder adds goes any way. It is asked of the
picture made coarser and coarser, until its steps are short against its detail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.vision import cv2
from storyboard.reviewing import measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.reviewing.measure import Picture, Plane

LEVELS = 6
"""How often the picture is halved: from 320 pixels to 10."""
_ALIKE = 0.6
"""A course goes on if half of the steps go at least this part of the way of the others."""
_LEAST = 0.05
"""Levels: what changes by less from frame to frame does not change."""
_FLOOR = 0.03
"""Levels that are always taken for noise."""
_LONG = 6
"""Frames on each side from which on the motion away from the seam can be told."""
_COARSER = 3
"""How often the pictures are halved before what an encoder did is gone from single steps."""
_STEADY, _SLOW = 0.85, 0.2
"""Away from the seam both sides go the same way: so alike; and by so many levels a frame."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a motion does at a seam."""

    part: float
    """How far the seam goes the motion's way, in parts of one of its steps."""
    seen: float
    """How much the motion's step next to the seam stands out from what else changes over it: from
    about 0.4 on it can be told. 0 where nothing moves, or never the same way."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The same of one size of the pictures, in levels."""

    part: float
    step: float
    alike: float
    near: float
    across: float
    """What changes over the seam."""

    @property
    def stands_out(self) -> float:
        """The motion's step against what changes over the seam besides."""
        besides = max(self.across**2 - (self.part * self.step) ** 2, 0.0) ** 0.5
        return float(self.step / np.hypot(besides, _FLOOR))


def course(ending: Sequence[Picture], beginning: Sequence[Picture]) -> Course:
    """Follow the motion from the frames before a seam to those after it; needs two on a side."""
    levels = [_level(*sides) for sides in halved(ending, beginning)]
    going = [level for level in levels if level.alike > _ALIKE and level.step > _LEAST]
    if not going:
        return Course(0.0, 0.0)
    weights = np.array([level.stands_out**2 for level in going])
    part, near = (
        float(np.average([getattr(level, name) for level in going], weights=weights))
        for name in ("part", "near")
    )
    return Course(part, max(level.stands_out for level in going) * float(np.clip(near, 0, 1)))


def far(ending: Sequence[Picture], beginning: Sequence[Picture]) -> float | None:
    """How many steps of a steady motion lie between the two pictures of a seam, asked from afar.

    An encoder lets a slow motion lag, and the next clip's key picture catches up with it: next to
    the seam that can't be told from a step. Between the frames far before and far after, both of
    them lagging, it is the same once more: what they are apart, in steps as they are out there,
    less the frames between them. None with few frames, or where the motion isn't steady.
    """
    count = min(len(ending), len(beginning))
    if count < _LONG:
        return None
    sides = islice(halved(ending[-count:], beginning[:count]), _COARSER, None)
    levels = np.array([_from_afar(*side) for side in sides])
    alike, step, part = levels.mean(axis=0)
    return float(part) if alike > _STEADY and step > _SLOW else None


def _from_afar(before: Sequence[Plane], after: Sequence[Plane]) -> tuple[float, float, float]:
    """How alike the steps of both sides are, their size, and the steps between the two pictures."""
    half = len(before) // 2
    shown = np.asarray((before[-1] + after[0]) / 2, np.float32)
    steps = (before[half] - before[0]) / half, (after[-1] - after[-1 - half]) / half
    apart = [np.asarray(step, np.float32) for step in (*steps, after[-1] - before[0])]
    changes = cleared(apart, shown)
    products = changes @ changes.T / changes.shape[1]
    own = max(float(products[0, 1]), 1e-9)
    alike = own / max(float(products[0, 0] * products[1, 1]) ** 0.5, 1e-9)
    part = float(products[2, :2].mean()) / own - 2 * (len(before) - 1)
    return alike, own**0.5, part


def halved(
    ending: Sequence[Picture], beginning: Sequence[Picture]
) -> Iterator[tuple[Sequence[Plane], Sequence[Plane]]]:
    """The brightness of both sides, and then again and again at half the size."""
    before, after = ([measure.luma(picture) for picture in side] for side in (ending, beginning))
    yield before, after
    for _ in range(LEVELS - 1):
        before, after = ([cv2.pyrDown(plane) for plane in side] for side in (before, after))
        yield before, after


def _level(before: Sequence[Plane], after: Sequence[Plane]) -> _Level:
    """Everything follows from the products of the changes with one another."""
    steps = [later - earlier for side in (before, after) for earlier, later in pairwise(side)]
    shown = np.asarray((before[-1] + after[0]) / 2, np.float32)
    changes = cleared([*steps, after[0] - before[-1]], shown)
    products = changes @ changes.T / changes.shape[1]
    inside, count = products[:-1, :-1], len(steps)
    own = max(float(inside.mean()), 1e-9)
    ways = [_way(inside, step) for step in range(count)]
    next_to = ways[max(len(before) - 2, 0) : len(before)]
    return _Level(
        part=float(products[:-1, -1].mean()) / own,
        step=own**0.5,
        alike=float(np.median(ways)),
        near=float(np.mean(next_to)),
        across=float(products[-1, -1]) ** 0.5,
    )


def cleared(changes: Sequence[Plane], picture: Plane) -> NDArray[np.float64]:
    """The changes, a row for each, without what brightness and contrast of the whole add."""
    rows = np.stack([change.ravel() for change in changes]).astype(np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    shown = picture.ravel() - picture.mean(dtype=np.float64)
    return np.asarray(rows - np.outer(rows @ shown / max(shown @ shown, 1e-9), shown))


def _way(products: NDArray[np.float64], step: int) -> float:
    """How far one step goes along the mean of the others, in parts of that."""
    others = [other for other in range(len(products)) if other != step]
    mean = products[np.ix_(others, others)].mean() if others else 0.0
    return float(products[step, others].mean() / max(mean, 1e-9)) if others else 0.0
