"""Throwing pixels to where they are at a moment."""

from __future__ import annotations

import numpy as np
import pytest

from storyboard.draft.forward_warp import splat, thrown
from storyboard.draft.picture import Field

SIZE = (24, 32)


def even(value: float) -> Field:
    """Give a field of one value."""
    return np.full(SIZE, value, np.float32)


def shifts(x: float, y: float = 0.0) -> Field:
    """Give a field of one shift."""
    return np.dstack([even(x), even(y)])


def test_what_is_thrown_lands_whole_between_pixels() -> None:
    """A load split over four pixels adds up to itself."""
    load = np.zeros((1, *SIZE), np.float32)
    load[0, 10, 10] = 1

    landed = thrown(load, shifts(2.25, -1.5))[0]

    assert landed.sum() == pytest.approx(1)
    assert landed[8, 12] == pytest.approx(0.375)
    assert landed[9, 13] == pytest.approx(0.125)


@pytest.mark.parametrize("far", [-1000.0, -33.5, 33.5, 1000.0])
def test_what_lands_off_the_frame_is_lost(far: float) -> None:
    """Nothing piles up at the edges."""
    assert thrown(np.ones((1, *SIZE), np.float32), shifts(far)).sum() == 0
    assert thrown(np.ones((1, *SIZE), np.float32), shifts(0, far)).sum() == 0


def test_the_way_back_is_the_way_there_reversed() -> None:
    """Under one shift every pixel looks back along it; where nothing landed nothing is seen."""
    back, seen = splat(shifts(5, 2), even(0.8), even(1))

    assert np.allclose(back[4:, 8:], (-5, -2), atol=1e-3)
    assert np.allclose(seen[4:, 8:], 0.8, atol=1e-3)
    assert np.all(seen[:, :4] == 0)
    assert np.isfinite(back).all()


def test_the_weightier_of_two_wins() -> None:
    """A thing in front that moves onto what stands still hides it."""
    shift, weight = shifts(0), even(0.001)
    shift[:, 4:12, 0] = 10
    weight[:, 4:12] = 1

    back, _ = splat(shift, even(1), weight)

    assert np.allclose(back[4:-4, 15:21, 0], -10, atol=0.2)
    assert np.allclose(back[4:-4, 26:, 0], 0, atol=0.2)


def test_a_growing_picture_has_no_cracks() -> None:
    """Pixels that land apart leave no hole between them."""
    rows, columns = np.mgrid[0 : SIZE[0], 0 : SIZE[1]].astype(np.float32)
    away = np.dstack([(columns - 16) * 0.6, (rows - 12) * 0.6])

    back, seen = splat(away, even(1), even(1))

    assert seen.min() > 0.9
    assert np.abs(back[2:-2, 2:-2] + away[2:-2, 2:-2] / 1.6).max() < 0.5
