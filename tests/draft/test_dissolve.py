"""Dissolves and push-ins, which need no measured motion."""

from __future__ import annotations

import numpy as np
import pytest

from storyboard.draft.dissolve import dissolve, end_share, push, pushed
from tests.draft.stills import painting, plain, psnr


def test_a_picture_that_is_not_pushed_is_unchanged() -> None:
    """Zoom 1 gives the pixels back."""
    assert np.array_equal(pushed(painting(1), 1.0), painting(1))


@pytest.mark.parametrize("zoom", [0.9, 0.97, 1.03, 1.2])
def test_a_push_keeps_the_middle_in_its_place(zoom: float) -> None:
    """The picture grows about its middle, to less than a tenth of a pixel."""
    rows, columns = np.mgrid[0:121, 0:121]
    spot = (np.hypot(rows - 60, columns - 60) < 20)[..., None] * np.uint8(255)

    seen = pushed(np.repeat(spot, 3, axis=2), zoom)[..., 0].astype(np.float64)

    assert (seen * rows).sum() / seen.sum() == pytest.approx(60, abs=0.1)
    assert (seen * columns).sum() / seen.sum() == pytest.approx(60, abs=0.1)
    assert seen.sum() / spot.sum() == pytest.approx(zoom**2, rel=0.02)


def test_a_pull_back_mirrors_what_is_beyond_the_edge() -> None:
    """No black border comes into the frame."""
    assert pushed(plain(200), 0.9).min() == 200


def test_a_dissolve_shows_both_stills_only_in_the_middle() -> None:
    """The share of the end still rises from 0 to 1 within the middle of the shot."""
    shares = [end_share(time) for time in np.linspace(0, 1, 101)]

    assert shares == sorted(shares)
    assert shares[:30] == [0] * 30
    assert shares[50] == pytest.approx(0.5)
    assert shares[-30:] == [1] * 30


def test_a_dissolve_is_a_push_on_each_still() -> None:
    """Before the middle it is a push on the start, and it ends on the end still."""
    start, end = painting(1), painting(2)

    (early,), (last,) = dissolve((start,), (end,), [0.2, 1.0])

    assert np.array_equal(early, next(push((start,), [0.2]))[0])
    assert psnr(last, end) > 60
