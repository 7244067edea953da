"""Which tables of rows can be read: one line a format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import StoryboardError
from storyboard.loading.row_tables import Tabular, given_rows, opened_table
from storyboard.loading.rows_csv import read_csv
from storyboard.loading.rows_json import read_json, read_jsonl

if TYPE_CHECKING:
    from storyboard.loading.row_tables import Reading, RowTable

ROW_FORMATS: Mapping[str, Callable[[Reading], RowTable]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
"""By the ending of the file's name."""

RowSource = str | os.PathLike[str] | Iterable[Mapping[str, object]] | Tabular
"""The path of a table's file, or the rows themselves: mappings, or a table of pandas."""


def read_rows(given: RowSource) -> RowTable:
    """The table.

    `InvalidStoryboard` with every mistake at its line and column, `StoryboardError` for a file
    of another kind.
    """
    if not isinstance(given, (str, os.PathLike)):
        return given_rows(given)
    path = Path(given)
    read = ROW_FORMATS.get(path.suffix.lower())
    if read is None:
        known = ", ".join(ROW_FORMATS)
        raise StoryboardError(f"{files.shown(path)}: a table of rows is called {known}; name one")
    return read(opened_table(path))
