"""Decide how two stills are joined: drawn as one camera's way, or dissolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storyboard.draft.pair import measured
from storyboard.draft.small_copy import proxy_size
from storyboard.draft.threads import one_thread

if TYPE_CHECKING:
    from storyboard.draft.pair import Pair
    from storyboard.draft.picture import Picture

SAME_SCENE = 0.30
"""The score from which two pictures count as one scene: unlike scenes score about 0.05,
the widest camera moves tried 0.6."""

SHORTEST_SIDE = 32
"""Dense inverse search needs some pixels to work on; so many of the proxy's shorter side."""


@dataclass(frozen=True, slots=True)
class Match:
    """How two stills are joined, and why.

    `score` is the share of both pictures found again in the other, 0 to 1; `motions` counts
    the layers that move alike; `reason` is a sentence. `pair` is the measured motion, None
    for a dissolve.
    """

    method: Literal["morph", "dissolve"]
    score: float
    motions: int
    reason: str
    pair: Pair | None = field(default=None, repr=False, compare=False)


def match(start: Picture, end: Picture) -> Match:
    """Measure two stills of the same shape and choose how to join them."""
    if min(proxy_size(start)) < SHORTEST_SIDE:
        return dissolved("the pictures are too small or too narrow to measure motion in")
    with one_thread():
        return judged(measured(start, end))


def dissolved(reason: str) -> Match:
    """Give the match of pictures that could not be measured."""
    return Match(method="dissolve", score=0.0, motions=0, reason=reason)


def judged(pair: Pair) -> Match:
    """Choose by how much of the pictures was found again."""
    found = f"{pair.score:.0%} of the two pictures was found again in the other"
    if pair.score < SAME_SCENE:
        return Match("dissolve", pair.score, pair.motions, f"different scenes: only {found}")
    return Match("morph", pair.score, pair.motions, found, pair)
