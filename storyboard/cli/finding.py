"""The storyboard that is meant where none is named: the only one in this folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from storyboard.errors import StoryboardError

USUAL = "film.yaml"
_ENDINGS = (".yaml", ".yml")
_MOST, _READ = 200, 100_000
"""How many files are looked into, and how much of each."""
_VERSION = re.compile(rb"^version[ \t]*:", re.MULTILINE)
_PICTURES = re.compile(rb"^(keyframes|scenes)[ \t]*:", re.MULTILINE)


class NoStoryboard(StoryboardError):
    """There is none, or there are several. The text says what to write."""


def storyboard_in(folder: Path) -> Path:
    """`film.yaml`, or the only YAML file of the folder that is a storyboard; else NoStoryboard."""
    if (folder / USUAL).is_file():
        return folder / USUAL
    found = list(_storyboards(folder))
    if not found:
        raise NoStoryboard(
            "there is no storyboard in this folder; name one, or make one: "
            "storyboard new PICTURES..."
        )
    if len(found) > 1:
        names = ", ".join(shlex.quote(path.name) for path in found)
        raise NoStoryboard(f"there are several storyboards here; name one of {names}")
    return found[0]


def _storyboards(folder: Path) -> Iterator[Path]:
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in _ENDINGS)
    except OSError:
        return
    for path in paths[:_MOST]:
        try:
            with path.open("rb") as file:
                start = file.read(_READ) if path.is_file() else b""
        except OSError:
            continue
        if _VERSION.search(start) and _PICTURES.search(start):
            yield path
