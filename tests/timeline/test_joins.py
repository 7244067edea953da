"""Joins: what a transition takes from either side is counted in one place."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyboard.errors import MediaError
from storyboard.timeline import Clip, Media, PlacedTransition, Timeline
from storyboard.timeline.joins import Joined, Opening, check, fits, split
from storyboard.units.sizes import Size
from storyboard.units.timing import Duration

SIZE = Size(64, 64)


def clip(shot: str, *, frames: int = 20, first: int = 0) -> Clip:
    """A one-to-one clip from film frame 0 on, of a take of 40 frames."""
    media = Media(Path(f"{shot}.mp4"), shot, 40, Fraction(24), SIZE)
    return Clip(shot, "day", 1, media, 0, frames, first, first + 1, 1)


def joined(*clips: Clip, over: PlacedTransition | None = None) -> Joined:
    """The clips, with this transition into each."""
    film = Joined()
    for one in clips:
        film.add([one], over)
    return film


def timeline(film: Joined) -> Timeline:
    """The film of what was joined."""
    return Timeline("t", Fraction(24), SIZE, tuple(film.clips), tuple(film.transitions))


@given(some.integers(0, 1000))
def test_both_halves_are_the_whole(length: int) -> None:
    """An odd frame comes after the cut."""
    before, after = split(length)
    assert before + after == length
    assert before <= after <= before + 1


def test_an_overlap_leaves_something_of_a_shot() -> None:
    """At least one frame."""
    assert fits(8, 9)
    assert not fits(8, 8)


@pytest.mark.parametrize(
    ("written", "over"),
    [
        (Opening("cut"), None),
        (Opening("dissolve"), PlacedTransition("dissolve", 0, 12, 12)),
        (Opening("fade", Duration.parse("5f")), PlacedTransition("fade", 0, 2, 3)),
    ],
)
def test_a_transition_of_the_file_in_frames(
    written: Opening, over: PlacedTransition | None
) -> None:
    """A second unless it says so; a cut is none."""
    assert written.placed(Fraction(24)) == over


def test_a_cut_takes_nothing() -> None:
    """Clips follow each other."""
    film = joined(clip("a"), clip("b"))
    assert [(one.start, one.frames) for one in film.clips] == [(0, 20), (20, 20)]
    assert film.transitions == []


def test_an_overlap_takes_its_length_half_from_each_side() -> None:
    """What is taken off becomes handles, and the film is shorter by the length."""
    film = joined(clip("a"), clip("b"), over=PlacedTransition("dissolve", 0, 3, 4))
    first, second = film.clips
    assert (first.frames, second.start, second.frames, second.first) == (16, 16, 17, 3)
    assert film.transitions == [PlacedTransition("dissolve", 16, 3, 4)]
    assert film.end == 40 - 7
    check(timeline(film))


def test_a_fade_takes_nothing() -> None:
    """Each side is seen alone."""
    film = joined(clip("a"), clip("b"), over=PlacedTransition("fade", 0, 3, 3))
    assert film.end == 40
    assert film.transitions == [
        PlacedTransition("fade", 0, 0, 6),
        PlacedTransition("fade", 20, 3, 3),
    ]


def test_a_film_opens_with_no_overlap() -> None:
    """There is nothing to come from."""
    film = joined(clip("a"), over=PlacedTransition("wipe", 0, 3, 3))
    assert (film.transitions, film.end) == ([], 20)


def test_a_film_may_end_in_a_colour() -> None:
    """The fade lies over the end of the last clip, and takes no time; too long a one is said."""
    film = joined(clip("a"), clip("b"))
    film.end_by(Opening("fade", Duration.parse("6f")).placed(Fraction(24)))
    (over,) = film.transitions
    assert (over.at, over.before, over.after, film.end) == (40, 6, 0, 40)
    check(timeline(film))
    with pytest.raises(MediaError, match="takes 24 frames, and b's clip there has 20"):
        film.end_by(Opening("fade").placed(Fraction(24)))


def test_a_clip_without_room_is_named() -> None:
    """On either side, and nothing is laid; a fade and a film's opening need none."""
    over = PlacedTransition("dissolve", 0, 3, 3)
    short, whole = clip("a", frames=6), clip("b")
    for sides in ((short, whole), (whole, short)):
        film = joined(sides[0])
        with pytest.raises(MediaError, match="into b takes 6 frames, and a has 6 there; make it"):
            film.add(sides[1:], over, into="b")
        assert film.clips == list(sides[:1])
    joined(clip("a")).add([clip("b")], over)
    joined(short).add([whole], replace(over, kind="fade"))
    Joined().add([clip("b", frames=2)], over)


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ((PlacedTransition("dissolve", 7, 2, 2),), "frame 7 lies over no cut"),
        ((PlacedTransition("dissolve", 20, 2, 2),), "b has 0 of 2 frames before its start"),
        ((PlacedTransition("fade", 20, 30, 2),), "covers 30 frames of a, whose clip there has 20"),
        (
            (PlacedTransition("fade", 20, 2, 9), PlacedTransition("fade", 40, 12, 1)),
            "run into each other",
        ),
    ],
)
def test_what_can_not_be_joined_is_said(over: tuple[PlacedTransition, ...], message: str) -> None:
    """By the film frame, or by the shots on either side."""
    film = timeline(joined(clip("a"), clip("b"), clip("c", first=5)))
    with pytest.raises(MediaError, match=message):
        check(replace(film, transitions=over))
