"""Money as people write it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from storyboard.errors import StoryboardError
from storyboard.generating.terms import Run
from storyboard.units.money import parse_dollars, usd


@pytest.mark.parametrize(
    ("written", "micro"),
    [
        (2, 2_000_000),
        (0.084, 84_000),
        ("2", 2_000_000),
        ("$2", 2_000_000),
        ("$ 2.50", 2_500_000),
        ("2.50 USD", 2_500_000),
        ("US$0.000001", 1),
        ("0", 0),
    ],
)
def test_dollars(written: object, micro: int) -> None:
    """With or without their sign, exact."""
    assert parse_dollars(written) == micro


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2,50", r"write 2\.50, with a point"),
        ("$2,50", r"write \$2\.50, with a point"),
        ("€2", "US dollars"),
        ("-1", "between 0 and 1000000"),
        (-0.01, "between 0 and 1000000"),
        ("nan", "between 0 and 1000000"),
        (float("nan"), "between 0 and 1000000"),
        (1e999, "between 0 and 1000000"),
        ("1000001", "between 0 and 1000000"),
        ("0.00000001", "US dollars"),
        (0.00000001, "six decimals"),
        ("two", "US dollars"),
        ("", "US dollars"),
        (True, "US dollars"),
        (None, "US dollars"),
        ([2], "US dollars"),
    ],
)
def test_no_dollars(written: object, said: str) -> None:
    """Said with what to write."""
    with pytest.raises(ValueError, match=said):
        parse_dollars(written)


@pytest.mark.parametrize(
    ("given", "micro"),
    [
        ({"max_cost": "$2.00"}, 2_000_000),
        ({"max_cost": "0.25"}, 250_000),
        ({"max_cost": Decimal("2")}, 2_000_000),
        ({"max_cost": 0}, 0),
        ({"max_cost": 2_000_000}, 2_000_000),
        ({"max_cost_microusd": 1}, 1),
        ({}, None),
    ],
)
def test_a_cap_of_a_program(given: Any, micro: int | None) -> None:
    """Dollars as text or Decimal, micro-dollars by the name that says so, or plainly as many."""
    assert Run(**given).cap == micro


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"max_cost": 2.0}, 'write max_cost="2.0" for US dollars, or max_cost_microusd'),
        ({"max_cost": 2}, 'write max_cost="2" for US dollars'),
        ({"max_cost": True}, 'write max_cost="2.00"'),
        ({"max_cost": -5}, "no amount"),
        ({"max_cost": "2 EUR"}, "must be US dollars"),
        ({"max_cost": Decimal("NaN")}, "must be between 0 and"),
        ({"max_cost_microusd": 2.5}, "no amount"),
        ({"max_cost": "1", "max_cost_microusd": 1}, "both given"),
    ],
)
def test_a_cap_that_may_be_another_is_refused(given: Any, said: str) -> None:
    """With one sentence, before anything is done."""
    with pytest.raises(StoryboardError) as caught:
        Run(**given)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_micro_dollars_are_exact_dollars() -> None:
    """As a Decimal."""
    assert usd(252_000) == Decimal("0.252")


def test_a_new_cap_takes_the_place_of_the_former() -> None:
    """However each of them was given."""
    run = Run(max_cost="$2")
    assert run.but({"max_cost_microusd": 5}).cap == 5
    assert Run(max_cost_microusd=5).but({"max_cost": "$3"}).cap == 3_000_000
    assert run.but({"jobs": 2}).cap == 2_000_000
    assert run.but({"max_cost": None}).cap is None
