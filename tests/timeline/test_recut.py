"""Recutting a finished timeline: order, parts, speeds, holds, and what moves along."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyboard.errors import MediaError
from storyboard.fileformat.cut_list import CutShot
from storyboard.loading.blocks import cut_list
from storyboard.timeline import (
    Clip,
    Media,
    PlacedTransition,
    SceneMark,
    SeamMark,
    Sound,
    Timeline,
    Words,
)
from storyboard.timeline.joins import check
from storyboard.timeline.recut import CutEntry, natural, recut
from storyboard.units.sizes import Size

RATE = Fraction(24)


def media(number: int) -> Media:
    """A take of 49 frames that is nowhere."""
    return Media(Path(f"{number}.mp4"), f"{number}", 49, RATE, Size(64, 64), sound=True)


def clip(number: int, start: int, first: int, frames: int, scene: str, **more: object) -> Clip:
    """A one-to-one clip of the take with that number."""
    made = Clip(f"sh0{number}0", scene, 1, media(number), start, frames, first, first + 1, 1)
    return replace(made, **more)  # type: ignore[arg-type]


def film() -> Timeline:
    """Three shots in two scenes: a hold, a dissolve, a caption, sounds."""
    held = clip(2, 88, 39, 6, "day", last=39, held=True)
    return Timeline(
        "t",
        RATE,
        Size(64, 64),
        (
            clip(1, 0, 0, 48, "day", drops=1),
            clip(2, 48, 0, 40, "day"),
            held,
            clip(3, 94, 4, 40, "night"),
        ),
        transitions=(PlacedTransition("dissolve", 94, 4, 4),),
        words=(
            Words("title", "Ride", 0, 24, "center", 8, "#ffffff"),
            Words("caption", "noon", 58, 24, "bottom", 4.5, "#ffffff"),
        ),
        sounds=(
            Sound("music", Path("m.wav"), 0, None),
            Sound("take", Path("1.mp4"), 0, 48),
        ),
        scenes=(SceneMark("day", "Day", 0, 94), SceneMark("night", None, 94, 40)),
        seams=(SeamMark(48, "sh010", "sh020"),),
    )


def cut(*entries: object) -> tuple[CutEntry, ...]:
    """Entries as a storyboard's text gives them."""
    return cut_list(map(CutShot.model_validate, entries)) or ()


def test_the_storyboards_own_order_is_the_storyboards_own_film() -> None:
    """Listing every shot as it is changes nothing at all."""
    assert recut(film(), cut("sh010", "sh020", "sh030")) == film()


def test_shots_are_known_without_their_transitions() -> None:
    """What a dissolve takes from both sides is given back."""
    shots = natural(film())
    assert (shots["sh030"].clip.first, shots["sh030"].clip.frames) == (0, 44)
    assert shots["sh020"].hold == 10
    assert shots["sh030"].opening == PlacedTransition("dissolve", 94, 4, 4)


@given(some.permutations(["sh010", "sh020", "sh030"]), some.integers(0, 2))
def test_clips_follow_each_other_in_any_order(order: list[str], dropped: int) -> None:
    """Whatever is reordered or dropped, there is no gap, and transitions lie over cuts."""
    made = recut(film(), cut(*order[dropped:]))
    at = 0
    for one in made.clips:
        assert one.start == at
        at = one.end
    cuts = {one.start for one in made.clips}
    assert all(over.at in cuts for over in made.transitions)
    assert sum(mark.frames for mark in made.scenes) == made.frames


def test_captions_and_own_sound_move_with_their_shot() -> None:
    """Titles and music stay where they are on the film."""
    made = recut(film(), cut("sh020", "sh010"))
    title, caption = made.words
    assert (title.start, caption.start, caption.frames) == (0, 10, 24)
    assert [(s.role, s.start) for s in made.sounds] == [("music", 0), ("take", 50)]
    assert made.seams == ()


def test_a_shot_that_is_cut_short_has_no_seam() -> None:
    """Its end is no longer where the next shot begins."""
    assert recut(film(), cut({"shot": "sh010", "duration": "12f"}, "sh020")).seams == ()
    assert recut(film(), cut("sh010", "sh020")).seams == (SeamMark(48, "sh010", "sh020"),)


def test_another_take_is_cut_as_if_it_were_picked() -> None:
    """With its length, its sound and its seam, beside the picked one."""
    other = replace(clip(1, 0, 0, 46, "day", drops=1), take=2, media=media(9))
    rest = (replace(one, start=one.start - 2) for one in film().clips[1:])
    second = replace(
        film(),
        clips=(other, *rest),
        transitions=(PlacedTransition("dissolve", 92, 4, 4),),
        sounds=(Sound("take", Path("9.mp4"), 0, 46),),
        seams=(SeamMark(46, "sh010", "sh020"),),
    )
    entries = cut({"shot": "sh010", "take": 2}, "sh020", {"shot": "sh010", "take": 1})
    made = recut(film(), entries, {("sh010", 2): second})
    shown = [(one.shot, one.take, one.media.path.name, one.frames) for one in made.clips]
    assert shown == [
        ("sh010", 2, "9.mp4", 46),
        ("sh020", 1, "2.mp4", 40),
        ("sh020", 1, "2.mp4", 10),
        ("sh010", 1, "1.mp4", 48),
    ]
    heard = [(one.path.name, one.start) for one in made.sounds if one.role == "take"]
    assert heard == [("9.mp4", 0), ("1.mp4", 96)]
    assert made.seams == (SeamMark(46, "sh010", "sh020"),)


def test_a_part_at_another_speed() -> None:
    """Start in the take's frames, length in the film's, speed times the shot's own."""
    entry = {"shot": "sh010", "start": "10f", "duration": "12f", "speed": 1.5, "hold": "3f"}
    first, held = recut(film(), cut(entry)).clips
    assert [first.media_frame(i) for i in (0, 1, 2, 11)] == [10, 12, 13, 27]
    assert (first.frames, held.frames, held.first, held.held) == (12, 3, 27, True)


def test_what_goes_on_behind_its_take_is_held() -> None:
    """The take's last frame stands still, so that whatever comes next finds handles."""
    made = recut(
        film(),
        cut(
            {"shot": "sh010", "start": "40f", "duration": "20f"},
            {"shot": "sh030", "transition": {"type": "dissolve", "duration": "4f"}},
        ),
    )
    first, held, _ = made.clips
    assert (first.frames, first.beyond, held.frames, held.held) == (9, 0, 9, True)
    assert held.media_frame(3) == 48
    check(made)


def test_a_dissolve_may_lie_over_a_picture_that_is_held() -> None:
    """A freeze has endless handles on both sides; only its length counts."""
    over = {"type": "dissolve", "duration": "8f"}
    held = {"shot": "sh030", "start": "20f", "duration": "1f", "hold": "19f", "transition": over}
    made = recut(film(), cut("sh010", held, {"shot": "sh020", "transition": over}))
    freeze = made.clips[1]
    assert (freeze.frames, freeze.frozen, freeze.media_frame(0)) == (12, True, 20)
    check(made)


def test_without_a_length_a_part_goes_to_the_shots_end() -> None:
    """Also at another speed."""
    later, faster = recut(
        film(),
        cut({"shot": "sh010", "start": "8f"}, {"shot": "sh010", "speed": 2}),
    ).clips
    assert (later.first, later.frames) == (8, 40)
    assert (faster.first, faster.frames) == (0, 24)


def test_a_transition_of_its_own() -> None:
    """An entry may come in otherwise than its scene does."""
    made = recut(
        film(),
        cut("sh010", {"shot": "sh030", "transition": "cut"}, "sh020"),
    )
    assert made.transitions == ()
    faded = recut(film(), cut({"shot": "sh020", "transition": {"type": "fade", "duration": "8f"}}))
    assert faded.transitions == (PlacedTransition("fade", 0, 0, 8),)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (["sh999"], "there is no shot sh999 in the film; choose from sh010, sh020, sh030"),
        ([{"shot": "sh010", "take": 2}], "cut: sh010 has no take 2; leave `take` out"),
        ([{"shot": "sh010", "start": "49f"}], "starts at frame 49, and its take has 49"),
        ([{"shot": "sh010", "start": "48f"}], "nothing is left of sh010"),
        (
            [{"shot": "sh010", "duration": "6f"}, "sh030"],
            "the dissolve into sh030 takes 8 frames, and sh010 has 6 there",
        ),
    ],
)
def test_what_can_not_be_cut_is_said(entries: list[object], message: str) -> None:
    """The message names the shot and what to change."""
    with pytest.raises(MediaError, match=message):
        recut(film(), cut(*entries))
