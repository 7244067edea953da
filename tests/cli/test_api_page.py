"""The page of the Python API says what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import storyboard
from storyboard.cli.api_page import SHAPES, text
from tests.boards import board
from tests.cli.running import storyboard as run
from tests.house import PACKAGE

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_page_is_not_stale() -> None:
    """docs/api.md is what the docstrings make."""
    assert PAGE.read_text() == text()


def test_every_public_name_has_its_place() -> None:
    """A name that comes to the package comes to the page, too."""
    shown = set(re.findall(r"^### (\w+)$", text(), re.MULTILINE))
    assert set(storyboard.__all__) - {"errors", "events", "__version__"} <= shown


def test_every_environment_variable_is_told() -> None:
    """Whatever the package looks up under a name of its own, or of the service's."""
    named = {
        name
        for path in PACKAGE.rglob("*.py")
        if "testing" not in path.parts
        for name in re.findall(r'"((?:STORYBOARD|FAL)_[A-Z_]+)"', path.read_text())
    }
    assert {name for name in named if f"`{name}`" not in text()} == set()


def test_commands_print_what_the_page_says(tmp_path: Path) -> None:
    """Each object has these names, and those in its lists have theirs."""
    film = board(tmp_path, extra=["versions: {tall: 4:5}"])
    (tmp_path / "rows.csv").write_text("name\none\n")
    more: dict[str, list[str | Path]] = {
        "animatic": ["--preview"],
        "batch": ["--rows", tmp_path / "rows.csv", "-o", "{name}.mp4", "--draft", "--preview"],
        "export": ["--draft", "--to", tmp_path / "out"],
    }
    found = {
        name: run(*name.split(), film, "--json", *more.get(name, ()), cwd=tmp_path).data
        for name in SHAPES
    }
    assert {name: _names(data) for name, data in found.items()} == SHAPES


def _names(data: Any) -> str:
    if isinstance(data, list):
        return f"[{', '.join(data[0])}]"
    return ", ".join(f"{name}{_inner(value)}" for name, value in data.items())


def _inner(value: Any) -> str:
    """The names of what a list holds."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return ""
    return f" [{', '.join(value[0])}]"
