"""Rows that take many keyframes, against what their endpoints document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from storyboard.images.still import PreparedStill
from storyboard.models.model import Brief
from storyboard.models.row import ModelRow
from storyboard.testing import pinned
from storyboard.testing.endpoints import known, objections
from tests.models.test_every_row import MANY, settings, stills
from tests.testing.caller import picture

__all__ = ["stills"]

LENGTHS = (["2"], ["2.5", "2"], ["5"], ["1"] * 3, ["5", "4", "1/2"], ["3"] * 4)
ROWS = pytest.mark.parametrize("row", MANY, ids=[row.alias for row in MANY])


def asked(row: ModelRow, stills: tuple[PreparedStill, PreparedStill]) -> Iterator[list[Brief]]:
    """Shots that fit into one request, with every choice."""
    start, end = stills
    for options in settings(row):
        for lengths in LENGTHS:
            own = [
                Brief(f"On to {i}", Fraction(length), start, end, options=options)
                for i, length in enumerate(lengths)
            ]
            if row.fits(own):
                yield own
                if row.end_frame == "optional":
                    yield [*own[:-1], replace(own[-1], end=None, closed=False)]


def sent(row: ModelRow, briefs: list[Brief]) -> dict[str, Any]:
    """The arguments as they arrive."""
    request = row.request(briefs)
    return request.filled({name: f"https://v3.fal.media/{name}.png" for name in request.pictures})


@ROWS
def test_what_a_row_sends_is_taken(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """Nothing is refused or dropped, and every keyframe is pinned where the plan has it."""
    endpoint = known(row.endpoint)
    assert endpoint is not None
    tried = 0
    for briefs in asked(row, stills):
        request, arguments = row.request(briefs), sent(row, briefs)
        assert list(objections(endpoint, arguments)) == []
        assert pinned.problems(arguments, fetch=lambda _: picture(0)) == []
        assert endpoint.ignored(arguments) == ()
        assert endpoint.seconds(arguments) == request.seconds
        found = pinned.stills(arguments, fetch=lambda _: b"", length=request.seconds)
        assert [one.at for one in found] == list(request.marks[: len(found)])
        assert len(found) == len(request.pictures)
        tried += 1
    assert tried > len(LENGTHS)


@ROWS
def test_what_a_row_costs_is_charged(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """To the micro-dollar."""
    endpoint = known(row.endpoint)
    assert endpoint is not None
    for briefs in asked(row, stills):
        arguments = sent(row, briefs)
        price = row.price(arguments)
        assert price.micro == endpoint.dollars(arguments) * 1_000_000
        assert price.fits(endpoint.units(arguments))
        assert abs(price.billed(endpoint.units(arguments)) - price.micro) <= 1


@ROWS
def test_sound_and_size_are_never_left_to_the_service(
    row: ModelRow, stills: tuple[PreparedStill, PreparedStill]
) -> None:
    """Their own defaults may be the dear ones."""
    arguments = sent(row, next(asked(row, stills)))
    endpoint = known(row.endpoint)
    assert endpoint is not None
    assert {"generate_audio", "resolution"} & endpoint.fragments.keys() <= arguments.keys()
