"""`FILE.notes.jsonl` beside the storyboard: a line for each thing that was said, in order.

Lines are only ever added, so version control merges them, and two pages may write at once. What
is said of a note later counts: its text changed, done, or taken back. A line that can't be read,
cut off or of a later version, is left as it is, and keeps no other from being read.
"""

from __future__ import annotations

import codecs
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
from storyboard.units.timing import counted

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
    unread: tuple[str, ...] = ()
    """What to say of each line that can't be read."""

    def __repr__(self) -> str:
        notes, approvals = (
            counted(len(self.notes), "note"),
            counted(len(self.approvals), "approval"),
        )
        return f"<Said {notes}, {approvals}>"


def notes_file(storyboard: Path) -> Path:
    """Where the notes of a storyboard are kept: `film.yaml.notes.jsonl` for `film.yaml`."""
    return storyboard.with_name(storyboard.name + ENDING)


def read_notes(storyboard: Path) -> Said:
    """What was said; nothing where nobody said anything.

    FileTrouble where the file can't be read.
    """
    path = notes_file(storyboard)
    if not path.exists():
        return Said()
    notes: dict[str, ReviewNote] = {}
    approvals: dict[str, Approval] = {}
    unread: list[str] = []
    for number, data in enumerate(_lines(path), 1):
        if not data.strip():
            continue
        try:
            line = from_line(data.decode())
        except UnicodeDecodeError:
            unread.append(_unread(path, number, "it is not written in UTF-8"))
            continue
        except NoNote as error:
            unread.append(_unread(path, number, str(error)))
            continue
        if isinstance(line, ReviewNote):
            notes[line.id] = line
        elif isinstance(line, Removal):
            notes.pop(line.id, None)
        elif line.approved:
            approvals[line.key] = line
        else:
            approvals.pop(line.key, None)
    return Said(tuple(notes.values()), approvals, tuple(unread))


def _unread(path: Path, number: int, why: str) -> str:
    return f"{path}:{number}: this is no note, and left alone: {why}; mend the line, or take it out"


def add_line(storyboard: Path, line: Line) -> None:
    """Say one thing more: it is on the disk when this comes back. FileTrouble where it can't be."""
    path = notes_file(storyboard)
    try:
        with path.open("ab+", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
            broken = end > 0 and file.read(1) != b"\n"
            # One write, so that two who write at once don't write into each other's lines.
            file.write((b"\n" if broken else b"") + as_line(line).encode() + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        raise files.trouble(error) from error


def _lines(path: Path) -> list[bytes]:
    return files.read(path, limit=MOST_BYTES).removeprefix(codecs.BOM_UTF8).split(b"\n")
