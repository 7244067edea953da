"""The timeline is asked: what it answers of shots, transitions, handles and words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from storyboard.timeline import (
    Clip,
    Media,
    PlacedTransition,
    ShotNote,
    Sound,
    Timeline,
    Words,
    in_time,
)
from storyboard.units.sizes import Size

SIZE = Size(1280, 720)


def media(shot: str) -> Media:
    """A take of 40 frames that nobody opens."""
    return Media(Path(f"{shot}.mp4"), shot, 40, Fraction(24), SIZE)


def clip(shot: str, start: int, *, first: int = 5, frames: int = 20) -> Clip:
    """A one-to-one clip with handles on both sides."""
    return Clip(shot, "day", 1, media(shot), start, frames, first, first + 1, 1)


def film() -> Timeline:
    """Three shots: the second is held, a dissolve leads to the third; the first comes again."""
    second = clip("b", 20)
    return Timeline(
        "t",
        Fraction(24),
        SIZE,
        (clip("a", 0), second, second.freeze(6), clip("c", 46), clip("a", 66, first=10)),
        transitions=(PlacedTransition("dissolve", 46, 4, 3), PlacedTransition("fade", 66, 2, 2)),
        words=(
            Words("title", "T", 2, 10, "center", 8, "#ffffff"),
            Words("caption", "C", 4, 4, "bottom", 4, "#ffffff"),
        ),
        shots=(ShotNote("a", "the rider", "kling-o1"),),
        burn_in=("a",),
    )


SPEEDS = st.fractions(Fraction(1, 20), Fraction(8), max_denominator=60)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SPEEDS, st.integers(0, 20), st.integers(3, 40), st.integers(0, 9), st.integers(0, 9))
def test_what_is_taken_off_a_clip_is_its_handles(
    speed: Fraction, first: int, frames: int, head: int, tail: int
) -> None:
    """Counted in film frames: at any speed, and each frame shows what it showed before."""
    own = replace(clip("a", 0, first=first), last=first + speed.numerator, span=speed.denominator)
    own = replace(own, frames=frames)
    own = own.shortened(tail=own.beyond)
    assume(own.frames > head + tail)
    short = own.shortened(head=head, tail=tail)
    assert (short.head >= head, short.tail >= tail) == (True, True)
    shown = [own.media_frame(offset) for offset in range(own.frames)]
    assert [short.media_frame(n - head) for n in range(own.frames)] == shown
    assert short.shortened(head=-head, tail=-tail) == own


def test_a_clip_that_is_longer_than_its_media_says_by_how_much() -> None:
    """Film frames behind the last one of which anything is left."""
    assert clip("a", 0, first=30, frames=20).beyond == 10
    half = replace(clip("a", 0, first=0, frames=81), last=1, span=2)
    assert half.beyond == 1
    assert clip("a", 0).freeze(900).beyond == 0


def test_the_order_names_each_shot_once() -> None:
    """A shot that comes again keeps its first place."""
    assert film().order == ("a", "b", "c")


def test_the_clips_of_shots() -> None:
    """All appearances and holds, in the order of the film."""
    assert [one.start for one in film().of("a")] == [0, 66]
    assert [one.held for one in film().of("b")] == [False, True]
    assert [one.shot for one in film().of("c", "a")] == ["a", "c", "a"]
    assert film().of("nobody") == ()


def test_a_shots_first_appearance() -> None:
    """With its hold; where it comes again is another one."""
    assert [one.start for one in film().run("b")] == [20, 40]
    assert [one.start for one in film().run("a")] == [0]
    assert film().run("nobody") == ()


def test_the_reach_of_shots() -> None:
    """From the first frame of any of them to the end of the last."""
    assert film().reach("b", "c") == (20, 66)
    with pytest.raises(ValueError):
        film().reach("nobody")


def test_a_shots_note() -> None:
    """A shot of which nothing is known has an empty one."""
    assert film().note("a").prompt == "the rider"
    assert film().note("b") == ShotNote("b", "", "")


def test_words_by_role_and_by_frame() -> None:
    """Captions come first, so that titles lie over them."""
    assert [words.text for words in film().words_as("title")] == ["T"]
    assert [words.text for words in film().words_at(4)] == ["C", "T"]
    assert [words.text for words in film().words_at(8)] == ["T"]
    assert film().words_at(12) == ()


def test_the_transition_that_covers_a_frame() -> None:
    """Its last frame is covered, the one after it is not."""
    kinds = [over.kind if (over := film().transition_at(f)) else "" for f in (41, 42, 48, 49, 65)]
    assert kinds == ["", "dissolve", "dissolve", "", "fade"]


def test_the_transition_over_a_cut() -> None:
    """By the film frame behind the cut."""
    assert film().transition_over(46) == PlacedTransition("dissolve", 46, 4, 3)
    assert film().transition_over(20) is None


def test_transitions_show_handles_where_they_show_both_sides() -> None:
    """A fade shows none."""
    held, third, again = film().clips[2:]
    assert film().handles(held) == (0, 3)
    assert film().handles(third) == (4, 0)
    assert film().handles(again) == (0, 0)


def test_both_sides_of_a_transition() -> None:
    """On either side of the cut; a fade has one at a time."""
    dissolve, fade = film().transitions
    sides = film().sides(dissolve, 44)
    assert [one.start for one in sides] == [40, 46]
    assert film().sides(dissolve, 47) == sides
    assert [one.start for one in film().sides(fade, 65)] == [46, 46]


def test_what_is_seen_on_a_range_of_frames() -> None:
    """Also what a transition shows of it before its clip begins."""
    assert [one.start for one in film().seen(0, 20)] == [0]
    assert [one.start for one in film().seen(42, 46)] == [40, 46]
    assert [one.start for one in film().seen(30, 50)] == [20, 40, 46]


def test_what_is_used_of_a_take() -> None:
    """Clips and transitions count, holds do not; handles go as far as the take does."""
    assert film().used(media("b")) == (5, 24)
    assert film().used(media("c")) == (1, 24)
    assert film().used(media("a"), handles=2) == (3, 31)
    assert film().used(media("a"), handles=100) == (0, 39)


def test_the_bare_cut() -> None:
    """Pictures, without what lies over them."""
    bare = film().bare()
    assert (bare.words, bare.burn_in, bare.transitions) == ((), (), ())
    assert bare.clips == film().clips


def test_another_size_changes_nothing_else() -> None:
    """A preview's longer side has at most so many pixels; a small film stays as it is."""
    small = film().smaller(longest=322)
    assert small == film().reshaped(Size(322, 182))
    assert small.smaller(longest=322) is small


def test_a_frozen_clip_shows_its_last_picture() -> None:
    """Behind the clip, for as long as asked."""
    moving = clip("a", 10)
    held = moving.freeze(8)
    assert (held.start, held.end, held.media_frame(0), held.media_frame(7)) == (30, 38, 24, 24)
    assert held.frozen
    assert held.held
    assert not moving.frozen


def test_words_are_kept_within_what_they_lie_over() -> None:
    """What starts behind the end is never seen, and left out."""
    words = Words("caption", "C", 0, 10, "bottom", 4, "#ffffff")
    assert words.within(7, 12).frames == 5
    assert words.within(2, 50).end == 12
    late, early = words.within(9, 30), words.within(3, 30)
    assert in_time([late, words.within(20, 20), early]) == (early, late)


def test_a_takes_sound_lies_under_its_clip() -> None:
    """It starts at the media frame that is seen, and keeps the picture's pace."""
    faster = replace(clip("a", 10), last=7)
    sound = Sound("take", Path("a.mp4"), 0, None, gain=-3.0).under(faster)
    assert (sound.start, sound.frames, sound.first, sound.speed) == (10, 20, 5, Fraction(2))
    assert sound.gain == -3.0


@pytest.mark.parametrize(
    ("size", "same"),
    [
        (Size(640, 360), True),
        (Size(1920, 1080), True),
        (Size(854, 480), True),
        (Size(720, 720), False),
    ],
)
def test_sizes_of_one_shape(size: Size, same: bool) -> None:
    """To within a pixel, because sides are even."""
    assert SIZE.same_shape(size) is same
