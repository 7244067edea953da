"""Layers of a scene: what hidden pixels do, and who is in front."""

from __future__ import annotations

import numpy as np

from storyboard.draft.depth_layers import Layered, layered, ranks
from storyboard.draft.hypotheses import Motion, inverse
from storyboard.draft.picture import Field

SIZE = (40, 60)
STILL: Motion = np.eye(3)
ASIDE: Motion = np.array([[1.0, 0, 20], [0, 1, 0], [0, 0, 1]])


def block(columns: slice) -> Field:
    """Give a field of 0 with a block of 1 in those columns."""
    field = np.zeros(SIZE, np.float32)
    field[10:30, columns] = 1
    return field


def seen(*, thing: slice, hidden: slice, motion: Motion) -> Layered:
    """Look at a thing of one colour that moves by `motion` over a still ground."""
    guide = np.repeat(255 * block(thing)[..., None], 3, axis=2)
    shift = np.zeros((*SIZE, 2), np.float32)
    shift[..., 0] = motion[0, 2] * block(thing)
    return layered(shift, 1 - block(hidden), guide, (STILL, motion))


def test_a_hidden_pixel_moves_with_the_surface_it_lies_on() -> None:
    """The ground goes on standing still where the thing will hide it."""
    side = seen(thing=slice(5, 15), hidden=slice(25, 35), motion=ASIDE)

    assert np.abs(side.shift[10:30, 25:35]).max() < 0.5
    assert np.all(side.layer[10:30, 5:15] == 1)
    assert np.all(side.layer[:, 25:] == 0)


def test_a_surface_is_carried_on_past_what_was_measured() -> None:
    """A part of the thing that was not found again moves with the rest of it."""
    side = seen(thing=slice(5, 25), hidden=slice(15, 25), motion=ASIDE)

    assert np.allclose(side.shift[12:28, 17:23, 0], 20, atol=1)


def test_what_hides_is_in_front() -> None:
    """The thing that covers ground in both stills outranks it."""
    start = seen(thing=slice(5, 15), hidden=slice(25, 35), motion=ASIDE)
    end = seen(thing=slice(25, 35), hidden=slice(5, 15), motion=inverse(ASIDE))

    ground, thing = ranks(start, end, 2)

    assert thing > 0.5 > ground
