"""Smoothing that stops at edges."""

from __future__ import annotations

import numpy as np
import pytest

from storyboard.draft.edge_smoothing import spread


def test_a_blur_without_edges_keeps_an_even_field() -> None:
    """The weights add up to 1."""
    even = np.full((30, 40, 2), 3, np.float32)

    assert np.allclose(
        spread(even, np.zeros((30, 40, 3), np.float32), reach=8, contrast=10), 3, rtol=1e-4
    )


def test_an_edge_stops_the_blur() -> None:
    """What is on one side of a strong edge is not heard on the other."""
    halves = np.zeros((30, 40, 1), np.float32)
    halves[:, :20] = 1
    guide = np.repeat(halves * 255, 3, axis=2)

    smooth = spread(halves, guide, reach=20, contrast=10)[..., 0]

    assert smooth[:, 19] == pytest.approx(1, abs=0.01)
    assert smooth[:, 20] == pytest.approx(0, abs=0.01)


def test_a_blur_reaches_as_far_as_asked() -> None:
    """One bright pixel is heard at its reach, and hardly at four times that."""
    spot = np.zeros((81, 81, 1), np.float32)
    spot[40, 40] = 1

    smooth = spread(spot, np.zeros((81, 81, 1), np.float32), reach=8, contrast=10)[..., 0]

    assert smooth[40, 48] > 0.2 * smooth[40, 40]
    assert smooth[40, 72] < 0.05 * smooth[40, 40]
