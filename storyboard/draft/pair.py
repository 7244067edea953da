"""All that is worked out once about two pictures of one scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyboard.draft.confidence import belief, presence
from storyboard.draft.depth_layers import brimmed, layered, ranks
from storyboard.draft.field import blurred, size_of
from storyboard.draft.flow import among, flow, proposals
from storyboard.draft.hypotheses import hypotheses, turned_round
from storyboard.draft.light import relighting
from storyboard.draft.small_copy import colour_likeness, proxy
from storyboard.draft.trajectory import roll_of

if TYPE_CHECKING:
    from storyboard.draft.depth_layers import Layered
    from storyboard.draft.flow import Proposals
    from storyboard.draft.hypotheses import Hypothesis, Motion
    from storyboard.draft.picture import Field, Picture
    from storyboard.draft.small_copy import SmallCopy

STANDING_STILL: Motion = np.eye(3)
SAME_LIGHT = 2.0
RARE = 0.015
"""What a smaller share of the pictures does is left to dissolve: it is rarely true."""


@dataclass(frozen=True, slots=True)
class Side:
    """One picture of a pair and how its pixels travel to the other's, at proxy size.

    `shift` (h, w, 2) is the whole way in proxy pixels; `zoom` (h, w) the factor by which a spot
    comes nearer; `presence` (h, w) its claim, 0 to 1, to be seen on the way; `nearness` (h, w)
    its weight against what it meets there; `light` (h, w, 3) the change of its colour.
    """

    picture: Picture
    shift: Field
    zoom: Field
    presence: Field
    nearness: Field
    light: Field


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures and the motion between them.

    `score` is the share of both that was found again in the other, 0 to 1; `motions` the
    number of layers; `roll` the camera's turn in radians; `relit` whether the light changes.
    """

    start: Side
    end: Side
    score: float
    motions: int
    roll: float
    relit: bool


def measured(start: Picture, end: Picture) -> Pair:
    """Measure the motion between two pictures of the same shape."""
    here, there = proxy(start), proxy(end)
    found, forth, back = followed(here, there)
    ways_back = [turned_round(one) for one in found]
    leaving = layered(forth.shift, forth.sure, here.lab, motions_of(found))
    arriving = layered(back.shift, back.sure, there.lab, motions_of(ways_back))
    height = ranks(leaving, arriving, max(1, len(found)))
    sides = (
        side(start, here, there, layers=brimmed(leaving, height), height=height),
        side(end, there, here, layers=brimmed(arriving, height), height=height),
    )
    return Pair(
        *sides,
        score=float(forth.sure.mean() + back.sure.mean()) / 2,
        motions=len(found),
        roll=roll_of(found[0].motion, size_of(here.luma)) if found else 0.0,
        relit=any(changes(one.light) for one in sides),
    )


class Followed(NamedTuple):
    """The way (h, w, 2) each pixel of a picture goes, the index of its motion, and how surely."""

    shift: Field
    kind: Picture
    sure: Field


def followed(here: SmallCopy, there: SmallCopy) -> tuple[list[Hypothesis], Followed, Followed]:
    """Follow every pixel both ways, by no motions but those a fair part of the pictures goes."""
    found = list(hypotheses(here.luma, there.luma))
    likeness = colour_likeness(here, there)
    offered = (
        proposals(here, there, found, likeness=likeness),
        proposals(there, here, [turned_round(one) for one in found], likeness=likeness),
    )
    forth, back = believed(*offered)
    kept = widespread(forth, back)
    if len(kept) < len(found):
        found = [found[kind] for kind in kept]
        forth, back = believed(*(among(one, kept) for one in offered))
    return found, forth, back


def believed(offered: Proposals, offered_back: Proposals) -> tuple[Followed, Followed]:
    """Choose among the proposals both ways, and say how far each choice is to be believed."""
    forth, back = flow(offered), flow(offered_back)
    return (
        Followed(forth.shift, forth.kind, belief(forth, back)),
        Followed(back.shift, back.kind, belief(back, forth)),
    )


def widespread(forth: Followed, back: Followed) -> list[int]:
    """List the motions that enough of both pictures surely follows, and always the first."""
    votes = sum(np.bincount(way.kind.ravel(), way.sure.ravel(), 256) for way in (forth, back))
    return [0, *(int(kind) for kind in np.flatnonzero(votes > 2 * RARE * forth.sure.size) if kind)]


def motions_of(found: Sequence[Hypothesis]) -> tuple[Motion, ...]:
    """List the motions found; a camera that stands still where there are none."""
    return tuple(one.motion for one in found) or (STANDING_STILL,)


def side(
    picture: Picture, here: SmallCopy, there: SmallCopy, *, layers: Layered, height: Field
) -> Side:
    """Put together what is known of one picture; `height` ranks the layers, front high."""
    return Side(
        picture=picture,
        shift=layers.shift,
        zoom=layers.zoom,
        presence=presence(layers.shift, layers.sure),
        nearness=np.exp(6 * blurred(height[layers.layer], 0.7)),
        light=relighting(here.rgb, there.rgb, layers.shift, layers.sure),
    )


def changes(light: Field) -> bool:
    """Tell whether the light visibly changes in a good part of the picture."""
    return bool(np.percentile(np.abs(light), 80) > SAME_LIGHT)
