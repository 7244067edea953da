"""Rows from CSV: commas, semicolons or tabs, whichever the header has; each cell with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.row_tables import Reading, RowTable

_DELIMITERS = ",;\t"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end: it ends as in a spreadsheet, and nowhere else."""
_HINT = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
"""What some spreadsheets write above the header: what divides the columns."""


@dataclass(slots=True)
class _Lines:
    """The lines of a text, as they stand in it, counted as they are taken."""

    lines: list[str]
    taken: list[str] = field(default_factory=list)
    number: int = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.number == len(self.lines):
            raise StopIteration
        self.taken.append(self.lines[self.number])
        self.number += 1
        return self.taken[-1]


def read_csv(reading: Reading) -> RowTable:
    """The table of a CSV file, whose first line names the columns."""
    whole = _LINE.findall(reading.text)
    reading.lines = [line.rstrip("\r\n") for line in whole]
    hint = _HINT.fullmatch(reading.lines[0]) if whole else None
    header = next((line for line in reading.lines if line.strip()), "")
    delimiter = hint[1] if hint else _delimiter(header)
    found = _records(reading, _Lines(whole, number=1 if hint else 0), delimiter)
    columns = _columns(reading, next(found, ([], [])))
    if reading.mistakes:
        return reading.table(columns)
    for cells, places in found:
        _row(reading, tuple(columns), cells, places)
    return reading.table(columns)


def _delimiter(header: str) -> str:
    """What divides the columns: the first sign of those that do, outside of quotes."""
    quoted = False
    for letter in header:
        quoted ^= letter == '"'
        if letter in _DELIMITERS and not quoted:
            return letter
    return ","


Cells = tuple[list[str], "list[Place]"]
"""What the cells of a record say, and where each begins."""


def _records(reading: Reading, lines: _Lines, delimiter: str) -> Iterator[Cells]:
    """Every record that is not empty."""
    table = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first, lines.taken = lines.number + 1, []
        try:
            cells = next(table, None)
        except csv.Error as error:
            reading.stop(reading.at(first, 1), f"{_in_words(error)}")
        if cells is None:
            return
        if any(line.strip() for line in lines.taken):
            texts = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
            yield texts, list(_places(reading, lines.taken, first, delimiter))


def _in_words(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "quotes that begin in this row are not closed; close them, and double those inside"
    if "expected after" in said:
        return "something stands behind closing quotes; double the quotes that are inside a value"
    return f"is no CSV: {said}"


def _places(reading: Reading, taken: list[str], first: int, delimiter: str) -> Iterator[Place]:
    """Where each cell of a record begins."""
    quoted, begins = False, True
    for number, line in enumerate(taken, start=first):
        for column, letter in enumerate(line, start=1):
            if begins:
                yield reading.at(number, column)
                begins = False
            if letter == '"':
                quoted = not quoted
            elif letter == delimiter and not quoted:
                begins = True
        if begins and number == first + len(taken) - 1:
            yield reading.at(number, len(line) + 1)


def _columns(reading: Reading, header: Cells) -> dict[str, Place]:
    """The columns by name; a name that is missing, or there twice, is a mistake."""
    names, places = header
    found: dict[str, Place] = {}
    for number, (name, place) in enumerate(zip(names, places, strict=True), start=1):
        if not name.strip():
            reading.say(place, f"column {number} has no name; write one, or remove the column")
        elif name in found:
            reading.say(place, f"a second column is called {name}; each has a name of its own")
        found.setdefault(name, place)
    return found


def _row(reading: Reading, names: tuple[str, ...], cells: list[str], places: list[Place]) -> None:
    if len(cells) != len(names):
        place = places[len(names)] if len(cells) > len(names) else places[0]
        columns = f"{len(names)} column{'s' * (len(names) != 1)}"
        reading.say(place, f"this row has {len(cells)} values, and the header {columns}")
        return
    reading.add(places[0], zip(names, cells, places, strict=True))
