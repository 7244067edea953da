"""How a take's file is called stands in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import storyboard
from storyboard.takes.assets import AssetKind

PACKAGE = Path(storyboard.__file__).parent
NOT_TAKES = (
    "cli",
    "film",
    "assemble",
    "rendering",
    "notebook.py",
    "page",
    "reimport/footage.py",
    "testing",
    "video",
    "workflows",
)
"""Rooms that write or show films and other files, and name them."""


def test_the_ending_of_takes_stands_in_one_place() -> None:
    """A new kind of asset is one line there."""
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.relative_to(PACKAGE).as_posix().startswith(NOT_TAKES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        # A docstring speaks in sentences.
        if AssetKind.VIDEO.ending in node.value and " " not in node.value
    ]
    assert found == ["takes/assets.py"]
