"""How two stills are judged to be one scene or two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storyboard.draft import Picture, frames, match
from tests.draft.stills import framing, noise, painting, psnr


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


def test_opencv_without_the_features_needed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build without SIFT gives a dissolve and says why."""
    cv2 = pytest.importorskip("cv2")
    monkeypatch.delattr(cv2, "SIFT_create")

    found = match(painting(1), painting(1))

    assert found.method == "dissolve"
    assert "lacks SIFT" in found.reason


def test_opencv_gets_its_threads_back() -> None:
    """Drawing a shot changes nothing for others who use OpenCV."""
    cv2 = pytest.importorskip("cv2")
    before = cv2.getNumThreads()

    for _ in frames(painting(1), painting(1), 3):
        assert cv2.getNumThreads() == before

    assert cv2.getNumThreads() == before


WITHOUT_OPENCV = """
import sys
sys.modules["cv2"] = None
import numpy as np
from storyboard.draft import Picture, frames, match
from tests.draft.stills import framing, painting
start, end = framing(painting(1)), framing(painting(1), zoom=1.1)
print(match(start, end).reason)
shot = list(frames(start, end, 9))
assert len(shot) == 9 and np.array_equal(shot[0], start) and np.array_equal(shot[-1], end)
assert len(list(frames(start, None, 3))) == 3
"""


def test_without_opencv_a_shot_is_a_dissolve() -> None:
    """Its import failing is no error: the reason says what to install."""
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_OPENCV],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "OpenCV is not installed" in run.stdout


def test_a_pair_without_opencv_looks_like_its_stills(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fallback shows one still at each end of the shot, slightly nearer."""
    monkeypatch.setitem(sys.modules, "cv2", None)
    start, end = framing(painting(1)), framing(painting(2))

    shot = list(frames(start, end, 21))

    assert psnr(shot[1], start) > 25
    assert psnr(shot[-2], end) > 25
