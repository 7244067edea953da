"""A slow camera, and an encoder that leaves its steps out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.seam_pairs import MOTIONS, Pair, Picture, painted
from storyboard.reviewing.pace import between
from storyboard.reviewing.repeat import repeat

SLOW = "pan 0.2"
"""A tenth of a pixel of a picture 320 wide."""
PROMPT = (-7, -6, -5, -4, -3, -2, -1, 0)
HELD_BACK = (-7, -6, -5, -4, -3, -2.6, -2.3, -2)
"""The steps that the frames before a seam show, of which the last should show 0."""
LAGS_FROM_THE_START = (-7.6, -6.6, -5.6, -4.6, -3.6, -3.2, -2.9, -2.6)
CATCHING_UP = (0, 0.8, 1.7, 2.7, 4, 5, 6, 7)
"""Those after it: the first is a clip's key picture."""


def shown(
    places: Sequence[float],
    *,
    on: float = 0,
    kind: str = "cartoon",
    motion: str = SLOW,
    noise: float = 0.0,
) -> list[Picture]:
    """The camera's pictures at these places, so many steps farther on."""
    (way,) = (one for one in MOTIONS if one.name == motion)
    pair = Pair(kind, way, 18, (320, 180), "medium")
    grain = np.random.default_rng(int(100 * sum(places)) + 10_000)
    pictures = (painted(pair, place + on) for place in places)
    return [
        np.asarray(
            np.clip(picture + grain.normal(0, noise, picture.shape[:2])[..., None] + 0.5, 0, 255),
            np.uint8,
        )
        for picture in pictures
    ]


@pytest.mark.parametrize("before", [PROMPT, HELD_BACK])
@pytest.mark.parametrize("on", [0, 1])
def test_the_steps_between_are_counted(before: Sequence[float], on: int) -> None:
    """Whether the last frames before the seam lag or not."""
    steps = between(shown(before), shown(CATCHING_UP, on=on))

    assert steps == pytest.approx(on, abs=0.3)


@pytest.mark.parametrize("on", [0, 1])
def test_a_slow_camera_is_followed_over_the_seam(on: int) -> None:
    """The same picture again is found, and the next one is not taken for it."""
    found = repeat(shown(HELD_BACK, noise=2.0), shown(CATCHING_UP, on=on, noise=2.0))

    assert (found.found, found.told) == (on == 0, True)


def test_what_cannot_be_told_is_not_claimed() -> None:
    """All frames before lag: that may be the lag of a repeat, or a part of a step."""
    before = shown(LAGS_FROM_THE_START, kind="street", noise=3.0)
    found = repeat(before, shown(CATCHING_UP, kind="street", noise=3.0))

    assert (found.found, found.told) == (False, False)


@pytest.mark.parametrize(
    ("before", "after", "motion"),
    [
        (PROMPT[-4:], CATCHING_UP[:4], SLOW),
        ([0] * 8, [0] * 8, SLOW),
        (PROMPT, CATCHING_UP, "pan 8"),
        (PROMPT, CATCHING_UP, "walk 0.5"),
        (PROMPT, CATCHING_UP[::-1], SLOW),
        ([-7.0] * 7 + [-6.9], CATCHING_UP, SLOW),
    ],
    ids=["few frames", "at rest", "fast", "somebody walks", "and back", "only one side moves"],
)
def test_other_cameras_are_not_asked(
    before: Sequence[float], after: Sequence[float], motion: str
) -> None:
    """Only a slow and steady one can be counted."""
    assert between(shown(before, motion=motion), shown(after, motion=motion)) is None
