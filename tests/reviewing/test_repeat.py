"""The repeated picture at a join is found by measurement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storyboard.reviewing.course import far
from storyboard.reviewing.repeat import repeat, repeats
from storyboard.testing.clips import write_clip
from storyboard.timeline import Media
from storyboard.video.recipes import H264
from storyboard.video.writer import write
from tests.reviewing.scenes import RATE, SIZE, Change, brighter, pan, softened, take, tinted, view

FRAMES = 8


def joined(folder: Path, step: float, gap: float, *, change: Change | None = None) -> bool:
    """Whether the second of two encoded pans, `gap` steps after the first, is a repeat."""
    earlier = take(folder / "earlier.mp4", pan(20, step, FRAMES))
    begin = 20 + step * (FRAMES - 1 + gap)
    later = take(folder / "later.mp4", pan(begin, step, FRAMES), change=change)
    return repeats(earlier, later)


@pytest.mark.parametrize("step", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("change", [None, brighter(4), tinted(1.03, 0.98), softened])
def test_the_same_picture_again_is_a_repeat(
    tmp_path: Path, step: float, change: Change | None
) -> None:
    """In a moving shot, whatever encoding, brightness, tint and softness did to it."""
    assert joined(tmp_path, step, 0, change=change)


@pytest.mark.parametrize("step", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("gap", [1, 2])
@pytest.mark.parametrize("change", [None, brighter(4)])
def test_a_motion_that_goes_on_is_no_repeat(
    tmp_path: Path, step: float, gap: float, change: Change | None
) -> None:
    """The next picture of a motion stays, and so does the one after a missing picture."""
    assert not joined(tmp_path, step, gap, change=change)


def test_at_rest_the_same_pose_is_a_repeat(tmp_path: Path) -> None:
    """Where nothing moves, one picture of two is left out as well."""
    still = [view(20, grain=n) for n in range(FRAMES)]
    earlier, later = take(tmp_path / "a.mp4", still), take(tmp_path / "b.mp4", still)

    assert repeats(earlier, later)


@pytest.mark.parametrize("shift", [0.6, 4])
def test_a_jump_is_no_repeat(tmp_path: Path, shift: float) -> None:
    """Nothing moves, but the later take stands elsewhere: both pictures stay."""
    earlier = take(tmp_path / "a.mp4", [view(20, grain=n) for n in range(FRAMES)])
    later = take(tmp_path / "b.mp4", [view(20 + shift, grain=n) for n in range(FRAMES)])

    assert not repeats(earlier, later)


def test_another_scene_is_no_repeat(tmp_path: Path) -> None:
    """Nor is a picture of something else."""
    earlier = take(tmp_path / "a.mp4", [view(20, grain=n) for n in range(FRAMES)])
    later = take(tmp_path / "b.mp4", [view(20, seed=2, grain=n) for n in range(FRAMES)])

    assert not repeats(earlier, later)


@pytest.mark.parametrize("levels", [(0, 0, 0), (90, 90, 90), (80, 80, 140)])
def test_flat_pictures_of_another_colour_are_no_repeat(levels: tuple[int, int, int]) -> None:
    """A picture without any detail has no motion, but it has a colour."""
    grey = [np.full((180, 320, 3), 60, np.uint8)] * 4
    other = [np.full((180, 320, 3), levels, np.uint8)] * 4

    assert repeat(grey, grey).found
    assert not repeat(grey, other).found


def test_a_small_part_that_moves_on_is_seen(tmp_path: Path) -> None:
    """A still background does not hide that the moving part took its step."""

    def passing(at: int) -> np.ndarray:
        picture = view(20, grain=at).copy()
        picture[50:150, at : at + 90] = view(300, seed=2, grain=1)[50:150, 100:190]
        return picture

    earlier = take(tmp_path / "a.mp4", [passing(20 + 3 * n) for n in range(FRAMES)])
    again = take(tmp_path / "b.mp4", [passing(20 + 3 * (n + 7)) for n in range(FRAMES)])
    onward = take(tmp_path / "c.mp4", [passing(20 + 3 * (n + 8)) for n in range(FRAMES)])

    assert repeats(earlier, again)
    assert not repeats(earlier, onward)


@pytest.mark.parametrize("frames", [25, 97])
def test_clips_of_the_fake_service_repeat_their_keyframe(tmp_path: Path, frames: int) -> None:
    """Two dissolves that meet in a keyframe show it twice, though their frame codes differ."""
    stills = [view(20), view(60, seed=2), view(300)]
    clips = []
    for shot in (0, 1):
        path = tmp_path / f"{shot}.mp4"
        write_clip(
            path, frames=frames, size=(320, 180), rate=24, shot=shot,
            start=stills[shot], end=stills[shot + 1],
        )  # fmt: skip
        clips.append(Media(path, str(shot), frames, RATE, SIZE))

    assert repeats(clips[0], clips[1])
    assert not repeats(clips[1], clips[0])


def test_takes_shorter_than_what_is_looked_at(tmp_path: Path) -> None:
    """One picture on either side is enough."""
    one = take(tmp_path / "a.mp4", [view(20)])

    assert repeats(one, one)
    assert not repeats(one, take(tmp_path / "b.mp4", [view(60)]))


def test_a_still_repeats_only_itself(tmp_path: Path) -> None:
    """Stills are compared by their names, and never opened."""
    still = Media(tmp_path / "gone.png", "digest", 1, RATE, SIZE, kind="still")

    assert repeats(still, still)
    assert not repeats(still, replace(still, key="another"))


def gliding(kind: str, place: float) -> np.ndarray:
    """A picture with little detail: somebody dark before dusk, fog, or a night sky with a moon."""
    y, x = np.mgrid[0:180, 0:320].astype(np.float32)
    if kind == "fog":
        plane = 150 + 45 * np.sin((x + 6 * place) / 50) * np.cos(y / 70)
        return np.asarray(np.repeat(plane[..., None], 3, axis=2), np.uint8)
    if kind == "night":
        disc = np.clip(22 - np.hypot(x - 150 - place, y - 60), 0, 1)[..., None]
        moon = np.array([6, 6, 16]) * (1 - disc) + np.array([228, 228, 208]) * disc
        return np.asarray(moon, np.uint8)
    sky = (
        np.array([255, 176, 84]) * (1 - y / 180)[..., None]
        + np.array([84, 48, 116]) * (y / 180)[..., None]
    )
    figure = np.clip(7 - np.abs(x - 130 - place), 0, 1) * (y > 90)
    dark = np.maximum(figure, y > 140)[..., None]
    return np.asarray(sky * (1 - dark) + np.array([8, 4, 14]) * dark, np.uint8)


@pytest.mark.parametrize("kind", ["dusk", "fog", "night"])
@pytest.mark.parametrize("step", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("crf", [18, 26])
def test_the_shared_picture_is_found_where_there_is_little_detail(
    tmp_path: Path, kind: str, step: float, crf: int
) -> None:
    """Flat, dark and smooth pictures, moving and at rest; and the next one is not taken for it."""

    def clip(name: str, first: int) -> Media:
        shown = [gliding(kind, step * (first + n)) for n in range(FRAMES)]
        path = tmp_path / f"{name}.mp4"
        write(path, shown, rate=RATE, size=SIZE, recipe=H264.having(crf=str(crf)))
        return Media(path, name, FRAMES, RATE, SIZE)

    earlier = clip("a", 1 - FRAMES)

    assert repeats(earlier, clip("b", 0))
    assert step == 0 or not repeats(earlier, clip("c", 1))


@pytest.mark.parametrize("shift", [0, 1])
def test_a_camera_that_turns_at_the_seam_is_followed(tmp_path: Path, shift: int) -> None:
    """It goes across before and back after: what counts is whether the seam moves at all."""
    before = take(tmp_path / "a.mp4", pan(20, 1.5, FRAMES))
    turned = 20 + 1.5 * (FRAMES - 1) - 1.5 * shift
    after = take(tmp_path / "b.mp4", pan(turned, -1.5, FRAMES))

    assert repeats(before, after) is (shift == 0)


@pytest.mark.parametrize("gap", [0, 1])
def test_the_steps_between_are_counted_from_afar(gap: int) -> None:
    """In a steady dissolve, whatever the frames next to the seam do."""
    one, other = view(20, grain=0).astype(float), view(90, grain=0).astype(float)
    mixed = [one + (other - one) * n / 24 for n in range(2 * FRAMES)]
    shown = [(picture + 0.5).astype(np.uint8) for picture in mixed]
    before, after = shown[:FRAMES], shown[FRAMES - 1 + gap : 2 * FRAMES - 1 + gap]

    assert far(before, after) == pytest.approx(gap, abs=0.3)


def test_few_frames_say_nothing_from_afar() -> None:
    """Four on a side are all next to the seam."""
    shown = [view(20 + n, grain=0) for n in range(8)]

    assert far(shown[:4], shown[4:]) is None
