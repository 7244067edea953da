"""Requests for many keyframes, by values alone: lists, marks, words, and what they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from storyboard.models.evidence import Evidence
from storyboard.models.keyframes import AtFrames, ByTransitions, InTwoLists, together
from storyboard.models.lengths import Lengths, number, with_unit
from storyboard.models.model import Brief, StillLimits
from storyboard.models.price import per_block, per_second
from storyboard.models.request import Request
from storyboard.models.row import ModelRow

SEEN = Evidence("2026-11-29", "made for a test")

FRAMES = ModelRow(
    alias="frames",
    endpoint="owner/frames",
    start="keyframes",
    end="",
    lengths=Lengths(tuple(range(5, 21)), written=number),
    stills=StillLimits(),
    tariff=per_second(100_000),
    evidence=SEEN,
    covers=9,
    compose=AtFrames(rate=24),
)
LISTS = ModelRow(
    alias="lists",
    endpoint="owner/lists",
    start="keyframes",
    end="",
    lengths=Lengths((5, 10), written=with_unit("s")),
    stills=StillLimits(),
    tariff=per_block(5, 300_000),
    evidence=SEEN,
    covers=63,
    compose=InTwoLists(rate=24, indexes="keyframe_indexes"),
)
TRANSITIONS = ModelRow(
    alias="transitions",
    endpoint="owner/transitions",
    start="image_urls",
    end="",
    lengths=Lengths(tuple(range(1, 26)), argument="transitions", each="duration"),
    stills=StillLimits(),
    tariff=per_second(40_000),
    evidence=SEEN,
    prompt="",
    end_frame="required",
    covers=4,
    compose=ByTransitions("transitions"),
    whole_shots=True,
)


def briefs(*lengths: str, closed: bool = True) -> Sequence[Brief]:
    """Shots of so many seconds, each from one picture to the next."""
    stills: list[Any] = [f"still {i}" for i in range(len(lengths) + 1)]
    return [
        Brief(
            f"On to {i + 1}",
            Fraction(length),
            start=stills[i],
            end=stills[i + 1] if closed or i + 1 < len(lengths) else None,
            closed=closed or i + 1 < len(lengths),
        )
        for i, length in enumerate(lengths)
    ]


def sent(request: Request) -> dict[str, Any]:
    """The arguments as they leave, with the pictures' names for addresses."""
    return request.filled({name: str(still) for name, still in request.pictures.items()})


def test_each_keyframe_lies_where_its_shot_ends() -> None:
    """What is sold and not asked for comes after the last one."""
    request = FRAMES.request(briefs("2.5", "3.2"))
    assert sent(request) == {
        "prompt": "On to 1 Then: On to 2",
        "duration": 6,
        "keyframes": [
            {"image_url": "still 0", "frame_index": 0},
            {"image_url": "still 1", "frame_index": 60},
            {"image_url": "still 2", "frame_index": 137},
        ],
    }
    assert list(request.marks) == [0, Fraction(5, 2), Fraction(137, 24)]
    assert request.seconds == 6
    assert FRAMES.price(request.arguments).micro == 600_000


def test_a_shot_that_is_open_ends_without_a_keyframe() -> None:
    """Its end is a mark all the same: the film shows it as far as that."""
    request = FRAMES.request(briefs("4", "3", closed=False))
    assert [part["frame_index"] for part in sent(request)["keyframes"]] == [0, 96]
    assert list(request.marks) == [0, 4, 7]
    assert request.seconds == 7


def test_two_lists_belong_together() -> None:
    """Addresses in one, frames in the other; a length with its unit."""
    request = LISTS.request(briefs("3", "3.5"))
    assert sent(request) == {
        "prompt": "On to 1 Then: On to 2",
        "duration": "10s",
        "keyframes": ["still 0", "still 1", "still 2"],
        "keyframe_indexes": [0, 72, 156],
    }
    assert LISTS.price(request.arguments).micro == 600_000


def test_each_transition_has_its_own_words_and_whole_seconds() -> None:
    """Nothing is said for all of them; the price is that of the seconds together."""
    request = TRANSITIONS.request(briefs("1.5", "5"))
    assert sent(request) == {
        "image_urls": ["still 0", "still 1", "still 2"],
        "transitions": [
            {"prompt": "On to 1", "duration": 2},
            {"prompt": "On to 2", "duration": 5},
        ],
    }
    assert list(request.marks) == [0, 2, 7]
    assert TRANSITIONS.price(request.arguments).micro == 280_000


def test_whole_shots_are_counted_one_by_one() -> None:
    """Four of 6.1 s are 28 s of what it sells, not 24.4."""
    assert TRANSITIONS.fits(briefs("6", "6", "6", "6"))
    assert not TRANSITIONS.fits(briefs("6.1", "6.1", "6.1", "6.1"))


def test_two_keyframes_never_lie_on_one_frame() -> None:
    """However short a shot is: an index that is there twice would be refused."""
    request = FRAMES.request(briefs("1/100", "1/100", "3"))
    assert list(request.marks[:3]) == [0, Fraction(1, 24), Fraction(2, 24)]


@pytest.mark.parametrize(
    ("row", "argument", "part"),
    [
        (FRAMES, "keyframes.0.image_url", "start"),
        (FRAMES, "keyframes.2.image_url", "1.end"),
        (FRAMES, "prompt", "prompt"),
        (LISTS, "keyframes.1", "end"),
        (LISTS, "keyframe_indexes.2", "1.end"),
        (TRANSITIONS, "transitions.0.prompt", "prompt"),
        (TRANSITIONS, "transitions.1.duration", "1.duration"),
        (TRANSITIONS, "image_urls.2", "1.end"),
        (TRANSITIONS, "transitions", "duration"),
        (FRAMES, "keyframes", "start"),
    ],
)
def test_a_refusal_finds_the_part_of_its_shot(row: ModelRow, argument: str, part: str) -> None:
    """By the argument's path."""
    assert row.request(briefs("2", "3")).part_of(argument) == part


def styled(words: str, style: str) -> Brief:
    """A shot with a style, put together as `load` does."""
    join = " " if words.endswith(".") else ". "
    return Brief(f"{words}{join}{style}" if style else words, Fraction(1), words=words)


@pytest.mark.parametrize(
    ("shots", "words"),
    [
        ([("It rolls", ""), ("It stops", "")], "It rolls Then: It stops"),
        ([("It rolls", ""), ("It rolls", "")], "It rolls"),
        ([("On", ""), ("Off", ""), ("On", "")], "On Then: Off Then: On"),
        ([("It rolls.", "Ink"), ("It stops", "Ink")], "It rolls. Then: It stops. Ink"),
        ([("It rolls", "Ink"), ("It stops.", "Ink")], "It rolls Then: It stops. Ink"),
        ([("It rolls", "Ink"), ("It stops", "Oil")], "It rolls. Ink Then: It stops. Oil"),
    ],
)
def test_several_prompts_are_one(shots: list[tuple[str, str]], words: str) -> None:
    """In their order; what is said twice in a row, and a style that all have, stand once."""
    assert together([styled(*one) for one in shots]) == words
