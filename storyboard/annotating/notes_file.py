"""`FILE.notes.jsonl` beside the storyboard: a line for each thing that was said, in order.

Lines are only ever added, so version control merges them, and two pages may write at once. What
is said of a note later counts: its text changed, done, or taken back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.annotating.review_note import (
    NoNote,
    Removal,
    ReviewNote,
    as_line,
    from_line,
)
from storyboard.errors import FileTrouble

if TYPE_CHECKING:
    from storyboard.annotating.review_note import (
        Approval,
        Line,
    )

ENDING = ".notes.jsonl"
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """All that was said of a storyboard's takes."""

    notes: tuple[ReviewNote, ...] = ()
    """In the order in which they were written first."""
    approvals: dict[str, Approval] = field(default_factory=dict)
    """By the take's key; only of takes that are approved."""


def notes_file(storyboard: Path) -> Path:
    """Where the notes of a storyboard are kept: `film.yaml.notes.jsonl` for `film.yaml`."""
    return storyboard.with_name(storyboard.name + ENDING)


def read_notes(storyboard: Path) -> Said:
    """What was said; nothing where nobody said anything.

    FileTrouble names the line that is no note, and does nothing about it.
    """
    path = notes_file(storyboard)
    if not path.exists():
        return Said()
    notes: dict[str, ReviewNote] = {}
    approvals: dict[str, Approval] = {}
    for number, text in enumerate(_lines(path), 1):
        if not text.strip():
            continue
        try:
            line = from_line(text)
        except NoNote as error:
            raise FileTrouble(
                f"{path}:{number}: this is no note: {error}; mend the line, or take it out"
            ) from error
        if isinstance(line, ReviewNote):
            notes[line.id] = line
        elif isinstance(line, Removal):
            notes.pop(line.id, None)
        elif line.approved:
            approvals[line.key] = line
        else:
            approvals.pop(line.key, None)
    return Said(tuple(notes.values()), approvals)


def add_line(storyboard: Path, line: Line) -> None:
    """Say one thing more: it is on the disk when this comes back. FileTrouble where it can't be."""
    path = notes_file(storyboard)
    try:
        with path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
            broken = end > 0 and file.read(1) != b"\n"
            # One write, so that two who write at once don't write into each other's lines.
            file.write((b"\n" if broken else b"") + as_line(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise files.trouble(error) from error


def _lines(path: Path) -> list[str]:
    try:
        return files.read(path, limit=MOST_BYTES).decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise FileTrouble(f"{path} is not written in UTF-8; mend it") from error
