"""Variables: `${name}` in the file, overridden from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import parse
from storyboard.loading.variables import Cell
from tests.loading.stills import lay_out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures."""
    return lay_out(tmp_path_factory.mktemp("variables"))


def load(
    folder: Path, top: str, shot: str, given: Mapping[str, str] | None = None
) -> CheckedStoryboard:
    """A storyboard of one shot with these lines at its top."""
    text = f"version: 1\n{top}\nkeyframes:\n  - image: a.png\n    shot: {shot}\n  - image: b.png\n"
    return parse(text.encode(), folder / "film.yaml", variables=given)


def prompt(board: CheckedStoryboard) -> str:
    """The only shot's prompt."""
    return next(board.shots).prompt


def test_in_text(folder: Path) -> None:
    """A variable stands for its text, as often as it is used."""
    board = load(folder, "variables: {city: Lisbon}", "From ${city} to ${city}")
    assert prompt(board) == "From Lisbon to Lisbon"


def test_from_outside(folder: Path) -> None:
    """What is given wins over the file."""
    board = load(folder, "variables: {city: Lisbon}", "In ${city}", {"city": "Porto"})
    assert prompt(board) == "In Porto"


def test_not_in_the_file(folder: Path) -> None:
    """A variable may come from outside alone."""
    assert prompt(load(folder, "title: A", "In ${city}", {"city": "Porto"})) == "In Porto"


def test_a_number_is_a_number(folder: Path) -> None:
    """Alone in a field, a variable keeps its kind."""
    board = load(folder, "variables: {n: 4}", '{prompt: On, duration: "${n}"}', {"n": "6"})
    assert str(next(board.shots).duration) == "6 s"


def test_a_number_is_text_where_text_is_wanted(folder: Path) -> None:
    """`title: ${year}` with year: 1984 is the text 1984."""
    assert load(folder, "variables: {year: 1984}\ntitle: ${year}", "On").title == "1984"


def test_true_is_text_as_it_is_written(folder: Path) -> None:
    """Not Python's word for it."""
    assert load(folder, "variables: {a: true}\ntitle: is ${a}", "On").title == "is true"


def test_the_sign_itself(folder: Path) -> None:
    """`$${` is how `${` is written."""
    assert prompt(load(folder, "title: A", "Costs $${amount} and $5")) == "Costs ${amount} and $5"


def test_not_in_notes(folder: Path) -> None:
    """Notes are nobody's business."""
    assert load(folder, "notes: ${anything}\nx-a: ${more}", "On").shots


def test_not_twice(folder: Path) -> None:
    """A variable's own text is not looked through for variables."""
    board = load(folder, 'variables: {a: "${b}", b: "${a}"}', "To ${a}")
    assert prompt(board) == "To ${b}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"city": "Porto"}, "`variables` city: ${city} is used nowhere"),
        ({"k": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9:" + "0" * 32}, "looks like a service key"),
        ({"k": "\x1b[31m"}, "has a control character (U+001B); remove it"),
        ({"k": "\udc80"}, "has half a character in it"),
    ],
)
def test_bad_values_from_outside(folder: Path, given: Mapping[str, str], message: str) -> None:
    """What comes with --var is checked as what is in the file."""
    with pytest.raises(InvalidStoryboard) as caught:
        load(folder, "variables: {k: v}\ntitle: ${k}", "On", given)
    assert message in str(caught.value)
    assert "0a1b2c3d" not in caught.value.drawn()


@pytest.mark.parametrize(
    "text",
    ["${" * 300_000, "${a}" * 300_000, "$" * 900_000, "${" + "a" * 900_000, "${a" * 300_000],
    ids=["open", "unknown", "dollars", "long", "nested"],
)
def test_hostile_text(folder: Path, text: str) -> None:
    """However many there are, one mistake says it, and no search runs wild."""
    with pytest.raises(InvalidStoryboard) as caught:
        load(folder, f"title: '{text}'", "On")
    assert len(caught.value.mistakes) == 1
    assert len(str(caught.value)) < 300


def test_a_bomb_of_variables(folder: Path) -> None:
    """A long variable used often can't fill the memory."""
    board = "variables: {a: " + "x" * 100_000 + "}\ntitle: " + "${a}" * 100_000
    with pytest.raises(InvalidStoryboard, match="variables make this file longer than 2 MB"):
        load(folder, board, "On")


@pytest.mark.parametrize(
    ("written", "read"),
    [("1.50", "1.5"), ("1e3", "1000.0"), ("010", "010"), ("TRUE", "true"), ("None", "None")],
)
def test_within_a_text_a_given_value_is_read_as_yaml_does(
    folder: Path, written: str, read: str
) -> None:
    """As it always was: otherwise takes would be bought again. A table's cell stays as written."""
    for value, word in ((written, read), (Cell(written), written)):
        board = load(folder, "variables: {n: x}", '"${n} of them"', {"n": value})
        assert prompt(board) == f"{word} of them"


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_at_all_is_no_word(folder: Path, written: str) -> None:
    """It was read as None: a mistake at its line, that says how to find what was bought so."""
    with pytest.raises(InvalidStoryboard, match="n is nothing at all, which is no word"):
        load(folder, "variables: {n: x}", '"${n} of them"', {"n": written})
    board = load(folder, "variables: {n: x}", '"${n} of them"', {"n": Cell("")})
    assert prompt(board) == "of them"
    assert load(folder, "variables: {n: x}\ntitle: ${n}", "On", {"n": written}).title
