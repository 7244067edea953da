"""Several plans as one: each take once, and everybody's share."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.loading.load import parse
from storyboard.loading.variables import Cell
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.planning.together import joined, shares, tally
from storyboard.takes.holding import Holding, Standing
from tests.boards import still

PRICE = 252_000
"""Micro-dollars of three seconds."""


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    for number in range(3):
        still(folder / f"{number}.png", number)
    return folder


def film(folder: Path, city: str, **more: object) -> Plan:
    """A film of two shots, the first of which is alike in all."""
    text = (
        "version: 1\ndefaults: {duration: 3}\nkeyframes:\n"
        "  - image: 0.png\n    shot: It begins\n"
        '  - image: 1.png\n    shot: {prompt: "In ${city}", retakes: 1, pick: best}\n'
        "  - image: 2.png\n"
    )
    board = parse(text.encode(), folder / "film.yaml", variables={"city": Cell(city)})
    return plan(board, **more)  # type: ignore[arg-type]


def test_what_several_ask_for_is_paid_once(folder: Path) -> None:
    """The first film's shot pays, and covers the others'."""
    plans = {city: film(folder, city) for city in ("porto", "faro", "lisbon")}
    made = joined(plans)
    assert made.price_microusd == 4 * PRICE
    assert [purchase.covers for purchase in made.purchases] == [
        ("porto/sh010", "faro/sh010", "lisbon/sh010"),
        ("porto/sh020",),
        ("faro/sh020",),
        ("lisbon/sh020",),
    ]
    assert [shot.takes[0].shared for shot in made.shots][2] == "same as porto/sh010"
    found = tally(plans)
    assert (found.films, found.shots, found.takes, found.shared) == (3, 6, 6, 2)
    assert dict(found.states) == {"to buy": 4}


def test_the_shares_are_together_what_is_paid(folder: Path) -> None:
    """Evenly; the micro-dollars that can't be divided, the first ones bear."""
    plans = {city: film(folder, city) for city in ("porto", "faro", "lisbon")}
    found = shares(plans, lambda take: PRICE + 2)
    assert found == {
        "porto": PRICE + 2 + 84_001,
        "faro": PRICE + 2 + 84_001,
        "lisbon": PRICE + 2 + 84_000,
    }
    assert sum(found.values()) == 4 * (PRICE + 2)


def test_what_is_there_is_not_paid(folder: Path) -> None:
    """A take in the store costs nobody anything."""
    key = film(folder, "porto").shots[0].picked.key
    held = {key: Holding(Standing.DONE)}
    plans = {city: film(folder, city, held=held) for city in ("porto", "faro")}
    assert joined(plans).price_microusd == 2 * PRICE
    assert dict(tally(plans).states) == {"done": 1, "to buy": 2}


def test_some_shots_alone(folder: Path) -> None:
    """What is left out in each film is left out in all."""
    plans = {city: film(folder, city, only={"sh010"}) for city in ("porto", "faro")}
    made = joined(plans)
    assert [shot.id for shot in made.wanted] == ["porto/sh010", "faro/sh010"]
    assert made.price_microusd == PRICE


def test_one_film_is_as_it_was(folder: Path) -> None:
    """Alone and without a name it is the same plan."""
    alone = film(folder, "porto")
    assert joined({"": alone}).scenes == alone.scenes
    assert joined({"": alone}).most_microusd == alone.most_microusd


def test_a_retake_that_several_films_share_is_reckoned_once(folder: Path) -> None:
    """Two films of the same words have the same retake."""
    twice = joined({"a": film(folder, "porto"), "b": film(folder, "porto")})
    assert twice.price_microusd == 2 * PRICE
    assert twice.most_microusd == 3 * PRICE
