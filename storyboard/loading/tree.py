"""The content of a file as plain data that remembers where everything stood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.errors import InvalidStoryboard, Mistake, Place
from storyboard.fileformat.findings import field_path
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path

MAX_DEPTH = 32
MAX_VALUES = 100_000
MAX_MISTAKES = 100
"""More are not looked for: nobody reads them, and looking takes time."""


SECRET = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{32}\b", re.IGNORECASE)
"""The look of a fal.ai key."""
_CREDENTIALS = re.compile(r"://[^/\s]*@|\b(?:s3|gs|az)://\S*\?", re.IGNORECASE)
"""Addresses with a name or a password in them, and buckets' with a signature behind them."""


def is_secret(text: str) -> bool:
    """Whether the text holds what looks like a service key."""
    return SECRET.search(text) is not None


def to_show(line: str) -> str:
    """A source line as a mistake quotes it; nothing of one with a key or a password in it."""
    return "" if is_secret(line) or _CREDENTIALS.search(line) else line


@dataclass(slots=True)
class Tree:
    """A file's content as plain data, with the place of every key and value."""

    file: str
    lines: list[str]
    root: Any = None
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of each key."""
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of each value."""
    lone: dict[Path, str] = field(default_factory=dict)
    """The values that were nothing but one variable, with that variable as text."""
    unfilled: set[Path] = field(default_factory=set)
    """The values with a variable that is not there."""
    idle: tuple[str, ...] = ()
    """Its own variables that no value uses."""
    hashed: dict[Path, str] = field(default_factory=dict)
    """The values that are empty because what stands there is a comment, and its first word."""
    structure: bool = False
    """Whether it was given in code: then nothing has a line."""
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Where this value (or its key) stands; for what is missing, its nearest parent."""
        if self.structure:
            return Place.inside(field_path(path))
        if of_key and path in self.keys:
            return self.at(*self.keys[path])
        while path and path not in self.values:
            path = path[:-1]
        return self.at(*self.values.get(path, (1, 1)))

    def say(self, path: Path, message: str, *, of_key: bool = False) -> None:
        """Note a mistake at this value, or at its key."""
        self.note(self.mistake(path, message, of_key=of_key))

    def mistake(self, path: Path, message: str, *, of_key: bool = False) -> Mistake:
        """A mistake at this value, or at its key; what it quotes from the file is made inert."""
        return Mistake(self.place(path, of_key=of_key), field_path(path), inert(message))

    def note(self, mistake: Mistake) -> None:
        """Note a mistake once; `InvalidStoryboard` when there are too many to go on."""
        if mistake in self.mistakes:
            return
        self.mistakes.append(mistake)
        if len(self.mistakes) == MAX_MISTAKES:
            raise self.stop(
                max(1, len(self.lines)), 1, f"stopped after {MAX_MISTAKES} mistakes; mend these"
            )

    def stop(self, line: int, column: int, message: str) -> InvalidStoryboard:
        """The error for a file that can't be read on: this mistake and those before it."""
        last = Mistake(self.at(line, column), "", inert(message))
        return InvalidStoryboard([*self.mistakes, last])

    def at(self, line: int, column: int) -> Place:
        """A line and column of the file, with the line's text."""
        if self.structure:
            return Place.inside("")
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return Place(self.file, line, column, to_show(text))
