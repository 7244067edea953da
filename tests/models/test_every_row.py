"""Every row against what its endpoint documents: the fake service's data, which know no rows.

Whatever a row can send is taken, nothing of it is dropped in silence, the clip is as long as the
plan says, and what is charged is what the plan says, or not more where that is a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from storyboard.images.still import PreparedStill
from storyboard.loading.load import load
from storyboard.models.choices import NumberOption, Option, Setting
from storyboard.models.model import Brief
from storyboard.models.price import per_take
from storyboard.models.row import ModelRow
from storyboard.models.table import ROWS
from storyboard.testing.arguments import ENDS, STARTS
from storyboard.testing.endpoints import catalogue, known, objections
from tests.boards import still

PAID = tuple(row for row in ROWS if not row.maker and row.covers == 1)
MANY = tuple(row for row in ROWS if row.covers > 1)
"""Those that take many keyframes; their lists are in `test_many_keyframes`."""
UNPRICED = (
    *("pixverse-5.6", "pixverse-5.5", "pixverse-5", "pixverse-4.5"),
    *("vidu-q1", "vidu-1", "film", "rife"),
)
"""What can't be bought before somebody says what it costs."""


def rows(*, priced: bool = False) -> pytest.MarkDecorator:
    """Each paid row as a case of a test."""
    chosen = [row for row in PAID if row.tariff.rates or not priced]
    return pytest.mark.parametrize("row", chosen, ids=[row.alias for row in chosen])


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> tuple[PreparedStill, PreparedStill]:
    """A start and an end of 16:9."""
    folder = tmp_path_factory.mktemp("stills")
    for number in range(2):
        still(folder / f"{number}.png", number, size=(640, 360))
    (folder / "film.yaml").write_text(
        "version: 1\nkeyframes: [{image: 0.png, shot: On}, {image: 1.png}]\n"
    )
    (shot,) = load(folder / "film.yaml").shots
    assert shot.end
    return shot.start, shot.end


def settings(row: ModelRow) -> Iterator[dict[str, Setting]]:
    """What can be chosen: each of two options with all of the other's choices, others alone."""
    yield {}
    for name, option in row.options.items():
        if isinstance(option, Option):
            yield from ({name: choice} for choice in option.choices)
        elif isinstance(option, NumberOption):
            yield {name: int(option.least)}
            yield {name: int(option.most)}
        else:
            yield {name: "snow"}
    both = [row.options[name] for name in ("resolution", "sound") if name in row.options]
    pairs = [option.choices for option in both if isinstance(option, Option)]
    if len(pairs) == 2:
        yield from ({"resolution": size, "sound": sound} for size, sound in product(*pairs))


def asked(row: ModelRow, stills: tuple[PreparedStill, PreparedStill]) -> Iterator[Brief]:
    """Every length with the usual options, and every choice with the shortest."""
    start, end = stills
    ends: tuple[PreparedStill | None, ...] = (end,) if row.end_frame == "required" else (end, None)
    for last, options in product(ends, list(settings(row))):
        usual = Brief("It rolls", Fraction(1), start, last, last is not None, options)
        lengths = row.lengths.offered if not options else row.lengths.offered[:1]
        for length in lengths:
            brief = replace(usual, seconds=Fraction(length))
            if not any(p.part not in ("model", "options") for p in row.problems(brief)):
                yield brief


def sent(row: ModelRow, brief: Brief) -> tuple[str, dict[str, Any]]:
    """The endpoint, and the arguments as they arrive there."""
    request = row.request([brief])
    addresses = {name: f"https://v3.fal.media/{name}.png" for name in request.pictures}
    return request.endpoint, request.filled(addresses)


@rows()
def test_what_a_row_sends_is_taken(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """No argument is refused, none dropped, each still arrives, and a length is always said."""
    briefs = list(asked(row, stills))
    assert briefs
    for brief in briefs:
        name, arguments = sent(row, brief)
        endpoint = known(name)
        assert endpoint is not None
        assert list(objections(endpoint, arguments)) == [], (brief.options, brief.seconds)
        assert endpoint.ignored(arguments) == ()
        assert len([n for n in STARTS if n in arguments and n in endpoint.pictures]) == 1
        ends = [n for n in ENDS if n in arguments and n in endpoint.pictures]
        assert len(ends) == (brief.end is not None)
        assert endpoint.seconds(arguments) == row.request([brief]).seconds
        timed = {"duration", "num_frames"} & endpoint.fragments.keys()
        assert timed <= arguments.keys()


@rows(priced=True)
def test_what_a_row_costs_is_charged(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """To the micro-dollar; a bound is not passed, and is no more than a tenth above."""
    priced = 0
    for brief in asked(row, stills):
        if any(problem.part == "options" for problem in row.problems(brief)):
            continue  # nobody knows what that costs, and it can't be bought
        name, arguments = sent(row, brief)
        endpoint, price = known(name), row.price(arguments)
        assert endpoint is not None
        charged = endpoint.dollars(arguments) * 1_000_000
        if price.bound:
            least = Fraction(1, 2) if row.alias == "wan-2.2-turbo" else Fraction(9, 10)
            assert least * price.micro <= charged <= price.micro, brief
        else:
            assert abs(price.micro - charged) < 1, (brief.options, brief.seconds)
        if row.tariff.listing is None and endpoint.entry["charge"]["per"] == "1000 tokens":
            continue  # its list is not known, and counts something else
        assert price.fits(endpoint.units(arguments))
        assert abs(price.billed(endpoint.units(arguments)) - charged) <= 1
        priced += 1
    assert priced or not row.tariff.listing


@rows()
def test_a_dear_default_of_the_services_is_never_left_to_it(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """Whatever the charge hangs on is sent, and so is whatever rewrites a prompt."""
    (brief, *_) = asked(row, stills)
    name, arguments = sent(row, brief)
    endpoint = known(name)
    assert endpoint is not None
    rates = endpoint.entry["charge"]["dollars"]
    hangs_on = {n for rate in (rates if isinstance(rates, list) else ()) for n in rate["when"]}
    rewriting = {"enable_prompt_expansion", "prompt_optimizer", "prompt_expansion_mode"}
    sound = {"generate_audio", "audio", "generate_audio_switch"}
    assert (hangs_on | rewriting | sound) & endpoint.fragments.keys() <= arguments.keys()
    shape = endpoint.entry.get("shapes")
    assert shape is None or arguments[shape] == "16:9"


@rows()
def test_a_row_takes_no_still_that_its_endpoint_refuses(row: ModelRow) -> None:
    """Where that is documented; elsewhere the strictest limits are kept to."""
    limits = row.stills
    for name in row.endpoints:
        endpoint = known(name)
        assert endpoint is not None
        narrowest, widest = map(Fraction, map(str, endpoint.stills.get("aspect", (0.4, 2.5))))
        assert limits.max_bytes <= endpoint.stills.get("bytes", 10_000_000)
        assert limits.min_side >= endpoint.stills.get("side", 300)
        assert narrowest <= limits.min_aspect < limits.max_aspect <= widest
        assert {"JPEG", "PNG"} <= set(endpoint.stills.get("formats", ("JPEG", "PNG")))


def test_what_has_no_price_says_so() -> None:
    """And can't be bought."""
    assert {row.alias for row in PAID if not row.tariff.rates} == set(UNPRICED)
    for row in PAID:
        if not row.tariff.rates:
            brief = Brief("It rolls", Fraction(row.lengths.offered[0]))
            (problem,) = row.problems(brief)
            assert problem.part == "model"
            assert "price is not established" in problem.words
            assert replace(row, tariff=per_take(1)).price({}).micro == 1


def test_every_endpoint_has_its_row() -> None:
    """But for the trap that is kept to show what becomes of one."""
    named = {name for row in (*PAID, *MANY) for name in row.endpoints}
    assert {*catalogue()} - named == {"fal-ai/bytedance/seedance/v1/pro/image-to-video"}
    assert named <= catalogue().keys()
