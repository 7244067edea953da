"""Stretches: where a film is divided, what is a take's own, and what a stretch is named by."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storyboard.rendering.pieces import pieces
from storyboard.rendering.segment_keys import key_of
from storyboard.timeline import Clip, Media, PlacedTransition, ShotNote, Timeline, Words
from storyboard.timeline.stretches import stretches
from storyboard.units.sizes import Size
from tests.film_makers import QUICK, SMALL, clip, in_order


def media(shot: int, *, frames: int = 24, size: Size = SMALL) -> Media:
    """A take that is never opened."""
    return Media(Path(f"take{shot}.mp4"), f"key{shot}", frames, Fraction(24), size)


def three() -> Timeline:
    """Three takes of 24 frames, cut to 20."""
    return in_order([clip(media(shot), last=19) for shot in range(3)])


def spans(timeline: Timeline) -> list[tuple[int, int, bool]]:
    """Start, end and whether it is a take's own, for each stretch."""
    return [(piece.start, piece.end, piece.own) for piece in stretches(timeline)]


def keys(timeline: Timeline) -> list[str]:
    """The keys of a film's stretches."""
    return [key_of(timeline, piece) for piece in pieces(timeline, recipe=QUICK)]


def test_cuts_divide_a_film_into_its_clips() -> None:
    """Nothing has to be composed."""
    assert spans(three()) == [(0, 20, True), (20, 40, True), (40, 60, True)]


def test_a_transition_is_a_stretch_of_its_own() -> None:
    """It is composed; what is around it is not."""
    timeline = replace(three(), transitions=(PlacedTransition("dissolve", 20, 4, 4),))

    assert spans(timeline) == [(0, 16, True), (16, 24, False), (24, 40, True), (40, 60, True)]
    assert stretches(timeline)[1].shots == {"take0", "take1"}


def test_no_stretch_ends_inside_a_transition() -> None:
    """Words that begin in one are rendered with it."""
    timeline = replace(
        three(),
        transitions=(PlacedTransition("dissolve", 20, 4, 4),),
        words=(Words("title", "Hi", 18, 10, "center", 8, "#ffffff"),),
    )

    assert spans(timeline)[:4] == [
        (0, 16, True),
        (16, 24, False),
        (24, 28, False),
        (28, 40, True),
    ]


def test_stills_and_other_shapes_are_composed() -> None:
    """A take of another size but the same shape is not: it is only scaled."""
    still = replace(media(1), kind="still", frames=1)
    timeline = in_order(
        [
            clip(media(0, size=Size(320, 192))),
            clip(media(1, size=Size(160, 160))),
            Clip("sh030", "s", 1, still, 0, 10, first=0, last=0, span=1),
        ]
    )

    assert [own for _, _, own in spans(timeline)] == [True, False, False]


def test_a_burn_in_covers_its_shot() -> None:
    """And no other."""
    timeline = replace(three(), burn_in=("take1",))

    assert spans(timeline) == [(0, 20, True), (20, 40, False), (40, 60, True)]


def test_the_place_on_the_film_is_not_in_the_key() -> None:
    """A shot put in front leaves all the others' segments as they are."""
    words = Words("caption", "Hi", 25, 5, "bottom", 4, "#ffffff")
    timeline = replace(three(), words=(words,), transitions=(PlacedTransition("wipe", 40, 2, 2),))
    later = replace(
        in_order([clip(media(9), last=9), *timeline.clips]),
        words=(replace(words, start=35),),
        transitions=(PlacedTransition("wipe", 50, 2, 2),),
    )

    assert keys(later)[1:] == keys(timeline)


def test_an_edited_caption_changes_its_own_stretch_only() -> None:
    """Not the one before, not the one after."""
    words = Words("caption", "Hello", 25, 5, "bottom", 4, "#ffffff")
    before = keys(replace(three(), words=(words,)))
    after = keys(replace(three(), words=(replace(words, text="Goodbye"),)))

    assert [one == other for one, other in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
    ]


def test_everything_that_is_seen_is_in_the_key() -> None:
    """Takes, ranges, speed, fit, size, rate, recipe, transitions and what they show."""
    timeline = replace(three(), transitions=(PlacedTransition("dissolve", 20, 4, 4),))
    first, second, third = timeline.clips
    variants = [
        timeline,
        replace(timeline, clips=(first, second, replace(third, media=media(7)))),
        replace(timeline, clips=(first, second, replace(third, first=1, last=20))),
        replace(timeline, clips=(first, second, replace(third, last=10))),
        replace(timeline, clips=(first, second, replace(third, fit="contain"))),
        replace(timeline, size=Size(176, 96)),
        replace(timeline, rate=Fraction(25)),
        replace(timeline, background="#ffffff"),
        replace(timeline, transitions=(PlacedTransition("wipe", 20, 4, 4),)),
        replace(timeline, transitions=(PlacedTransition("dissolve", 20, 4, 4, color="#ffffff"),)),
        replace(timeline, clips=(replace(first, media=media(8)), second, third)),
    ]

    assert len({tuple(keys(variant)) for variant in variants}) == len(variants)
    piece = pieces(timeline, recipe=QUICK)[0]
    assert key_of(timeline, piece) != key_of(timeline, replace(piece, recipe=QUICK.having(crf="1")))


def test_a_burn_in_is_named_by_its_timecode_and_prompt() -> None:
    """Both are read on the picture."""
    timeline = replace(three(), burn_in=("take1",), shots=(ShotNote("take1", "A house", "draft"),))
    other = replace(timeline, shots=(ShotNote("take1", "A tree", "draft"),))
    later = replace(in_order([clip(media(9)), *timeline.clips]), burn_in=timeline.burn_in)

    assert keys(timeline)[0] == keys(other)[0]
    assert keys(timeline)[1] != keys(other)[1]
    assert keys(timeline)[1] not in keys(later)
