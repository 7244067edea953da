"""A take that is black, frozen or not as ordered is pointed at."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from storyboard.reviewing.oddities import Expected, oddities
from storyboard.testing.clips import write_clip
from storyboard.units.sizes import Size
from tests.reviewing.scenes import pan, take, view


def test_a_moving_take_is_not_odd(tmp_path: Path) -> None:
    """Slow motion is motion."""
    path = take(tmp_path / "take.mp4", pan(20, 0.3, 12)).path

    assert oddities(path) == ()


def test_a_black_take_is_odd(tmp_path: Path) -> None:
    """Grain does not hide it."""
    made = np.random.default_rng(1)
    black = [made.integers(0, 9, (180, 320, 3)).astype(np.uint8) for _ in range(9)]

    assert oddities(take(tmp_path / "take.mp4", black).path) == ("it is black throughout",)


def test_black_frames_in_a_take_are_counted(tmp_path: Path) -> None:
    """A take that ends in black is not black throughout."""
    pictures = [*pan(20, 2, 6), *([np.zeros((180, 320, 3), np.uint8)] * 3)]

    (odd,) = oddities(take(tmp_path / "take.mp4", pictures).path)

    assert odd == "3 of 9 frames looked at are black"


def test_a_frozen_take_is_odd(tmp_path: Path) -> None:
    """One picture all along, with grain."""
    frozen = [view(20, grain=n) for n in range(12)]

    (odd,) = oddities(take(tmp_path / "take.mp4", frozen).path)

    assert "nothing moves" in odd


def test_a_night_scene_is_not_black(tmp_path: Path) -> None:
    """Dark pictures with a light in them are left alone."""
    night = [(picture // 8).astype(np.uint8) for picture in pan(20, 3, 9)]
    for n, picture in enumerate(night):
        picture[80:110, 20 + 20 * n : 60 + 20 * n] = 230

    assert oddities(take(tmp_path / "take.mp4", night).path) == ()


def test_what_is_not_as_ordered_is_said(tmp_path: Path) -> None:
    """Frames (beyond two), rate, size and sound are compared."""
    path = tmp_path / "take.mp4"
    write_clip(path, frames=20, size=(64, 36), rate=24, shot=1)
    wanted = Expected(frames=25, rate=Fraction(30), size=Size(64, 64), sound=True)

    assert oddities(path, wanted) == (
        "it has 20 frames, not 25",
        "it runs at 24 fps, not 30",
        "it is 64x36, not 64x64",
        "it has no sound",
    )
    assert oddities(path, Expected(frames=22, rate=Fraction(24), size=Size(64, 36))) == ()
