"""Errors: one line, an exit code, and a picture of the place."""

from __future__ import annotations

import copy
import pickle
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import storyboard
from storyboard import cli, errors
from storyboard.errors import InvalidStoryboard, Mistake, Place, Refusal, Refused, StoryboardError
from storyboard.generating.conductor import Failure
from storyboard.loading.edits import Uneditable
from storyboard.workflows.conform import NoTake

BRANCH = re.compile(r"^ {4}([│├└─ ]*)(\w+) +(\d+)  ([^(]*)(?:\(`([\w.]+)`\))?$")
OUR_OWN = {"Hangup", "NoNote", "TakenAlready", "TooLong", "TooMuch", "_Wrong"}
"""Signals within our own modules, or to a client that obeys only its own kind of error.

They are always taken, and never reach a caller."""


@dataclass(frozen=True)
class Kind:
    """One line of the tree."""

    name: str
    parent: str
    exit_code: int
    home: str


def drawn() -> Iterator[Kind]:
    """The tree of the module's docstring."""
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := BRANCH.match(line):
            art, name, code, _, home = found.groups()
            above[len(art) // 4 :] = [name]
            parent = above[-2] if len(above) > 1 else "Exception"
            yield Kind(name, parent, int(code), home or "storyboard.errors")


def defined() -> Iterator[type[BaseException]]:
    """Every exception that any module of the package defines."""
    for found in pkgutil.walk_packages(storyboard.__path__, "storyboard."):
        if not found.name.endswith("__main__"):
            module = import_module(found.name)
            yield from (
                kind
                for kind in vars(module).values()
                if isinstance(kind, type)
                and issubclass(kind, BaseException)
                and kind.__module__ == module.__name__
            )


def expected() -> Iterator[type[StoryboardError]]:
    """Those that are reported on purpose."""
    yield from (kind for kind in defined() if issubclass(kind, StoryboardError))


def test_the_tree_is_the_one_that_is_drawn() -> None:
    """Name, parent, exit code and module of every error, in all modules."""
    found = [
        Kind(kind.__name__, kind.__bases__[0].__name__, kind.exit_code, kind.__module__)
        for kind in expected()
    ]
    assert sorted(found, key=str) == sorted(drawn(), key=str)


def test_every_error_is_in_the_tree() -> None:
    """An exception beside it is a signal between two modules, or a traceback to come."""
    beside = {kind.__name__ for kind in defined() if not issubclass(kind, StoryboardError)}
    assert beside == OUR_OWN


def test_an_error_is_of_one_kind() -> None:
    """None is a ValueError or an OSError too: nobody takes it for a bug, or a bug for it."""
    assert all(len(kind.__bases__) == 1 for kind in expected())


def test_one_exit_code_a_kind() -> None:
    """What is of a kind has its exit code, and the command line's table has them all."""
    for kind in expected():
        parent = kind.__bases__[0]
        assert kind.exit_code == getattr(parent, "exit_code", 2) or parent is StoryboardError


def test_the_documented_exit_codes() -> None:
    """The command line's table and the README's have those of the tree, and those of results."""
    codes = {kind.exit_code for kind in expected()} | {0, 1, 7, 9}
    table = re.findall(r"(?:^| {2,})(\d+) (?=\w)", cli.__doc__ or "", re.MULTILINE)
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in table} == codes
    assert {int(code) for code in re.findall(r"(?:^|· |\n)(\d+) ", section)} == codes


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


@pytest.mark.parametrize("of", Refusal)
def test_a_refusal_of_the_account_stops_all(of: Refusal) -> None:
    """One bad key is one refusal, not one for each shot."""
    assert Refused("no", of=of).stops_all is (of in (Refusal.KEY, Refusal.ACCOUNT))


def test_every_error_comes_whole_out_of_a_worker() -> None:
    """Pickled and copied, it says the same and knows the same, whatever it is made with."""
    made: list[StoryboardError] = [
        InvalidStoryboard([Mistake(Place("film.yaml", 3, 4, "text"), "title", "is empty")]),
        Refused("no", of=Refusal.CONTENT, names=("prompt",), retry_after=3.0),
        Uneditable("can't be written here", lines="pick: 2"),
        errors.Interrupted("stopped", going=[errors.Going("sh010", 1, "id", 5)]),
        NoTake(Failure("sh010", 1, errors.Unforeseen("oh"), errors.Charged.NO, Place("f", 1, 1))),
    ]
    plain = [kind for kind in defined() if issubclass(kind, StoryboardError)]
    made += [kind.__new__(kind, "words") for kind in plain]
    for error in made:
        for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
            assert (type(again), str(again), again.args) == (type(error), str(error), error.args)
            assert repr(vars(again)) == repr(vars(error))
