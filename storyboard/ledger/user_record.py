"""What this user has sent from this machine, whichever store it was for: a witness outside of all.

Every row of every ledger is written here as well. So a ledger that is deleted or older than it was
learns all that it forgot, money that came to nothing too; and two stores that want the very same, a
store and its copy first of all, don't both pay for it before the account's history lists it.

It is a help and no condition: where it can't be kept, `trouble` says why, and the ledger stands
alone. A commit outlives this program, and not a power cut.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from platformdirs import user_state_path

from storyboard.ledger import disk
from storyboard.ledger.rows import OPEN, Row

VARIABLE = "STORYBOARD_STATE"
"""The variable that names its folder."""
FILE = "requests.sqlite3"
VERSION = 1
PATIENCE = 10.0
"""Seconds to wait for another process's transaction."""
RECENT = 30 * 24 * 3600.0
"""Seconds for which another store's request may be collected instead of paid for."""

_TABLES = f"""
CREATE TABLE IF NOT EXISTS requests (
    store TEXT NOT NULL,
    intent TEXT NOT NULL,
    key TEXT NOT NULL,
    payer TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    request_id TEXT,
    intended_at REAL NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (store, intent)
) STRICT;
CREATE INDEX IF NOT EXISTS by_key ON requests (key);
PRAGMA user_version = {VERSION};
"""

_PUT = """
INSERT INTO requests (store, intent, key, payer, state, request_id, intended_at, row)
VALUES (:store, :intent, :key, :payer, :state, :request_id, :intended_at, :row)
ON CONFLICT (store, intent) DO UPDATE
SET key = excluded.key, state = excluded.state, request_id = excluded.request_id,
    intended_at = excluded.intended_at, row = excluded.row,
    payer = CASE excluded.payer WHEN '' THEN payer ELSE excluded.payer END
"""

_ALIKE = """
SELECT store, row FROM requests
WHERE key = :key AND NOT (store = :store AND intent = :intent)
  AND (store = :store OR (payer != '' AND payer = :payer AND intended_at BETWEEN :since AND :until))
ORDER BY request_id IS NULL, intended_at DESC
"""

_BROUGHT = """
SELECT row FROM requests WHERE state IN ('DONE', 'KEPT') ORDER BY intended_at DESC LIMIT 1000
"""

Said = tuple[str, str | None, float]
"""What is known of a request in short: its state, its id, and when it was written down."""


def usual_folder() -> Path:
    """Where it is kept: `STORYBOARD_STATE`, else where the system wants a user's state."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_state_path("storyboard", appauthor=False)


class UserRecord:
    """The requests of all stores of this user on this machine. For one ledger, and one thread of
    it at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.trouble = ""
        """Why it can't be kept; empty while it can."""
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def put(self, store: str, row: Row) -> None:
        """Write a row down as it is in this store's ledger now."""
        with self._open() as db:
            if db is not None:
                db.execute(_PUT, _line(store, row))

    def claim(
        self, store: str, row: Row, payer: str, *, explained: Callable[[Row], bool]
    ) -> Row | None:
        """Write down what is about to be sent, unless the same is on its way already: gives that.

        All in one transaction, so that of two stores one comes first. What the asking store knows
        is `explained`. `payer` is the account, the same in all stores; empty: not known, and then
        only a store with this one's id counts, which is a copy of it.
        """
        with self._open() as db:
            if db is None:
                return None
            db.execute("BEGIN IMMEDIATE")
            for there, other in self._alike(db, store, row, payer):
                if there.state in (*OPEN, "KEPT") and not explained(there):
                    return there if other == store else _followed(there, row)
            db.execute(_PUT, _line(store, row, payer))
            db.execute("COMMIT")
            return None

    def alike(self, store: str, row: Row, payer: str) -> list[Row]:
        """What other stores have sent for this row's key, as rows of this store, the surest first.

        Also what came to nothing there, and may have been charged.
        """
        found: list[tuple[Row, str]] = []
        with self._open() as db:
            if db is not None:
                found = list(self._alike(db, store, row, payer))
        return [there if other == store else _followed(there, row) for there, other in found]

    def said(self, store: str) -> dict[str, Said]:
        """All requests of a store by intent, in short."""
        lines: list[tuple[str, str, str | None, float]] = []
        with self._open() as db:
            if db is not None:
                lines = db.execute(
                    "SELECT intent, state, request_id, intended_at FROM requests WHERE store = ?"
                    " ORDER BY intended_at",
                    (store,),
                ).fetchall()
        return {intent: (state, known, at) for intent, state, known, at in lines}

    def row(self, store: str, intent: str) -> Row | None:
        """A request of a store; None where it can't be read."""
        line: tuple[str] | None = None
        with self._open() as db:
            if db is not None:
                line = db.execute(
                    "SELECT row FROM requests WHERE store = ? AND intent = ?", (store, intent)
                ).fetchone()
        return None if line is None else _row(line[0])

    def brought(self) -> list[Row]:
        """The newest requests of all stores of which something came; none where there is no record
        yet, or it can't be read."""
        if not self.path.exists():
            return []
        lines: list[tuple[str]] = []
        with self._open() as db:
            if db is not None:
                lines = db.execute(_BROUGHT).fetchall()
        self.close()
        return [row for (line,) in lines if (row := _row(line)) is not None]

    def _alike(
        self, db: sqlite3.Connection, store: str, row: Row, payer: str
    ) -> Iterator[tuple[Row, str]]:
        since, until = row.intended_at - RECENT, row.intended_at + RECENT
        about = {"store": store, "payer": payer, "since": since, "until": until}
        asked = about | {"key": row.key, "intent": row.intent}
        for other, line in db.execute(_ALIKE, asked).fetchall():
            there = _row(line)
            if there is not None:
                yield there, str(other)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """The file, made where there is none; None, or given up, where it can't be used."""
        db = self._connected()
        try:
            yield db
        except (sqlite3.Error, OSError) as error:
            self.trouble = f"{self.path} can't be written ({error})"
        finally:
            if db is not None and db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")

    def _connected(self) -> sqlite3.Connection | None:
        if self._connection is None and not self.trouble:
            try:
                self._connection = _opened(self.path)
            except (sqlite3.Error, OSError, Timeout, NotImplementedError) as error:
                self.trouble = f"{self.path} can't be opened ({error})"
        return self._connection


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    kind = disk.network_disk(path.parent)
    if kind:
        raise OSError(f"it is on a network disk: {kind}")
    disk.make_file(path, 0o600)  # words and addresses: nobody else's
    # One at a time: of two that turn a new file to its log at once, SQLite refuses one.
    lock = path.with_name("opening.lock")
    with FileLock(lock, timeout=PATIENCE, mode=0o600, fallback_to_soft=False):
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise OSError("it was written by a newer storyboard")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if version < VERSION:
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _line(store: str, row: Row, payer: str = "") -> dict[str, Any]:
    return {
        "store": store,
        "intent": row.intent,
        "key": row.key,
        "payer": payer,
        "state": row.state,
        "request_id": row.request_id,
        "intended_at": row.intended_at,
        "row": json.dumps(asdict(row)),
    }


_KNOWN = {field.name for field in fields(Row)}


def _row(text: str) -> Row | None:
    """A row as it was written, also by another version; None where it can't be read."""
    try:
        about = json.loads(text)
        fields = {name: value for name, value in about.items() if name in _KNOWN}
        return Row(**fields | {"covers": tuple(map(str, fields.get("covers") or ()))})
    except (ValueError, TypeError, AttributeError):
        return None


def _followed(there: Row, here: Row) -> Row:
    """Another store's request as a row of this one: it is followed from where it is."""
    state = there.state
    if state in (*OPEN, "KEPT"):
        state = "SENT" if there.request_id else "SENDING"
    mine = asdict(there) | {
        "storyboard": here.storyboard,
        "shot": here.shot,
        "take": here.take,
        "covers": here.covers,
        "run": "found",
        "state": state,
        "result": None,
        "account": here.account,
        "detail": f"sent from another store of this user: {there.detail}".rstrip(": "),
    }
    return Row(**mine)
