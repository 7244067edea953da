"""The command line is thin: arguments, one workflow, an exit code; and quick to ask for help."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import storyboard.cli
from storyboard.cli import group
from tests.house import modules

HEAVY = ("moviepy", "cv2", "fal_client", "httpx", "scipy")
"""What no `--help` loads."""

COMMANDS = tuple(group.list_commands(click.Context(group)))


def late(tree: ast.Module) -> Iterator[str]:
    """What is imported inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{function.name}: {ast.unparse(node)}"


def test_nothing_is_imported_inside_a_command() -> None:
    """The table of workflows is the one place where anything is loaded late."""
    found = modules()
    cli = [module for name, module in found.items() if name.startswith("storyboard.cli")]
    assert [line for module in cli for line in late(module.tree)] == []
    workflows = [m for name, m in found.items() if name.startswith("storyboard.workflows")]
    assert [line for module in workflows for line in late(module.tree)] == []


def test_every_command_has_its_workflow() -> None:
    """Of the same name, or of the name of what it does."""
    others = {"export": "hand_over", "import": "take_back", "schema": ""}
    package = Path(storyboard.cli.__file__).parents[1] / "workflows"
    for name in COMMANDS:
        meant = others.get(name, name)
        assert not meant or list(package.glob(f"{meant}.py")) or (package / meant).is_dir()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_loads_nothing_heavy(name: str) -> None:
    """Neither moviepy nor OpenCV nor a client of the service."""
    code = (
        f"import sys; from storyboard.cli import run; run([{name!r}, '--help']);"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert f"storyboard {name}" in done.stdout
