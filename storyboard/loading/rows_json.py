"""Rows from JSON: a list of objects, or an object a line; each value with its place."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from storyboard.loading.row_tables import plain_value
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.row_tables import Reading, RowTable

_SPACE = " \t\r\n"


def read_json(reading: Reading) -> RowTable:
    """The table of a JSON file: a list of objects."""
    page = _Page(reading)
    if page.sign() != "[":
        page.stop("a list of rows is meant: [{...}, {...}]; one object a line is a .jsonl file")
    for _ in page.members("[", "]"):
        page.row()
    page.end()
    return reading.table(page.columns)


def read_jsonl(reading: Reading) -> RowTable:
    """The table of a JSON Lines file: an object a line."""
    page = _Page(reading)
    while page.sign():
        begun = page.line
        page.row()
        if page.sign() and page.line == begun:
            page.stop("a second object in one line; each row has a line of its own")
    return reading.table(page.columns)


class _Page:
    """A text of JSON that is gone through; numbers stay as they are written."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._text, self._at = reading, reading.text, 0
        self._starts = [0, *(i + 1 for i, letter in enumerate(self._text) if letter == "\n")]
        reading.lines = [line.rstrip("\r") for line in self._text.split("\n")]
        self._decoder = json.JSONDecoder(
            parse_int=str, parse_float=str, parse_constant=self._constant
        )
        self.columns: dict[str, Place] = {}

    @property
    def line(self) -> int:
        """The line, from 1."""
        return bisect_right(self._starts, self._at)

    def place(self, at: int) -> Place:
        """Where a sign of the text stands."""
        line = bisect_right(self._starts, at)
        return self._reading.at(line, at - self._starts[line - 1] + 1)

    def sign(self) -> str:
        """The next sign that is no space; empty at the end."""
        while self._at < len(self._text) and self._text[self._at] in _SPACE:
            self._at += 1
        return self._text[self._at : self._at + 1]

    def stop(self, message: str) -> NoReturn:
        """The text can't be read on."""
        self._reading.stop(self.place(self._at), message)

    def end(self) -> None:
        """Nothing more is there."""
        if self.sign():
            self.stop("something stands behind the list; remove it")

    def members(self, opening: str, closing: str) -> Iterator[None]:
        """Once before each member of a list or an object."""
        self._take(opening)
        if self.sign() == closing:
            self._at += 1
            return
        while True:
            yield
            if self.sign() == closing:
                self._at += 1
                return
            self._take(",")

    def row(self) -> None:
        """The object that begins here."""
        if self.sign() != "{":
            self.stop("a row is an object: {...}")
        begun = self._at
        cells: dict[str, tuple[str, Place]] = {}
        for _ in self.members("{", "}"):
            self._cell(cells)
        here = self.place(begun)
        self._reading.add(here, ((name, text, at) for name, (text, at) in cells.items()))

    def _cell(self, cells: dict[str, tuple[str, Place]]) -> None:
        if self.sign() != '"':
            self.stop('a column\'s name is meant, in quotes: "name"')
        key = self.place(self._at)
        name = str(self._value())
        self._take(":")
        self.sign()
        place = self.place(self._at)
        value = self._value()
        if name in cells:
            self._reading.say(key, f"{name} is here twice")
        elif value is None:
            return  # as if it were not there
        elif (text := plain_value(value)) is None:
            self._reading.say(place, "has to be a text, a number, true or false", name)
        else:
            cells[name] = text.replace("\r\n", "\n"), place
        self.columns.setdefault(name, key)

    def _take(self, wanted: str) -> None:
        if self.sign() != wanted:
            found = in_message(self._text[self._at]) if self._at < len(self._text) else "the end"
            self.stop(f"{wanted} is meant here, and {found} is there")
        self._at += 1

    def _value(self) -> Any:
        try:
            value, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self.stop(f"is no JSON: {error.msg}")
        except RecursionError:
            self.stop("nested too deep; a value is a text or a number")
        return value

    def _constant(self, name: str) -> NoReturn:
        self.stop(f"{name} is no JSON")
