"""How two stills are judged to be one scene or two."""

from __future__ import annotations

import pytest

from storyboard.draft import Picture, frames, match
from storyboard.draft.vision import cv2
from tests.draft.stills import framing, noise, painting


def test_one_scene_from_two_places_is_morphed() -> None:
    """Most of one still is found again in the other."""
    world = painting(4, size=(240, 384))

    found = match(framing(world), framing(world, zoom=1.2))

    assert found.method == "morph"
    assert found.score > 0.5
    assert found.motions >= 1
    assert "found again" in found.reason


@pytest.mark.parametrize(
    ("start", "end"),
    [(painting(1), painting(2)), (noise(1), noise(2)), (painting(1), noise(1))],
    ids=["two scenes", "noise", "a scene and noise"],
)
def test_two_scenes_are_dissolved(start: Picture, end: Picture) -> None:
    """Hardly anything is found again, and the reason says so."""
    found = match(start, end)

    assert found.method == "dissolve"
    assert found.score < 0.3
    assert "different scenes" in found.reason


def test_stills_too_small_to_measure_are_dissolved() -> None:
    """A thumbnail has no motion to be found."""
    found = match(painting(1, size=(16, 16)), painting(1, size=(16, 16)))

    assert (found.method, found.score) == ("dissolve", 0.0)
    assert "too small" in found.reason


def test_opencv_gets_its_threads_back() -> None:
    """Drawing a shot changes nothing for others who use OpenCV."""
    before = cv2.getNumThreads()

    for _ in frames(painting(1), painting(1), 3):
        assert cv2.getNumThreads() == before

    assert cv2.getNumThreads() == before
