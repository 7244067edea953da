"""Transitions: what is seen on their first, middle and last frame."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from storyboard.rendering.transitions import TRANSITIONS
from storyboard.timeline import PlacedTransition
from storyboard.video.colour import Picture

Direction = Literal["left", "right", "up", "down"]
OLD = np.full((8, 10, 3), 200, np.uint8)
NEW = np.full((8, 10, 3), 50, np.uint8)


def seen(
    transition: PlacedTransition, step: int, old: Picture = OLD, new: Picture = NEW
) -> Picture:
    """The picture on a step of the transition."""
    return TRANSITIONS[transition.kind](old, new, step, transition)


def test_a_dissolve_is_mixed_from_its_first_to_its_last_frame() -> None:
    """Step i of n shows (i + 1) / (n + 1) of the new picture: never a pure one."""
    dissolve = PlacedTransition("dissolve", at=20, before=2, after=3)

    shown = [int(seen(dissolve, step)[0, 0, 0]) for step in range(dissolve.frames)]

    assert shown == [175, 150, 125, 100, 75]


def test_a_dissolve_of_one_frame_is_half_and_half() -> None:
    """Even the shortest one mixes."""
    assert int(seen(PlacedTransition("dissolve", at=5, before=0, after=1), 0)[0, 0, 0]) == 125


def test_a_fade_reaches_its_colour_at_the_cut() -> None:
    """Down on the old side, the colour on both frames of the cut, up on the new side."""
    fade = PlacedTransition("fade", at=20, before=2, after=4, color="#0a0a0a")

    shown = [int(seen(fade, step)[0, 0, 0]) for step in range(fade.frames)]

    assert shown == [105, 10, 10, 20, 30, 40]


def test_a_fade_goes_through_any_colour() -> None:
    """The colour is written as #rrggbb."""
    fade = PlacedTransition("fade", at=20, before=1, after=1, color="#ff8000")

    assert seen(fade, 0)[0, 0].tolist() == [255, 128, 0]


@pytest.mark.parametrize(
    ("direction", "corner"),
    [("left", (0, 9)), ("right", (0, 0)), ("up", (7, 0)), ("down", (0, 0))],
)
@pytest.mark.parametrize("kind", ["wipe", "slide"])
def test_the_new_picture_comes_from_where_the_movement_starts(
    kind: Literal["wipe", "slide"], direction: Direction, corner: tuple[int, int]
) -> None:
    """A movement to the left starts at the right edge, and so on; half of it is there half way."""
    moving = PlacedTransition(kind, at=20, before=4, after=5, direction=direction)

    first, middle, last = (seen(moving, step) for step in (0, 4, 8))

    assert (first[corner] == NEW[0, 0]).all()
    opposite = (7 - corner[0], 9 - corner[1])
    assert (first[opposite] == OLD[0, 0]).all()
    assert (middle == NEW).all(axis=2).mean() == 0.5
    assert (last == NEW).all(axis=2).mean() >= 0.75
    assert (last[opposite] == OLD[0, 0]).all() or direction in ("up", "down")


def test_a_wipe_uncovers_and_a_slide_pushes() -> None:
    """In a wipe both pictures stand still; in a slide both move."""
    old = np.broadcast_to(np.arange(10, dtype=np.uint8)[None, :, None], (8, 10, 3)).copy()
    new = old + 100

    wiped = seen(PlacedTransition("wipe", at=20, before=4, after=5), 4, old, new)
    slid = seen(PlacedTransition("slide", at=20, before=4, after=5), 4, old, new)

    assert wiped[0, :, 0].tolist() == [0, 1, 2, 3, 4, 105, 106, 107, 108, 109]
    assert slid[0, :, 0].tolist() == [5, 6, 7, 8, 9, 100, 101, 102, 103, 104]


def test_pictures_that_are_mixed_stay_as_they_are() -> None:
    """A transition never writes into the pictures it is given: they may be shared."""
    for kind in TRANSITIONS:
        frozen = OLD.copy()
        frozen.flags.writeable = False

        seen(PlacedTransition(kind, at=5, before=2, after=2), 1, frozen, NEW)

        assert (frozen == 200).all()
