"""Each thing that can be wrong with a seam is found, and a good seam is good."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from storyboard.reviewing.listing import table
from storyboard.reviewing.report import Report, failing
from storyboard.reviewing.seams import review
from tests.reviewing.films import joined
from tests.reviewing.scenes import Change, Picture, brighter, pan, softened, take, tinted, view

FRAMES = 10
STEP = 1.5


def reviewed(
    folder: Path, before: Sequence[Picture], after: Sequence[Picture], change: Change | None = None
) -> Report:
    """The review of two encoded takes, the second one changed."""
    earlier = take(folder / "earlier.mp4", before)
    later = take(folder / "later.mp4", after, change=change)
    return review(joined(earlier, later))


def resting(at: float = 20, *, seed: int = 1) -> list[Picture]:
    """A take in which nothing moves."""
    return [view(at, seed=seed, grain=n) for n in range(FRAMES)]


@pytest.mark.parametrize("step", [0.0, 0.3, 1.5, 4.0])
def test_a_motion_that_goes_on_is_good(tmp_path: Path, step: float) -> None:
    """Slow, fast or at rest: where the next frame follows, nothing is wrong."""
    report = reviewed(tmp_path, pan(20, step, FRAMES), pan(20 + step * FRAMES, step, FRAMES))

    assert report.seams[0].kinds == ()
    assert report.seams[0].good


def test_a_repeated_frame_in_a_motion_is_a_duplicate(tmp_path: Path) -> None:
    """The motion stands still for one frame."""
    again = pan(20 + STEP * (FRAMES - 1), STEP, FRAMES)

    assert reviewed(tmp_path, pan(20, STEP, FRAMES), again).seams[0].kinds == ("duplicate",)


def test_a_repeated_frame_is_found_under_another_brightness(tmp_path: Path) -> None:
    """Both faults are said."""
    again = pan(20 + STEP * (FRAMES - 1), STEP, FRAMES)

    report = reviewed(tmp_path, pan(20, STEP, FRAMES), again, brighter(4))

    assert report.seams[0].kinds == ("duplicate", "colour")


@pytest.mark.parametrize("change", [brighter(2), brighter(4), tinted(1.03, 0.98)])
def test_a_step_in_brightness_or_tint_is_colour(tmp_path: Path, change: Change) -> None:
    """Two levels are seen, and so are three percent of red."""
    assert reviewed(tmp_path, resting(), resting(), change).seams[0].kinds == ("colour",)


@pytest.mark.parametrize("shift", [0.8, 4.0, 12.0])
def test_a_shift_at_rest_is_a_jump(tmp_path: Path, shift: float) -> None:
    """A pose that is not the one before."""
    assert reviewed(tmp_path, resting(), resting(20 + shift)).seams[0].kinds == ("jump",)


@pytest.mark.parametrize("missing", [1, 2, 6])
def test_missing_frames_in_a_motion_are_a_jump(tmp_path: Path, missing: int) -> None:
    """A take that ends short of where the next one starts; what moves in is no colour step."""
    report = reviewed(
        tmp_path, pan(20, STEP, FRAMES), pan(20 + STEP * (FRAMES + missing), STEP, FRAMES)
    )

    assert report.seams[0].kinds == ("jump",)


def test_a_softer_take_is_soft(tmp_path: Path) -> None:
    """Fine detail that goes away at the seam."""
    assert reviewed(tmp_path, resting(), resting(), softened).seams[0].kinds == ("soft",)


def test_a_sharper_take_is_said_as_well(tmp_path: Path) -> None:
    """The other way round it is as visible."""
    soft = [softened(picture) for picture in resting()]

    assert reviewed(tmp_path, soft, resting()).seams[0].kinds == ("soft",)


def test_another_scene_is_a_cut_and_nothing_else(tmp_path: Path) -> None:
    """Colour and motion between two different pictures mean nothing."""
    assert reviewed(tmp_path, resting(), resting(seed=2)).seams[0].kinds == ("cut",)


def test_a_motion_that_comes_to_rest_at_the_seam_is_a_pause(tmp_path: Path) -> None:
    """Takes that slow down into the keyframe and start slowly from it."""
    ways = [0.0, 2, 4, 6, 8, 10, 12, 14, 15.5, 16.5, 17, 17.1, 17.1, 17.1, 17.1]
    slowing = [view(20 + way, grain=n) for n, way in enumerate(ways)]
    starting = [view(20 + 2 * 17.1 - way, grain=n + 40) for n, way in enumerate(reversed(ways))]

    assert reviewed(tmp_path, slowing, starting).seams[0].kinds == ("pause",)


def test_takes_of_one_frame_are_measured(tmp_path: Path) -> None:
    """There is nothing inside to compare with, and no error either."""
    report = reviewed(tmp_path, [view(20)], [view(20)])

    assert report.seams[0].kinds == ()


def test_both_sides_are_drawn_on_request(tmp_path: Path) -> None:
    """A PNG for each seam, named by its frame and shots."""
    earlier = take(tmp_path / "a.mp4", resting())
    later = take(tmp_path / "b.mp4", resting(), change=brighter(4))

    report = review(joined(earlier, later), pictures=tmp_path / "seams")

    path = tmp_path / "seams" / "000010-sh010-sh020.png"
    assert report.seams[0].picture == str(path)
    with Image.open(path) as picture:
        assert picture.width > 5 * 320


def test_the_report_is_plain_data(tmp_path: Path) -> None:
    """It goes to JSON as it is, and has a line for each seam."""
    report = reviewed(tmp_path, resting(), resting(), brighter(4))

    seam = json.loads(json.dumps(report.to_json()))["seams"][0]

    assert (seam["at"], seam["kinds"], seam["good"]) == (10, ["colour"], False)
    assert seam["timecode"] == "00:00:00:10"
    heading, odd, limits, _, remedy = table(report)
    assert heading.split()[:3] == ["timecode", "seam", "verdict"]
    assert "1.8 x inside" in limits
    assert odd.startswith("00:00:00:10  sh010 | sh020  colour")
    assert "`seam: {match_color: true}` at sh010" in remedy


def test_failing_picks_by_kind(tmp_path: Path) -> None:
    """Only what is asked for fails."""
    report = reviewed(tmp_path, resting(), resting(), brighter(4))

    assert failing(report, {"colour", "jump"}) == report.seams
    assert failing(report, {"jump"}) == ()


def test_progress_is_told(tmp_path: Path) -> None:
    """After each seam, how many of how many."""
    earlier, later = (take(tmp_path / f"{n}.mp4", resting()) for n in "ab")
    timeline = joined(earlier, later)
    heard: list[tuple[int, int]] = []

    review(replace(timeline, seams=timeline.seams * 2), told=lambda *now: heard.append(now))

    assert heard == [(1, 2), (2, 2)]


def test_a_mended_seam_is_neither_a_duplicate_nor_a_jump(tmp_path: Path) -> None:
    """Where the repeat was left out, what is seen is the earlier take's own last step."""
    earlier = take(tmp_path / "a.mp4", pan(20, 4.0, FRAMES))
    later = take(
        tmp_path / "b.mp4", [view(20 + 4.0 * (FRAMES - 1), grain=n) for n in range(FRAMES)]
    )

    report = review(joined(earlier, later, drop=1))

    assert not {"duplicate", "jump"} & set(report.seams[0].kinds)


def test_a_still_that_is_held_repeats_nothing(tmp_path: Path) -> None:
    """It stands in for a take: that the motion stops there is no fault of the seam."""
    moving = take(tmp_path / "a.mp4", pan(20, 4.0, FRAMES))
    picture = view(20 + 4.0 * (FRAMES - 1), grain=1)
    Image.fromarray(picture).save(tmp_path / "b.png")
    still = replace(moving, path=tmp_path / "b.png", key="b", kind="still")

    assert "duplicate" not in review(joined(moving, still)).seams[0].kinds
