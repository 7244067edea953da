"""Rows that are installed on this machine: by packages, and by a Python file of one's own.

A package has an entry point in the group `storyboard.models`, a file is named by the variable
`STORYBOARD_MODELS`; either gives a `Model`, or several in a list. A storyboard can name neither: it
comes from strangers, and no code of theirs is run.
"""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoryboardError
from storyboard.models.table import MODELS

if TYPE_CHECKING:
    from storyboard.models.model import Model
    from storyboard.models.table import Table

GROUP = "storyboard.models"
VARIABLE = "STORYBOARD_MODELS"
NAME = "MODELS"
"""What the file calls its rows."""


def installed() -> Table:
    """The table with the rows that are installed here; StoryboardError where some can't be used."""
    return _with(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=4)
def _with(file: str) -> Table:
    rows = [*_of_packages(), *(_of_file(Path(file)) if file else ())]
    return MODELS.having(*rows) if rows else MODELS


def _of_packages() -> Iterator[Model]:
    for point in entry_points(group=GROUP):
        try:
            found = point.load()
        except Exception as error:  # whatever a package does when it is imported
            raise StoryboardError(
                f"the models of {point.value} can't be used: {type(error).__name__}: {error}; "
                "uninstall it, or mend it"
            ) from error
        yield from _rows(found, f"the entry point {point.value}")


def _of_file(path: Path) -> Iterator[Model]:
    try:
        found = runpy.run_path(str(path))
    except Exception as error:  # whatever the file does
        raise StoryboardError(
            f"{VARIABLE}: {path} can't be used: {type(error).__name__}: {error}"
        ) from error
    if NAME not in found:
        raise StoryboardError(f"{VARIABLE}: {path} has no {NAME}; give it a list of rows")
    yield from _rows(found[NAME], f"{path}: {NAME}")


def _rows(found: Any, what: str) -> Iterator[Model]:
    rows = list(found) if isinstance(found, Iterable) else [found]
    for row in rows:
        if not all(hasattr(row, name) for name in ("alias", "endpoint", "request", "price")):
            raise StoryboardError(f"{what} is no model, and no list of models")
        yield row
