"""A second look at the ledger, by its name: is what lies there what is being written to?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storyboard.errors import StoreError
from storyboard.ledger.tables_sql import peeked

Place = tuple[int, int]
"""Which file it is: the disk, and the number on it."""


def place_of(path: Path) -> Place | None:
    """Which file is under this name; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def require(path: Path, place: Place | None, intent: str, lines: int) -> None:
    """StoreError unless this file is under this name, with this request and a journal so long."""
    if place is None or place_of(path) != place:
        raise moved(path)
    try:
        connection = peeked(path)
        if connection is None:
            raise moved(path)
        with closing(connection) as db:
            known = db.execute("SELECT state FROM requests WHERE intent = ?", (intent,)).fetchone()
            written = db.execute("SELECT max(n) FROM journal").fetchone()[0] or 0
    except sqlite3.Error as error:
        raise moved(path) from error
    if known is None or written < lines:
        raise moved(path)


def moved(path: Path) -> StoreError:
    """What lies under this name is not what was written to."""
    return StoreError(
        f"{path} was moved, deleted or exchanged while it was in use; nothing more is sent. Put "
        "the store back as it was, and run again: what was paid is collected"
    )
