"""The door to the models: what a row sends, what it refuses, and how the table is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from storyboard.fileformat import meant
from storyboard.models.choices import Option
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths, in_frames, number, with_unit
from storyboard.models.model import Brief, StillLimits
from storyboard.models.price import by_option, per_second
from storyboard.models.row import ModelRow
from storyboard.models.table import DRAFT, MODELS, ROWS, Table, find
from storyboard.units.money import dollars

BRIEF = Brief("It rolls", Fraction(5))

CHOOSY = ModelRow(
    alias="choosy",
    endpoint="owner/choosy/first-last-frame-to-video",
    start="first_frame_url",
    end="last_frame_url",
    lengths=Lengths((4, 6, 8), written=with_unit("s")),
    stills=StillLimits(),
    tariff=by_option(
        ("resolution", "sound"),
        {
            ("720p", False): per_second(100_000),
            ("720p", True): per_second(150_000),
            ("4k", False): per_second(300_000),
        },
    ),
    evidence=Evidence("2026-11-26", "made for a test"),
    prompt_limit=20,
    prompt_counted_in="bytes",
    end_frame="required",
    options={
        "resolution": Option("resolution", ("720p", "4k"), "720p"),
        "sound": Option("generate_audio", (False, True), default=False),
    },
    fixed={"enhance": False},
)
"""A row whose price depends on two options, with lengths as text with a unit."""


@pytest.mark.parametrize("row", ROWS, ids=list(MODELS))
def test_a_row_is_whole(row: ModelRow) -> None:
    """Found by alias and by endpoint; limits that make sense."""
    assert find(row.alias) is row
    assert find(row.endpoint).endpoint == row.endpoint
    assert row.stills.min_side < row.stills.max_side
    assert row.stills.min_aspect < 1 < row.stills.max_aspect
    assert row.prompt_limit is None or row.prompt_limit > 0
    assert bool(row.maker) == (row.tariff.rates == (0,))
    assert row.evidence.read_on <= "2026-11-26"
    assert row.evidence.source
    assert bool(row.evidence.marks) == (not row.maker)
    assert row.start != row.end


@pytest.mark.parametrize("alias", ["kling-o1-standard", "kling-o1-pro"])
def test_what_kling_o1_is_sent(alias: str) -> None:
    """A prompt and a duration as text, nothing else."""
    request = find(alias).request([BRIEF])
    assert request.arguments == {"prompt": "It rolls", "duration": "5"}
    assert request.seconds == 5


def test_every_option_is_sent() -> None:
    """Also those that nobody chose: the service's own default may be the dear one."""
    assert CHOOSY.request([BRIEF]).arguments == {
        "prompt": "It rolls",
        "duration": "6s",
        "resolution": "720p",
        "generate_audio": False,
        "enhance": False,
    }
    chosen = replace(BRIEF, options={"resolution": "4k", "sound": True})
    assert CHOOSY.request([chosen]).arguments["resolution"] == "4k"
    assert CHOOSY.request([chosen]).arguments["generate_audio"] is True


@pytest.mark.parametrize(
    ("options", "micro"),
    [({}, 600_000), ({"sound": True}, 900_000), ({"resolution": "4k"}, 1_800_000)],
)
def test_the_price_hangs_on_what_is_sent(options: Mapping[str, Any], micro: int) -> None:
    """It is read from the arguments alone, so that it is known of any request there ever was."""
    request = CHOOSY.request([replace(BRIEF, options=options)])
    assert CHOOSY.price(request.arguments).micro == micro


@pytest.mark.parametrize(
    ("brief", "part", "words"),
    [
        (Brief("x", Fraction(9)), "duration", "choosy makes 4, 6, 8 s; 9 s is too long"),
        (Brief("ü" * 11, Fraction(4)), "prompt", "22 bytes with its style; choosy takes 20"),
        (Brief("x", Fraction(4), closed=False), "shot", "choosy needs an end frame; add a"),
        (
            Brief("x", Fraction(4), options={"resolutoin": "4k"}),
            "options.resolutoin",
            "choosy has no option resolutoin; did you mean resolution?",
        ),
        (
            Brief("x", Fraction(4), options={"resolution": "8k"}),
            "options.resolution",
            "choosy has no resolution 8k; it has 720p, 4k",
        ),
        (
            Brief("x", Fraction(4), options={"resolution": "4k", "sound": True}),
            "options",
            "choosy: no price is known for resolution 4k, sound true",
        ),
    ],
    ids=["length", "prompt", "end", "no option", "no choice", "no price"],
)
def test_what_a_model_cant_do(brief: Brief, part: str, words: str) -> None:
    """It is said of the part of the shot that asks for it, and of no other."""
    (problem,) = CHOOSY.problems(brief)
    assert problem.part == part
    assert problem.words.startswith(words)


def test_a_refusal_is_about_a_part_of_the_shot() -> None:
    """By the argument's name, or by the name of something in it."""
    request = CHOOSY.request([BRIEF])
    named = ("first_frame_url", "prompt.str", "generate_audio", "duration", "seed")
    parts = [request.part_of(argument) for argument in named]
    assert parts == ["start", "prompt", "options.sound", "duration", None]


@pytest.mark.parametrize(
    ("wanted", "sold"),
    [(1, 3), (3, 3), (Fraction(301, 100), 4), (Fraction(9999, 1000), 10), (10, 10)],
)
def test_the_nearest_length_that_is_not_shorter(wanted: Fraction, sold: int) -> None:
    """A film can be cut shorter, but not longer."""
    assert find("kling-o1-standard").lengths.nearest(Fraction(wanted)) == sold


def test_too_long() -> None:
    """There is none."""
    assert find("kling-o1-standard").lengths.nearest(Fraction(1001, 100)) is None
    assert DRAFT.lengths.nearest(Fraction(601)) is None


@pytest.mark.parametrize(
    ("lengths", "written"),
    [
        (Lengths((3, 5)), {"duration": "5"}),
        (Lengths((3, 5), written=number), {"duration": 5}),
        (Lengths((3, 5), written=with_unit("s")), {"duration": "5s"}),
        (Lengths((3, 5), written=in_frames(16), argument="num_frames"), {"num_frames": 81}),
        (Lengths((5,), argument=""), {}),
    ],
)
def test_a_length_as_the_api_wants_it(lengths: Lengths, written: Mapping[str, Any]) -> None:
    """And it is read back from what was sent."""
    assert lengths.arguments(Fraction(5)) == written
    assert lengths.of(written.get(lengths.argument)) == 5


def test_a_length_that_cant_be_told() -> None:
    """Of arguments from elsewhere: nothing is made up."""
    assert Lengths((4, 6), written=with_unit("s")).of("auto") == 0


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        (Lengths((3, 4, 5)), "3 to 5 s, whole seconds"),
        (Lengths((5, 10)), "5, 10 s"),
        (Lengths((6,)), "6 s"),
        (Lengths(longest=600), "up to 600 s"),
    ],
)
def test_lengths_in_words(lengths: Lengths, text: str) -> None:
    """For people."""
    assert str(lengths) == text


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("kling-o1-standrad", "did you mean kling-o1-standard"),
        ("fal-ai/kling-video/o1/image-to-vidoe", "did you mean fal-ai/kling-video/o1"),
        ("zzz", f"there are {len(MODELS)}; `storyboard models` shows them"),
        ("kling", r"kling-v1-standard \(\$0.045 a second\) or .* or 10 more; `storyboard models`"),
        (
            "kling-o1",
            r"kling-o1-standard \(\$0.084 a second\) or kling-o1-pro \(\$0.112 a sec.*\)\?",
        ),
    ],
)
def test_an_unknown_model(name: str, hint: str) -> None:
    """Said with the one that was meant, or all there are."""
    with pytest.raises(LookupError, match=hint):
        find(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kling-v3-turbo", "has no end frame; the nearest is kling-v3-standard"),
        ("fal-ai/kling-video/v3/turbo/pro/image-to-video", "has no end frame"),
        ("fal-ai/kling-video/v2.5-turbo/standard/image-to-video", "is kling-v2.5-turbo-pro"),
        ("fal-ai/kling-video/v2.1/master/image-to-video", "the nearest is kling-v2.1-pro"),
        ("fal-ai/bytedance/seedance/v1/pro/image-to-video", "accepts an end frame and ignores it"),
        ("fal-ai/bytedance/seedance/v1/pro/fast/image-to-video", "is seedance-1.5-pro"),
        ("fal-ai/minimax/hailuo-2.3/pro/image-to-video", "the nearest is hailuo-02-standard"),
        ("fal-ai/minimax/hailuo-2.3-fast/pro/image-to-video", "has no end frame"),
        ("xai/grok-imagine-video/image-to-video", "has no end frame"),
        ("alibaba/happy-horse/v1.1/image-to-video", "the nearest is wan-3"),
        ("fal-ai/pika/v2.2/image-to-video", "has no end frame"),
        ("fal-ai/veo3.1/image-to-video", "the nearest is veo-3.1"),
        ("fal-ai/wan-25-preview/image-to-video", "the nearest is wan-2.7"),
        ("wan/v2.6/image-to-video", "has no end frame"),
        ("blackforestlabs/flux-3/image-to-video", "the nearest is flux-3"),
        ("Flux-3-Max", "is known from resellers alone"),
    ],
)
def test_a_trap(name: str, words: str) -> None:
    """Refused by name, with the reason and a row that is there."""
    with pytest.raises(LookupError, match=words) as caught:
        find(name)
    assert str(caught.value).rpartition(" ")[2] in MODELS


def test_an_endpoint_for_shots_without_an_end() -> None:
    """It is no model of its own, and what was sent there is still known to be this one's."""
    veo = find("veo-3.1")
    open_ended = replace(BRIEF, closed=False)
    assert not [problem for problem in veo.problems(open_ended) if problem.part == "shot"]
    assert veo.request([BRIEF]).endpoint == "fal-ai/veo3.1/first-last-frame-to-video"
    assert veo.request([open_ended]).endpoint == "fal-ai/veo3.1/image-to-video"
    assert MODELS.of_endpoint("fal-ai/veo3.1/image-to-video") is veo


def test_a_table_of_ones_own() -> None:
    """More rows, or another one under a known name; the first table stays as it is."""
    mine = MODELS.having(CHOOSY, replace(DRAFT, prompt_limit=5))
    assert mine.find(CHOOSY.endpoint) is CHOOSY
    assert list(mine) == [*MODELS, "choosy"]
    assert mine["draft"] is not DRAFT
    assert "choosy" not in MODELS
    assert repr(Table([DRAFT])) == "<Table draft>"


@pytest.mark.parametrize(
    ("micro", "text"), [(0, "$0.00"), (420_000, "$0.42"), (1_000_000, "$1.00"), (84_500, "$0.0845")]
)
def test_dollars(micro: int, text: str) -> None:
    """Cents, and more decimals only where they count."""
    assert dollars(micro) == text


def test_every_option_is_known_where_it_is_not_a_field() -> None:
    """Written beside `prompt:`, it is said where it belongs; fields of the same name are others."""
    there = {name for row in ROWS for name in row.options}
    assert {*meant.OPTIONS} == there - {"fps", "style"}
