"""A table of films: each row has values for a storyboard's variables, and knows where they stand.

Values are texts as they are written: `010` stays 010, and `1.50` stays 1.50.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from os import PathLike, fsdecode
from pathlib import Path
from typing import Any, NoReturn, Protocol

from storyboard import files
from storyboard.errors import FileTrouble, InvalidStoryboard, Mistake, Place
from storyboard.fileformat.guess import guess
from storyboard.loading.tree import MAX_MISTAKES, is_secret, to_show
from storyboard.loading.variables import Cell
from storyboard.safe_text import inert

MAX_BYTES = 20_000_000
MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: one film."""

    number: int
    """From 1; a header is no row."""
    place: Place = field(compare=False)
    values: Mapping[str, Cell]
    places: Mapping[str, Place] = field(compare=False)
    """Where each value stands."""


@dataclass(frozen=True, slots=True)
class RowTable:
    """All rows, in their order."""

    file: str
    """Its name; empty where the rows were given in code."""
    columns: Mapping[str, Place]
    """Every column of any row, with where it is named first."""
    rows: tuple[TableRow, ...]


@dataclass(slots=True)
class Reading:
    """A table that is being read: its lines, and what is wrong so far."""

    file: str
    text: str
    lines: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)

    def at(self, line: int, column: int) -> Place:
        """A line and column, from 1."""
        there = self.lines[line - 1] if line <= len(self.lines) else ""
        return Place(self.file, line, column, to_show(there))

    def say(self, place: Place, message: str, column: str = "") -> None:
        """Note a mistake; `InvalidStoryboard` when there are too many to go on."""
        self.mistakes.append(Mistake(place, inert(column), inert(message)))
        if len(self.mistakes) == MAX_MISTAKES:
            self.stop(place, f"stopped after {MAX_MISTAKES} mistakes; mend these")

    def stop(self, place: Place, message: str) -> NoReturn:
        """The table can't be read on."""
        last = Mistake(place, "", inert(message))
        raise InvalidStoryboard([*self.mistakes, last])

    def add(self, place: Place, cells: Iterable[tuple[str, str, Place]]) -> None:
        """One more row, of (column, value, where that stands)."""
        values: dict[str, Cell] = {}
        places: dict[str, Place] = {}
        for name, value, where in cells:
            if is_secret(value):
                self.say(where, "looks like a service key; keep it in FAL_KEY", name)
            elif trouble := _unfit(value):
                self.say(where, trouble, name)
            values[name], places[name] = Cell(value), where
        if len(self.rows) == MAX_ROWS:
            self.stop(place, f"more than {MAX_ROWS} rows; divide the table")
        self.rows.append(TableRow(len(self.rows) + 1, place, values, places))

    def table(self, columns: Mapping[str, Place]) -> RowTable:
        """What was read; `InvalidStoryboard` where something is wrong with it, or it is empty."""
        if self.mistakes:
            raise InvalidStoryboard(self.mistakes)
        if not self.rows:
            self.stop(self.at(max(1, len(self.lines)), 1), "has no rows; write one for each film")
        return RowTable(self.file, columns, tuple(self.rows))


def _unfit(value: str) -> str:
    """Why a value can't be one; empty where it can."""
    for letter in value:
        if letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs"):
            return f"a control character (U+{ord(letter):04X}); remove it"
    return ""


def opened_table(path: Path) -> Reading:
    """A table's file as text; `InvalidStoryboard` where it can't be read, or is no UTF-8."""
    name = inert(str(path))
    try:
        data = files.read(files.as_on_disk(path), limit=MAX_BYTES)
    except FileTrouble as error:
        raise InvalidStoryboard([Mistake(Place(name, 1, 1), "", str(error))]) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        words = "is UTF-16; save it as UTF-8 (spreadsheets call that CSV UTF-8)"
        raise InvalidStoryboard([Mistake(Place(name, 1, 1), "", words)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        words = f"is not UTF-8 (byte 0x{data[error.start]:02X}); save the file as UTF-8"
        raise InvalidStoryboard([Mistake(Place(name, line, column), "", words)]) from None
    return Reading(name, text)


class Tabular(Protocol):
    """A table of pandas, or of whatever else gives its rows by this name."""

    def to_dict(self, orient: Any) -> Any:
        """Its rows, where `records` are asked for."""


def given_rows(given: Tabular | Iterable[Mapping[str, object]]) -> RowTable:
    """Rows that were made in code: numbers and truths are written as JSON has them."""
    rows = given.to_dict("records") if hasattr(given, "to_dict") else list(given)
    reading = Reading("", "")
    columns: dict[str, Place] = {}
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            kind = type(row).__name__
            raise TypeError(
                f"a row is a mapping from columns to values; rows[{number}] is a {kind}"
            )
        cells = []
        for name, value in row.items():
            place = Place.inside(f"rows[{number}].{name}")
            text = plain_value(value)
            if text is None:
                reading.say(place, "has to be a text, a number, true or false", str(name))
            columns.setdefault(str(name), place)
            cells.append((str(name), text or "", place))
        reading.add(Place.inside(f"rows[{number}]"), cells)
    if not rows:
        reading.stop(Place.inside("rows"), "there are no rows; give one for each film")
    return reading.table(columns)


def meant(name: str, names: Iterable[str]) -> str:
    """The column that was probably meant, for the end of a sentence; empty where none is near."""
    near = guess(name, names)
    return f"; did you mean {near}?" if near else ""


def plain_value(value: object) -> str | None:
    """A single value as text; None where it is none, or a number that is none."""
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # one of numpy's
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, PathLike):
        return fsdecode(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    return str(value) if isinstance(value, (str, int, float, Decimal)) else None
