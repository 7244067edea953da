"""The outlines of layers."""

from __future__ import annotations

import numpy as np

from storyboard.draft.outline import nearest_in, rim_of, whole, without_islands
from storyboard.draft.picture import Field, Picture

SIZE = (60, 90)


def votes(*things: tuple[slice, slice]) -> Field:
    """Let everything join layer 0, but these places layer 1."""
    joined = np.zeros((2, *SIZE), np.float32)
    joined[0] = 0.5
    for rows, columns in things:
        joined[1, rows, columns] = 1
    return joined


def block(rows: slice, columns: slice) -> Picture:
    """Give a picture of layer 0 with a block of layer 1."""
    layer = np.zeros(SIZE, np.uint8)
    layer[rows, columns] = 1
    return layer


def test_a_patch_of_a_few_pixels_is_no_layer() -> None:
    """An island falls to the layer next in the vote, a large patch stays."""
    layer = without_islands(
        votes((slice(10, 40), slice(10, 40)), (slice(50, 52), slice(70, 73))),
    )

    assert np.all(layer[10:40, 10:40] == 1)
    assert np.all(layer[50:52, 70:73] == 0)


def test_what_is_unsure_joins_the_thing_around_it() -> None:
    """A gap in a thing is filled, unless it was surely seen to move otherwise."""
    layer = block(slice(10, 50), slice(10, 60))
    layer[20:30, 20:24] = layer[20:30, 40:44] = 0
    sure = np.ones(SIZE, np.float32)
    sure[20:30, 20:24] = 0

    result = whole(layer, sure)

    assert np.all(result[20:30, 20:24] == 1)
    assert np.all(result[20:30, 40:44] == 0)
    assert np.all(result[:, 70:] == 0)


def test_the_rim_lies_around_a_thing_and_belongs_to_its_nearest_pixel() -> None:
    """Two pixels wide, and each knows whom to follow."""
    thing = block(slice(20, 40), slice(20, 40)) > 0

    rim, nearest = rim_of(thing), nearest_in(thing)

    assert rim[30, 41]
    assert not rim[30, 43]
    assert not (rim & thing).any()
    assert nearest[30, 41] == 30 * SIZE[1] + 39
