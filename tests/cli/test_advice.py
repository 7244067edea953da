"""What the command line advises can be pasted, and what is not named is found."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyboard.cli import advice, run
from storyboard.cli.finding import NoStoryboard, storyboard_in
from tests.boards import still
from tests.house import PACKAGE

BOARD = "version: 1\nkeyframes: []\n"


@pytest.fixture(autouse=True)
def _nothing_given() -> Iterator[None]:
    """Each test begins and ends without a storyboard at hand."""
    advice.forget()
    yield
    advice.forget()


def test_a_command_in_a_message_names_the_file_quoted() -> None:
    """File, store and variables are those of the command that speaks."""
    advice.remember(file=Path("my film.yaml"), store=Path("/takes"), variables=("city=New York",))
    said = advice.pasteable("lost; `storyboard resume` collects it, `storyboard ledger verify` too")
    assert said == (
        "lost; `storyboard resume 'my film.yaml' --store /takes --var 'city=New York'` collects "
        "it, `storyboard ledger verify 'my film.yaml' --store /takes` too"
    )


def test_without_a_file_a_command_stays_as_it_is() -> None:
    """A library's message is a message."""
    assert advice.pasteable("run `storyboard resume`") == "run `storyboard resume`"


def test_arguments_of_the_library_are_options() -> None:
    """What the library calls `max_cost` is typed as --max-cost; other words stay as they are."""
    said = "more than `max_cost` $1.00; use `draft=True`, or `on_fail: hold`"
    assert advice.pasteable(said) == "more than --max-cost $1.00; use --draft, or `on_fail: hold`"


def test_the_library_speaks_of_arguments() -> None:
    """None of its messages names an option of the command line."""
    options = "|".join(map(re.escape, advice.OPTIONS.values()))
    found = [
        f"{path.name}: {text}"
        for path in PACKAGE.rglob("*.py")
        if path.parts[-2] not in ("cli", "fileformat")
        and path.name not in ("farm.py", "openjd.py")  # they call it
        for text in _texts(path)
        if re.search(rf"(?<![\w-])({options})\b", re.sub("`storyboard [^`]*`", "", text))
    ]
    assert found == []


def _texts(path: Path) -> Iterator[str]:
    """All texts of a module but its docstrings; an f-string is one, with a word for each value."""
    tree = ast.parse(path.read_text())
    seen = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):  # an f-string comes before its parts
        if isinstance(node, ast.JoinedStr):
            seen |= {id(part) for part in node.values}
            parts = (part.value if isinstance(part, ast.Constant) else "X" for part in node.values)
            yield "".join(map(str, parts))
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in seen
        ):
            yield node.value


def test_film_yaml_is_meant_where_none_is_named(tmp_path: Path) -> None:
    """The usual name comes first; else the only file that is a storyboard."""
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    with pytest.raises(NoStoryboard, match="storyboard new PICTURES"):
        storyboard_in(tmp_path)
    (tmp_path / "b.yml").write_text(BOARD)
    assert storyboard_in(tmp_path) == tmp_path / "b.yml"
    (tmp_path / "c.yaml").write_text(BOARD)
    with pytest.raises(NoStoryboard, match=r"name one of b\.yml, c\.yaml"):
        storyboard_in(tmp_path)
    (tmp_path / "film.yaml").write_text(BOARD)
    assert storyboard_in(tmp_path) == tmp_path / "film.yaml"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["rendr"], 2, "did you mean render?"),
        (["film.yaml"], 2, "name a command first: storyboard animatic film.yaml"),
        (["validate"], 2, "there is no storyboard in this folder"),
        (["resolve", "film.yaml", "--abandon"], 2, "name the shot, too"),
        (["new", ".", "-o", "missing/film.yaml"], 8, "missing"),
    ],
)
def test_mistakes_of_typing_are_usage(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line that says what was meant, never a traceback."""
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    assert run(arguments) == code
    assert said in capsys.readouterr().err
