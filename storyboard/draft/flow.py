"""Dense motion between two proxies: several proposals, and the best of them at each pixel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyboard.draft.field import along, grid, inside, picked, size_of
from storyboard.draft.hypotheses import displacement
from storyboard.draft.prior_cost import doubts
from storyboard.draft.small_copy import in_palette_of
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.draft.hypotheses import Hypothesis
    from storyboard.draft.picture import Field, Picture
    from storyboard.draft.small_copy import SmallCopy

FURTHEST_REFINEMENT = 6.0
REFINED_COST = 0.7
ALONE, ROUNDS = 8.0, 3
OFF_FRAME_COST = 15.0
LUMA_SHARE, LUMA_LIMIT = 0.6, 60
COLOUR_SHARE, COLOUR_LIMIT = 0.8, 90


class Flow(NamedTuple):
    """Where each pixel of one picture has gone in the other.

    `shift` (h, w, 2) is in proxy pixels; `cost` (h, w) is near 0 where the pictures agree
    along it, about 20 and more where they do not; `kind` (h, w) is the index of the motion.
    """

    shift: Field
    cost: Field
    kind: Picture


@dataclass(frozen=True, slots=True)
class Proposals:
    """The shifts (n, h, w, 2) one picture's pixels may have gone by, and what each costs (n, h, w).

    `kinds` (n) is the index of the motion that each stems from; `judge` averages costs.
    """

    shifts: Field
    costs: Field
    kinds: NDArray[np.uint8]
    judge: GuidedFilter


def proposals(
    here: SmallCopy, there: SmallCopy, found: Sequence[Hypothesis], *, likeness: float
) -> Proposals:
    """Propose the motions found, as they are and refined, and see how well each pixel fits.

    `likeness`, from 0 to 1, says how much colour counts.
    """
    shifts, handicaps, kinds = zip(*proposed(here.luma, there.luma, found), strict=True)
    toned = in_palette_of(here, there.lab)
    judge = GuidedFilter(here.lab[..., 0])
    costs = [
        judge(disagreement(here, there, toned, shift, likeness=likeness)) + handicap
        for shift, handicap in zip(shifts, handicaps, strict=True)
    ]
    return Proposals(np.stack(shifts), np.stack(costs), np.array(kinds, np.uint8), judge)


def among(offered: Proposals, kept: Sequence[int]) -> Proposals:
    """Leave only the proposals of the `kept` kinds, which are numbered anew."""
    wanted = np.flatnonzero(np.isin(offered.kinds, kept))
    kinds = np.searchsorted(kept, offered.kinds[wanted]).astype(np.uint8)
    return Proposals(offered.shifts[wanted], offered.costs[wanted], kinds, offered.judge)


def flow(offered: Proposals) -> Flow:
    """Choose the best proposal for every pixel."""
    best = agreed(offered)
    return Flow(
        shift=picked(offered.shifts, best),
        cost=picked(offered.costs, best),
        kind=offered.kinds[best],
    )


def agreed(offered: Proposals) -> Picture:
    """Choose the cheapest proposal at each pixel, but not alone against its neighbours, (h, w).

    Proposals of one kind count as the same choice.
    """
    best = offered.costs.argmin(0)
    for _ in range(ROUNDS):
        company = np.stack(
            [
                offered.judge((offered.kinds[best] == kind).astype(np.float32))
                for kind in range(int(offered.kinds.max()) + 1)
            ]
        )
        best = (offered.costs + ALONE * (1 - company[offered.kinds])).argmin(0)
    return np.asarray(cv2.medianBlur(best.astype(np.uint8), 5), np.uint8)


def proposed(
    here: Picture, there: Picture, found: Sequence[Hypothesis]
) -> Iterator[tuple[Field, Field | float, int]]:
    """Yield the shifts to choose from, each with the cost of being less simple, and its kind."""
    if not found:
        yield searched(here, there), 0.0, 0
    size = size_of(here)
    for kind, (one, doubt) in enumerate(zip(found, doubts(found, size), strict=True)):
        shift = displacement(one.motion, size)
        yield shift, doubt, kind
        yield refined(here, there, shift), doubt + REFINED_COST, kind


def searched(here: Picture, there: Picture) -> Field:
    """Find the shifts of a few dozen pixels at most by dense inverse search."""
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return np.asarray(search.calc(here, there, None), np.float32)


def refined(here: Picture, there: Picture, shift: Field) -> Field:
    """Follow `shift`, then search for the rest of the way, a few pixels at most."""
    brought = cv2.remap(
        there,
        grid(size_of(shift)) + shift,
        None,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    rest = searched(here, np.asarray(brought, np.uint8))
    length = np.linalg.norm(rest, axis=2, keepdims=True)
    rest *= np.minimum(1, FURTHEST_REFINEMENT / np.maximum(length, 1e-3))
    return rest + along(shift, rest)


def disagreement(
    here: SmallCopy, there: SmallCopy, toned: Field, shift: Field, *, likeness: float
) -> Field:
    """Say how unlike each pixel is to the one that `shift` leads to, (h, w).

    `toned` is the other picture's colour in this one's palette.
    """
    luma = np.abs(here.luma - along(there.luma.astype(np.float32), shift))
    cost = LUMA_SHARE * np.minimum(luma, LUMA_LIMIT)
    if likeness > 0.02:
        colour = np.abs(here.lab - along(toned, shift)).sum(-1)
        cost += likeness * COLOUR_SHARE * np.minimum(colour, COLOUR_LIMIT)
    cost[~inside(shift)] = OFF_FRAME_COST
    return np.asarray(cost, np.float32)


class GuidedFilter:
    """Averages a cost among neighbours that look alike in the guide (h, w)."""

    def __init__(self, guide: Field, *, radius: int = 7, flatness: float = 60.0) -> None:
        self.guide = np.ascontiguousarray(guide)
        self.window = (2 * radius + 1, 2 * radius + 1)
        self.mean = self.average(self.guide)
        spread = self.average(self.guide * self.guide) - self.mean * self.mean
        self.sharpness: Field = np.asarray(1 / (spread + flatness), np.float32)

    def average(self, values: Field) -> Field:
        """Take the mean over the window around each pixel."""
        return np.asarray(cv2.boxFilter(values, -1, self.window), np.float32)

    def __call__(self, cost: Field) -> Field:
        """Filter `cost` (h, w)."""
        level = self.average(cost)
        slope = (self.average(self.guide * cost) - self.mean * level) * self.sharpness
        return self.average(slope) * self.guide + self.average(level - slope * self.mean)
