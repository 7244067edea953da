"""Errors: one line, an exit code, and a picture of the place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard import errors
from storyboard.errors import InvalidStoryboard, Mistake, Place, Refused, StoryboardError


def kinds(kind: type[StoryboardError]) -> list[type[StoryboardError]]:
    """An error and all that are of its kind."""
    return [kind, *(more for sub in kind.__subclasses__() for more in kinds(sub))]


def test_the_tree_in_the_docstring() -> None:
    """Names every error of the module."""
    for kind in kinds(StoryboardError):
        if kind.__module__ == "storyboard.errors":
            assert kind.__name__ in (errors.__doc__ or "")


def test_every_exit_code_is_one_of_the_documented() -> None:
    """0, 1 and 7 are no errors of ours."""
    assert {kind.exit_code for kind in kinds(StoryboardError)} == {2, 3, 4, 5, 6, 8, 130}


def mistake(text: str, column: int) -> Mistake:
    """A mistake in this line."""
    return Mistake(Place("film.yaml", 7, column, text), "title", "is wrong")


@pytest.mark.parametrize(
    ("text", "column", "caret"),
    [
        ("title: 5", 8, "       ^"),
        ("title: 5", 1, "^"),
        ("\ttitle: 5", 9, "        ^"),
        ("雪: 5", 4, "    ^"),
        ("e\u0301t: 5", 6, "    ^"),
        ("\N{FIRE}: 5", 4, "    ^"),
        ("\x1b[1m: 5", 7, "      ^"),
        ("\u202et: 5", 5, "    ^"),
    ],
    ids=ascii,
)
def test_the_caret(text: str, column: int, caret: str) -> None:
    """It stands below the column, also behind wide, joined and invisible characters."""
    assert mistake(text, column).drawn().splitlines()[-1] == "    " + caret


def test_a_long_line_is_cut() -> None:
    """Around the column."""
    drawn = mistake("x" * 5_000 + "here" + "y" * 5_000, 5_001).drawn().splitlines()
    assert len(drawn[1]) == errors.WIDTH + 4
    assert drawn[1][len(drawn[2]) - 1 :].startswith("here")


@given(st.text(max_size=300), st.integers(1, 300))
def test_any_line_can_be_drawn(text: str, column: int) -> None:
    """Three lines, with nothing in them that a terminal obeys."""
    line = (text.splitlines() or [""])[0]
    drawn = mistake(line, min(column, len(line) + 1)).drawn()
    assert drawn.replace("\n", "").isprintable()
    assert drawn.count("\n") == (2 if line else 0)


def test_mistakes_are_in_the_order_of_the_file() -> None:
    """However they were found."""
    found = InvalidStoryboard([Mistake(Place("f", n, 1), "", str(n)) for n in (3, 1, 2)])
    assert [m.message for m in found.mistakes] == ["1", "2", "3"]
    assert str(found) == "f:1:1: 1\nf:2:1: 2\nf:3:1: 3"


@pytest.mark.parametrize(("status", "stops"), [(401, True), (402, True), (403, True), (422, False)])
def test_a_refusal_of_the_account_stops_all(status: int, stops: bool) -> None:
    """One bad key is one refusal, not one for each shot."""
    assert Refused("no", status=status).stops_all is stops
