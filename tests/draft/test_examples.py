"""The example films, which are what a newcomer sees first: nothing in between is torn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from storyboard.draft import Picture, frames

EXAMPLES = Path(__file__).parents[2] / "examples"
SIZE = (640, 360)
EDGE = 40
NEAR = 4
STANDING = [
    ("four-seasons", "01-winter", "02-spring"),
    ("four-seasons", "02-spring", "03-summer"),
    ("four-seasons", "03-summer", "04-autumn"),
    ("four-seasons", "04-autumn", "05-first-snow"),
    ("morning-ride", "04-quay", "05-lights"),
]
MOVING = [
    ("morning-ride", "01-door", "02-street"),
    ("morning-ride", "02-street", "03-bridge"),
]


def still(film: str, name: str) -> Picture:
    """Load a keyframe of an example, reduced."""
    with Image.open(EXAMPLES / film / "frames" / f"{name}.png") as picture:
        return np.asarray(picture.convert("RGB").resize(SIZE, Image.Resampling.BOX), np.uint8)


def edges(picture: Picture) -> NDArray[np.bool_]:
    """Tell where a picture has a strong edge."""
    gray = np.asarray(Image.fromarray(picture).convert("L"), np.float32)
    across, down = np.abs(np.diff(gray, axis=1)), np.abs(np.diff(gray, axis=0))
    return np.asarray(across[:-1] + down[:, :-1] > EDGE, bool)


def around(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Spread marks to what is within NEAR pixels of them."""
    wide = np.pad(marks, NEAR)
    windows = np.lib.stride_tricks.sliding_window_view(wide, (2 * NEAR + 1, 2 * NEAR + 1))
    return np.asarray(windows.max((-1, -2)), bool)


@pytest.mark.parametrize(("film", "first", "second"), STANDING)
def test_a_standing_camera_draws_no_edge_that_neither_still_has(
    film: str, first: str, second: str
) -> None:
    """The season changes without torn banks: hardly one strong edge in 3000 pixels is new."""
    start, end = still(film, first), still(film, second)
    known = around(edges(start) | edges(end))

    shot = list(frames(start, end, 5))

    assert all((edges(frame) & ~known).mean() < 3e-4 for frame in shot[1:-1])


@pytest.mark.parametrize(("film", "first", "second"), MOVING)
def test_a_moving_camera_tears_nothing_to_pieces(film: str, first: str, second: str) -> None:
    """Torn things have more edges than whole ones: in between there are fewer than in a still."""
    start, end = still(film, first), still(film, second)
    most = max(edges(start).mean(), edges(end).mean())

    shot = list(frames(start, end, 5))

    assert all(edges(frame).mean() < 0.9 * most for frame in shot[1:-1])


@pytest.mark.parametrize(("film", "first", "second"), STANDING)
def test_no_colour_appears_that_neither_still_has_about_there(
    film: str, first: str, second: str
) -> None:
    """Compared patch by patch: no blotch of light where leaves give way to the sky."""
    start, end = (patches(still(film, name)) for name in (first, second))
    low, high = np.minimum(start.min(0), end.min(0)), np.maximum(start.max(0), end.max(0))

    shot = list(frames(still(film, first), still(film, second), 5))

    for frame in shot[1:-1]:
        seen = patches(frame)
        strange = ((seen < low - 12) | (seen > high + 12)).any(-1)
        assert strange.mean() < 1.5e-3


def patches(picture: Picture) -> NDArray[np.int16]:
    """List the colours in each patch of 40 by 40 pixels, (colours, patches, 3)."""
    side = 40
    rows, columns = picture.shape[0] // side, picture.shape[1] // side
    cut = picture.reshape(rows, side, columns, side, 3).transpose(1, 3, 0, 2, 4)
    return cut.reshape(side * side, rows * columns, 3).astype(np.int16)
