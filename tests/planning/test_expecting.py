"""How long it takes: by earlier requests, as far as they tell, and not a word more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storyboard.events import WaitExpected
from storyboard.loading.load import load
from storyboard.models.run_times import RUN_TIMES
from storyboard.models.table import MODELS
from storyboard.planning.expecting import Lasted, expected
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.takes.holding import Holding, Standing
from tests.boards import board

KLING = "fal-ai/kling-video/o1/standard/image-to-video"


@pytest.fixture
def four(tmp_path: Path) -> Plan:
    """Four shots of three seconds, all to be bought."""
    return plan(load(board(tmp_path, keyframes=5)))


def lasted(*seconds: float, length: str = "3", endpoint: str = KLING) -> list[Lasted]:
    """Earlier requests that took so long."""
    return [Lasted(endpoint, {"prompt": "x", "duration": length}, one) for one in seconds]


def usual(made: Plan, before: list[Lasted], *, at_once: int = 4) -> float | None:
    """How long it takes."""
    found = expected(made, before, at_once=at_once, now=0)
    return None if found is None else found.usual


def test_takes_go_at_once_as_far_as_there_is_room(four: Plan) -> None:
    """Four takes of 60 s: side by side, in pairs, one behind the other."""
    before = lasted(60, 60, 60)
    assert [usual(four, before, at_once=n) for n in (9, 4, 3, 2, 1)] == [60, 60, 120, 120, 240]


def test_the_middle_one_counts_and_the_middle_half_is_the_range(four: Plan) -> None:
    """One that was slow once does not count for much."""
    found = expected(four, lasted(40, 50, 60, 70, 3000), at_once=4, now=0)
    assert found == WaitExpected(4, 4, usual=60, least=50, most=70, requests=5)


def test_of_few_all_are_the_range(four: Plan) -> None:
    """Two requests say little, and that is seen."""
    found = expected(four, lasted(40, 80), at_once=2, now=0)
    assert found == WaitExpected(4, 2, usual=120, least=80, most=160, requests=2)


def test_the_very_kind_counts_where_there_are_enough(four: Plan) -> None:
    """Three of this length; else all that were sent to the endpoint."""
    longer = lasted(200, 200, 200, 200, length="10")
    assert usual(four, lasted(60, 60, 60) + longer) == 60
    assert usual(four, lasted(60, 60) + longer) == 200


def test_what_was_collected_by_a_later_run_does_not_count(four: Plan) -> None:
    """Over night nobody watched."""
    assert usual(four, lasted(60, 60, 60, 30_000)) == 60
    assert usual(four, lasted(30_000, -5)) is None


def test_nothing_is_said_where_nothing_is_known(four: Plan) -> None:
    """Not of another endpoint either; and one unknown take is enough."""
    assert usual(four, []) is None
    assert usual(four, lasted(60, 60, 60, endpoint="fal-ai/other")) is None


def test_a_row_says_what_others_have_said(tmp_path: Path) -> None:
    """Until a request of one's own is there."""
    made = plan(load(board(tmp_path, keyframes=2, extra=["model: kling-o3-pro"])))
    assert expected(made, [], at_once=4, now=0) == WaitExpected(1, 1, 318.0, 318.0, 318.0, 0)
    own = lasted(100, endpoint=made.shots[0].model.endpoint)
    assert usual(made, own) == 100
    assert set(RUN_TIMES) <= {row.alias for row in MODELS.values()}


def test_nothing_is_expected_where_nothing_is_bought(tmp_path: Path) -> None:
    """A draft."""
    made = plan(load(board(tmp_path)), draft=True)
    assert expected(made, lasted(60, 60, 60), at_once=4, now=0) is None


@pytest.mark.parametrize("arguments", [{}, {"duration": "?"}, {"duration": None}])
def test_a_request_that_cant_be_read_is_of_another_kind(
    four: Plan, arguments: dict[str, Any]
) -> None:
    """It was sent by another version, say: it counts for its endpoint, and breaks nothing."""
    odd = [Lasted(KLING, arguments, 500.0)] * 3
    assert usual(four, lasted(60, 60, 60) + odd) == 60
    assert usual(four, odd) == 500


def flying(tmp_path: Path, since: float) -> Plan:
    """Two shots, of which the first was sent at that time."""
    board_ = load(board(tmp_path, keyframes=3))
    key = plan(board_).shots[0].picked.key
    return plan(board_, held={key: Holding(Standing.FLYING, "r1", since=since)})


def test_what_is_on_its_way_takes_what_is_left(tmp_path: Path) -> None:
    """It has its place among those that go at once."""
    made, before = flying(tmp_path, since=1000), lasted(60, 60, 60)
    found = expected(made, before, at_once=4, now=1045)
    assert found == WaitExpected(1, 2, 60, 60, 60, 3, flying=1)
    found = expected(made, before, at_once=1, now=1045)
    assert found == WaitExpected(1, 1, 75, 75, 75, 3, flying=1)


def test_nothing_is_said_of_what_is_later_than_any_before(tmp_path: Path) -> None:
    """Nobody knows when it comes."""
    assert expected(flying(tmp_path, 1000), lasted(60, 60, 90), at_once=4, now=1091) is None


def test_this_machines_part_is_said_alone(tmp_path: Path) -> None:
    """Where nothing is bought."""
    made = plan(load(board(tmp_path)), draft=True)
    found = expected(made, [], at_once=4, now=0, here=30)
    assert found == WaitExpected(0, 0, 0, 0, 0, 0, here=30)
