"""All that is worked out once about two pictures of one scene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from storyboard.draft.confidence import belief, presence
from storyboard.draft.field import blurred, size_of
from storyboard.draft.flow import flow
from storyboard.draft.hypotheses import Motion, hypotheses, inverse
from storyboard.draft.layers import Layered, layered, ranks
from storyboard.draft.light import relighting
from storyboard.draft.picture import Field, Picture
from storyboard.draft.proxy import Proxy, colour_likeness, proxy
from storyboard.draft.travel import roll_of

STANDING_STILL: Motion = np.eye(3)
SAME_LIGHT = 2.0


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
    likeness = colour_likeness(here, there)
    found = hypotheses(here.luma, there.luma)
    ways_back = tuple(inverse(motion) for motion in found)
    forth = flow(here, there, found, likeness=likeness)
    back = flow(there, here, ways_back, likeness=likeness)
    sure, sure_back = belief(forth, back), belief(back, forth)
    leaving = layered(forth.shift, sure, here.lab, found or (STANDING_STILL,))
    arriving = layered(back.shift, sure_back, there.lab, ways_back or (STANDING_STILL,))
    height = ranks(leaving, arriving, max(1, len(found)))
    sides = (
        side(start, here, there, layers=leaving, height=height),
        side(end, there, here, layers=arriving, height=height),
    )
    return Pair(
        *sides,
        score=float(sure.mean() + sure_back.mean()) / 2,
        motions=len(found),
        roll=roll_of(found[0], size_of(here.luma)) if found else 0.0,
        relit=any(changes(one.light) for one in sides),
    )


def side(picture: Picture, here: Proxy, there: Proxy, *, layers: Layered, height: Field) -> Side:
    """Put together what is known of one picture; `height` ranks the layers, front high."""
    return Side(
        picture=picture,
        shift=layers.shift,
        zoom=layers.zoom,
        presence=presence(layers.shift, layers.sure),
        nearness=np.exp(3 * blurred(height[layers.layer], 0.7)),
        light=relighting(here.rgb, there.rgb, layers.shift, layers.sure),
    )


def changes(light: Field) -> bool:
    """Tell whether the light visibly changes anywhere but in a few spots."""
    return bool(np.percentile(np.abs(light), 95) > SAME_LIGHT)
