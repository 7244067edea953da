"""The paths of pixels under a moving camera."""

from __future__ import annotations

import numpy as np
import pytest

from storyboard.draft.field import grid
from storyboard.draft.trajectory import on_the_way, roll_of, travelled, turned

SIZE = (21, 31)


def test_what_keeps_its_distance_moves_evenly() -> None:
    """Without zoom the fraction of the way is the time."""
    assert np.allclose(travelled(np.ones(SIZE, np.float32), 0.3), 0.3)


def test_what_comes_nearer_speeds_up() -> None:
    """Half the way to half the distance, the size is 4/3, not 3/2."""
    fraction = travelled(np.full(SIZE, 2, np.float32), 0.5)

    assert np.allclose(1 + fraction * (2 - 1), 4 / 3)


@pytest.mark.parametrize("time", [0.1, 0.5, 0.8])
def test_both_ends_agree_on_the_path(time: float) -> None:
    """Seen from the other still the way is the rest of this one's."""
    nearer, farther = np.full(SIZE, 1.7, np.float32), np.full(SIZE, 1 / 1.7, np.float32)

    forth, back = travelled(nearer, time), travelled(farther, 1 - time)

    assert np.allclose(forth + back, 1)


def test_a_rolling_camera_takes_pixels_on_an_arc() -> None:
    """Halfway through a quarter turn a pixel is as far from the middle as before."""
    places = grid(SIZE) - np.array([SIZE[1] / 2, SIZE[0] / 2], np.float32)
    quarter = turned(places, np.pi / 2) - places

    half = on_the_way(quarter, np.full(SIZE, 0.5, np.float32), roll=np.pi / 2, time=0.5)

    assert np.allclose(places + half, turned(places, np.pi / 4), atol=1e-4)


def test_the_roll_of_a_motion_is_its_turn() -> None:
    """A zoom and a shift do not count."""
    angle = 0.1
    turn = 1.4 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    motion = np.vstack([np.column_stack([turn, [7.0, -3.0]]), [0.0, 0.0, 1.0]])

    assert roll_of(motion, SIZE) == pytest.approx(angle, abs=1e-3)
