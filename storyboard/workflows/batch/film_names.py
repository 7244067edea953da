"""What the films of a table are called: `out/{name}.mp4`, with the values of each row."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import Mistake, StoryboardError
from storyboard.exporting.media.naming import is_device, one_name
from storyboard.loading.row_tables import meant
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.row_tables import RowTable, TableRow
    from storyboard.workflows.finish import Finish

NUMBER = "row"
"""Stands for the row's number, where no column is called so."""
LONGEST = 200
"""Bytes of a value in a name: with the rest of it, what every disk takes."""
_USE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A path with a column's name in braces wherever its value goes."""

    written: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return tuple(dict.fromkeys(_USE.findall(self.written)))

    @property
    def folder(self) -> Path:
        """The folder that all films lie below: as far as the path is the same of all."""
        path = Path(self.written)
        parts = list(path.parts[:-1])
        fixed = next((i for i, part in enumerate(parts) if _USE.search(part)), len(parts))
        return Path(*parts[:fixed])

    def path(self, row: TableRow) -> Path:
        """The path for a row."""
        return Path(_USE.sub(lambda use: value_of(row, use[1]), self.written))

    def name(self, row: TableRow) -> str:
        """What its film is called among the others: its path from the common folder on."""
        return self.path(row).relative_to(self.folder).with_suffix("").as_posix()

    def check(self, table: RowTable) -> None:
        """`StoryboardError` where it names a column that is not there, or none of many rows."""
        if re.search(r"[{}]", _USE.sub("", self.written)):
            raise StoryboardError(f"{self.written}: a brace is not closed; write {{column}}")
        known = {*table.columns, NUMBER}
        for name in self.columns:
            if name not in known:
                there = meant(name, known) or f"; there are {', '.join(sorted(known))}"
                raise StoryboardError(f"{self.written}: no column is called {name}{there}")
        if not self.columns and len(table.rows) > 1:
            raise StoryboardError(
                f"{self.written}: {len(table.rows)} films would have one name; write a column's "
                f"name in braces into it, or {{{NUMBER}}} for the row's number"
            )

    def mistakes(self, table: RowTable) -> Iterator[Mistake]:
        """Values that can't be part of a name, and rows whose films would have one name."""
        first: dict[str, TableRow] = {}
        for row in table.rows:
            bad = [self._unfit(row, name) for name in self.columns if _unfit(value_of(row, name))]
            yield from bad
            if bad:
                continue
            path = self.path(row)
            if self.columns and (odd := _unportable(path.relative_to(self.folder))):
                yield Mistake(self._place(row), "", f"{path}: {odd}")
            same = first.setdefault(_plain(path), row)
            if same is not row:
                words = f"{path} is the film of row {same.number} ({same.place}) already"
                alike = "" if self.path(same) == path else "; names differ by more than their case"
                yield Mistake(self._place(row), "", f"{words}{alike}")

    def _unfit(self, row: TableRow, name: str) -> Mistake:
        value = value_of(row, name)
        return Mistake(row.places.get(name, row.place), name, _unfit(value))

    def _place(self, row: TableRow) -> Place:
        return next((row.places[n] for n in self.columns if n in row.places), row.place)


def value_of(row: TableRow, name: str) -> str:
    """A column's value; the row's number for `row` where there is no such column."""
    if name == NUMBER and NUMBER not in row.values:
        return str(row.number)
    return row.values.get(name, "")


def _unfit(value: str) -> str:
    """Why a value can't be a part of a file's name; empty where it can."""
    if not value.strip():
        return "is empty, and the film is called by it"
    if value.strip() in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", value):
        return f"{in_message(value)} can't be part of a file's name; no /, \\ or line break in it"
    if len(value.encode()) > LONGEST:
        return f"is longer than {LONGEST} bytes, and the film is called by it"
    return ""


def _unportable(path: Path) -> str:
    """Why some machine would not make this file, or would make another one; empty where all do."""
    for part in path.parts:
        if is_device(part):
            return f"{in_message(part)} is the name of a device on Windows; call it otherwise"
        if part not in (".", "..") and part[-1] in " .":
            return f"{in_message(part)} loses its last sign on Windows; call it otherwise"
        if os.name == "nt" and (sign := re.search(r'[<>:"|?*]', part)):
            return f"no {sign[0]} can be in a file's name on Windows; call it otherwise"
    return ""


def _plain(path: Path) -> str:
    """The same for names that some disk takes for one."""
    return one_name(str(path))


def finished_as(finish: Finish, row: TableRow) -> Finish:
    """The finish of one film: its poster and pictures are called by its row, too."""
    named = partial(_filled, row=row)
    return replace(finish, poster=named(finish.poster), pictures=named(finish.pictures))


def _filled(path: Path | None, row: TableRow) -> Path | None:
    return None if path is None else NamePattern(str(path)).path(row)


def patterns(output: str, finish: Finish) -> list[NamePattern]:
    """The film's name, and those of what is written beside it."""
    more = (finish.poster, finish.pictures)
    return [NamePattern(output), *(NamePattern(str(path)) for path in more if path is not None)]


def chosen(
    table: RowTable, rows: Iterable[int] = (), where: Mapping[str, str] | None = None
) -> tuple[TableRow, ...]:
    """The rows with these numbers, and these values; all where neither is said.

    `StoryboardError` where there is no such row, column, or none has the values.
    """
    numbers, wanted = set(rows), dict(where or {})
    for number in sorted(numbers):
        if not 1 <= number <= len(table.rows):
            raise StoryboardError(f"there is no row {number}; there are 1 to {len(table.rows)}")
    for name in wanted:
        if name not in table.columns:
            known = ", ".join(table.columns)
            raise StoryboardError(f"no column is called {name}; there are {known}")
    found = tuple(
        row
        for row in table.rows
        if (not numbers or row.number in numbers)
        and all(_same(row.values.get(name, ""), value) for name, value in wanted.items())
    )
    if not found:
        said = ", ".join(f"{name}={value}" for name, value in wanted.items())
        raise StoryboardError(f"no row has {said}; `plan` shows them all")
    return found


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
