"""The budget of a storyboard that is being edited: one field, and nothing else of the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from storyboard.errors import InvalidStoryboard
from storyboard.fileformat.fields import Dollars
from storyboard.loading import reading, shape
from storyboard.loading.variables import fill


def budget_in(
    data: bytes, path: Path, variables: Mapping[str, str] | None = None
) -> tuple[int | None, bool]:
    """The budget in a storyboard's bytes, in micro-dollars, and whether the file is sound.

    No picture is looked at. `InvalidStoryboard` where not even a budget can be read.
    """
    written = reading.read(data, file=str(path))
    fill(written, variables or {})
    board = shape.board(written)
    if board is not None and not written.mistakes:
        return board.budget, True
    said = written.root.get("budget") if isinstance(written.root, dict) else None
    try:
        return TypeAdapter(Dollars).validate_python(said), False
    except ValidationError:
        raise InvalidStoryboard(written.mistakes) from None
