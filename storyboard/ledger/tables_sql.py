"""The ledger's file: its tables, and opening it. What is broken or too new is refused."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storyboard.errors import StoreError
from storyboard.ledger import disk
from storyboard.ledger.rows import LIVE

VERSION = 3
PATIENCE = 30.0
"""Seconds to wait for another process's transaction."""

_ABOUT = "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"

_TABLES = f"""
CREATE TABLE requests (
    intent TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    storyboard TEXT NOT NULL,
    shot TEXT NOT NULL,
    take INTEGER NOT NULL,
    run TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    canonical TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL,
    request_id TEXT UNIQUE,
    urls TEXT,
    result TEXT,
    estimate INTEGER NOT NULL CHECK (estimate >= 0),
    actual INTEGER CHECK (actual >= 0),
    intended_at REAL NOT NULL,
    sent_at REAL,
    done_at REAL,
    detail TEXT NOT NULL DEFAULT '',
    account TEXT NOT NULL DEFAULT '',
    covers TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE UNIQUE INDEX one_live ON requests (key) WHERE state IN {LIVE};
CREATE INDEX by_state ON requests (state);
CREATE TABLE journal (
    n INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    intent TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE TRIGGER journal_keeps_all BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE uploads (
    digest TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    uploaded_at REAL NOT NULL
) STRICT;
{_ABOUT}
PRAGMA user_version = {VERSION};
"""

_ACCOUNTS = f"""
ALTER TABLE requests ADD COLUMN account TEXT NOT NULL DEFAULT '';
{_ABOUT}
"""
_COVERS = """
ALTER TABLE requests ADD COLUMN covers TEXT NOT NULL DEFAULT '[]';
"""
_UPGRADES = {1: (_ACCOUNTS, _COVERS), 2: (_COVERS,)}
"""From version 1, whose rows say nothing of the account, and 2, where each is for one shot."""


def opened(path: Path, *, create: bool) -> sqlite3.Connection:
    """The ledger in this file, for writing; a new one only with `create`.

    `StoreError` if it is missing, empty, corrupt, or written by a newer version.
    """
    if not path.exists() and not create:
        raise StoreError(f"{path} is missing; run `storyboard ledger rebuild`")
    _refuse_second_name(path)
    if create:
        _touch(path)
    with _connected(path, str(path)) as connection:
        if not create:
            _check_version(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # macOS: fsync alone leaves it in the drive's cache.
        connection.execute("PRAGMA fullfsync = 1")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _statements(_wanting(connection, create=create)):
            connection.execute(statement)
        connection.execute("COMMIT")
        _check_version(connection, path)
        return connection


def peeked(path: Path) -> sqlite3.Connection | None:
    """The ledger for reading only, also from a read-only disk; None where there is none yet."""
    if not path.exists():
        return None
    # Where writing is possible, a killed writer's journal may have to be rolled back first. Where
    # it is not, a write-ahead log can't be opened; but then nobody writes, either.
    writable = os.access(path.parent, os.W_OK)
    flags = "mode=rw" if writable else "mode=ro&immutable=1"
    with _connected(path, f"{path.absolute().as_uri()}?{flags}", uri=True) as connection:
        connection.execute("PRAGMA query_only = 1")
        if _is_empty(connection):
            connection.close()
            return None
        _check_version(connection, path)
        return connection


def broken(path: Path, error: sqlite3.Error) -> StoreError:
    """What SQLite says, and what to do about it."""
    text = str(error)
    passing = ("disk is full", "disk I/O", "readonly", "read-only", "locked", "unable to open")
    if any(word in text for word in passing):
        return StoreError(f"{path}: {text}; nothing more is sent until it can be written")
    return StoreError(f"{path}: {text}; `storyboard ledger rebuild` makes a new one from the takes")


@contextmanager
def _connected(path: Path, name: str, *, uri: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that is closed at once if anything is wrong with the file."""
    try:
        connection = sqlite3.connect(
            name, uri=uri, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise broken(path, error) from error


def _refuse_second_name(path: Path) -> None:
    """Two names are two stores with one ledger, each with a log of its own: each loses what the
    other writes."""
    if path.exists() and path.stat().st_nlink > 1:
        raise StoreError(
            f"{path} is the file of another store as well, by a hard link; put a copy of it in its "
            "place, and decide which of the two stores goes on"
        )


def _touch(path: Path) -> None:
    """Make the file as the umask says, for the owner and the group: never for all to write."""
    try:
        disk.make_file(path, 0o664)
    except OSError as error:
        raise StoreError(f"{path} can't be made: {error.strerror}") from error


def _wanting(connection: sqlite3.Connection, *, create: bool) -> str:
    """The statements that make this the ledger of today: all, those of an upgrade, or none."""
    if create and _is_empty(connection):
        return _TABLES
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    steps = _UPGRADES.get(version, ())
    return "".join(steps) + (f"PRAGMA user_version = {VERSION};" if steps else "")


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing has been written yet: a file that was just made, or that lost everything."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return version == 0 and tables == 0


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(f"{path} was written by a newer storyboard; upgrade this one")
    if version < 1:
        raise StoreError(f"{path} is not a ledger any more; run `storyboard ledger rebuild`")


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit before it starts."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
