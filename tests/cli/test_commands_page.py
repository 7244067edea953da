"""The command reference and the README say what the commands really are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from storyboard.cli import group
from storyboard.cli.commands_page import text

ROOT = Path(__file__).parent.parent.parent
_LINES = [
    line.split("#")[0].removeprefix("$ ").strip()
    for page in ("README.md", "examples/README.md")
    for line in (ROOT / page).read_text().splitlines()
    if re.match(r"(\$ )?storyboard \w", line)
]


def test_the_reference_is_not_stale() -> None:
    """docs/commands.md is what the commands' help makes."""
    assert (ROOT / "docs" / "commands.md").read_text() == text()


@pytest.mark.parametrize("line", _LINES)
def test_commands_in_the_readme_exist_with_these_options(line: str) -> None:
    """Every command line in the README is one that the program takes."""
    name, *rest = shlex.split(line.split("|")[0])[1:]
    context = click.Context(group, info_name="storyboard")
    command = group.get_command(context, name)
    assert command is not None, name
    known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
    assert {word for word in rest if word.startswith("-")} <= known


def test_the_two_commands_are_one_line_each() -> None:
    """One makes a film, one passes the tests; each can be copied as it is."""
    page = (ROOT / "README.md").read_text()
    for mark in ("film", "tests"):
        block = page.split(f"<!-- {mark} -->")[1].split("<!-- end -->")[0]
        lines = [line for line in block.splitlines() if line and not line.startswith("```")]
        assert len(lines) == 1
        assert lines[0].startswith("python3 -m venv")
