"""The ledger: every paid request, written down before it is sent.

SQLite in the store, in WAL mode with synchronous=FULL, so that a commit is on the disk before
anything else happens. A row goes

    SENDING -> SENT -> DONE -> KEPT                the clip is in the store
            -> REFUSED                             the service said no
               SENT -> FAILED, CANCELLED           it came to nothing
            -> ABANDONED, LOST                     the user decided so

and the database itself forbids two live rows for one key. A row that says SENDING while nobody
holds its lock is *unknown*: the request may have been accepted. It is never sent again unless the
user says so. Money is whole micro-dollars.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from storyboard.errors import NotAllowed, StoreError
from storyboard.models import dollars

SCHEMA_VERSION = 1

LIVE = ("SENDING", "SENT", "DONE", "KEPT")
"""The states of which a key has at most one row."""
OPEN = ("SENDING", "SENT", "DONE")
"""The states of requests that are not settled yet."""

_SCHEMA = f"""
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
    detail TEXT NOT NULL DEFAULT ''
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
PRAGMA user_version = {SCHEMA_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the ledger knows it."""

    intent: str
    key: str
    storyboard: str
    shot: str
    take: int
    run: str
    endpoint: str
    canonical: dict[str, Any]
    arguments: dict[str, Any]
    """As sent, with the pictures' addresses."""
    state: str
    request_id: str | None
    urls: dict[str, str]
    result: dict[str, Any] | None
    estimate: int
    actual: int | None
    intended_at: float
    sent_at: float | None
    done_at: float | None
    detail: str

    @property
    def cost(self) -> int:
        """Micro-dollars: what was charged where that is known, else the estimate."""
        return self.estimate if self.actual is None else self.actual


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that is about to be paid for."""

    key: str
    storyboard: str
    shot: str
    take: int
    run: str
    endpoint: str
    canonical: Mapping[str, Any]
    arguments: Mapping[str, Any]
    estimate: int


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent at the most, in micro-dollars; None: no cap."""

    run: int | None = None
    storyboard: int | None = None


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of one storyboard, or of one run, in micro-dollars."""

    spent: int = 0
    """Charged, or estimated where the service did not say."""
    reserved: int = 0
    """For requests that are not settled."""
    possible: int = 0
    """For failed requests that may have been charged."""

    @property
    def total(self) -> int:
        """What counts against a cap."""
        return self.spent + self.reserved + self.possible


class TakenAlready(Exception):
    """Someone else has a live request for the key. Not an error: follow that one."""

    def __init__(self, row: Row) -> None:
        super().__init__(row.intent)
        self.row = row


class Ledger:
    """One store's ledger. Safe to use from many threads and many processes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.path = path

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Ledger:
        """The ledger in this file; `StoreError` if it is missing, corrupt, or from the future."""
        if not path.exists() and not create:
            raise StoreError(f"{path} is missing; run `storyboard ledger rebuild`")
        try:
            connection = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
            return cls(_prepared(connection, path), path)
        except sqlite3.DatabaseError as error:
            raise _broken(path, error) from error

    @classmethod
    def peek(cls, path: Path) -> Ledger | None:
        """The ledger for reading only, also from a read-only disk; None where there is none."""
        if not path.exists():
            return None
        for flags in ("mode=ro", "mode=ro&immutable=1"):
            try:
                connection = sqlite3.connect(
                    f"{path.absolute().as_uri()}?{flags}",
                    uri=True,
                    timeout=30,
                    isolation_level=None,
                    check_same_thread=False,
                )
                _check_version(connection, path)
                return cls(connection, path)
            except sqlite3.OperationalError:
                continue
            except sqlite3.DatabaseError as error:
                raise _broken(path, error) from error
        raise StoreError(f"{path} can't be opened; check its permissions")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # what is written, in the order in which it happens

    def intend(self, intent: str, wish: Wish, caps: Caps = NO_CAPS) -> None:
        """Write the request down and reserve its price, in one transaction.

        Raises `TakenAlready` where the key has a live request, `NotAllowed` over a cap.
        """
        with self._transaction() as db:
            live = self._live(wish.key)
            if live:
                raise TakenAlready(live)
            self._check_caps(wish, caps)
            db.execute(
                "INSERT INTO requests (intent, key, storyboard, shot, take, run, endpoint,"
                " canonical, arguments, state, estimate, intended_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'SENDING', ?, ?)",
                (
                    intent,
                    wish.key,
                    wish.storyboard,
                    wish.shot,
                    wish.take,
                    wish.run,
                    wish.endpoint,
                    json.dumps(wish.canonical),
                    json.dumps(wish.arguments),
                    wish.estimate,
                    time.time(),
                ),
            )
            self._note(intent, "intended", dollars(wish.estimate))

    def sent(self, intent: str, request_id: str, urls: Mapping[str, str]) -> None:
        """The service accepted the request and gave it an id."""
        with self._transaction() as db:
            try:
                changed = db.execute(
                    "UPDATE requests SET state = 'SENT', request_id = ?, urls = ?, sent_at = ?"
                    " WHERE intent = ? AND state = 'SENDING'",
                    (request_id, json.dumps(dict(urls)), time.time(), intent),
                ).rowcount
            except sqlite3.IntegrityError as error:
                raise StoreError(
                    f"the service gave the id {request_id} twice; stopped before anything is lost"
                ) from error
            if changed:
                self._note(intent, "sent", request_id)

    def settle(self, intent: str, state: str, detail: str, *, possibly_charged: bool) -> None:
        """The request came to nothing: REFUSED, FAILED, CANCELLED, ABANDONED or LOST."""
        actual = None if possibly_charged else 0
        with self._transaction() as db:
            db.execute(
                "UPDATE requests SET state = ?, detail = ?, actual = ?, done_at = ?"
                f" WHERE intent = ? AND state IN {(*LIVE, 'LOST')}",
                (state, detail, actual, time.time(), intent),
            )
            self._note(intent, state.lower(), detail)

    def done(self, intent: str, result: Mapping[str, Any], actual: int | None) -> None:
        """The service finished; this is its answer, and what it charged where it says so."""
        with self._transaction() as db:
            db.execute(
                "UPDATE requests SET state = 'DONE', result = ?, actual = ?, done_at = ?"
                " WHERE intent = ? AND state IN ('SENT', 'DONE')",
                (json.dumps(dict(result)), actual, time.time(), intent),
            )
            self._note(intent, "done", "" if actual is None else dollars(actual))

    def kept(self, intent: str, detail: str = "") -> None:
        """The clip is in the store, whole and checked."""
        with self._transaction() as db:
            db.execute(
                "UPDATE requests SET state = 'KEPT', detail = ?"
                " WHERE intent = ? AND state IN ('DONE', 'KEPT')",
                (detail, intent),
            )
            self._note(intent, "kept", detail)

    def adopt(self, row: Row) -> None:
        """Put a request back that is known from its note or from the service's history."""
        fields = asdict(row)
        for name in ("canonical", "arguments", "urls", "result"):
            fields[name] = None if fields[name] is None else json.dumps(fields[name])
        with self._transaction() as db:
            db.execute(
                f"INSERT OR IGNORE INTO requests ({', '.join(fields)})"
                f" VALUES ({', '.join('?' * len(fields))})",
                tuple(fields.values()),
            )
            self._note(row.intent, "rebuilt", row.state)

    def note(self, intent: str, event: str, detail: str = "") -> None:
        """One more line of the journal."""
        with self._transaction():
            self._note(intent, event, detail)

    def uploaded(self, digest: str, url: str) -> None:
        """A prepared picture is at the service, at this address."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO uploads VALUES (?, ?, ?)", (digest, url, time.time())
            )

    # what is read

    def upload(self, digest: str, *, younger_than: float) -> str | None:
        """The address of a prepared picture that was uploaded less than so many seconds ago."""
        since = time.time() - younger_than
        found = self._all(
            "SELECT url FROM uploads WHERE digest = ? AND uploaded_at BETWEEN ? AND ?",
            digest,
            since,
            time.time() + 60,
        )
        return str(found[0]["url"]) if found else None

    def row(self, intent: str) -> Row:
        """The request with this intent."""
        return _row(self._all("SELECT * FROM requests WHERE intent = ?", intent)[0])

    def live(self, key: str) -> Row | None:
        """The live request of a key."""
        with self._lock:
            return self._live(key)

    def rows(self, *, states: tuple[str, ...] = ()) -> list[Row]:
        """All requests, oldest first, or those in these states."""
        marks = ", ".join("?" * len(states))
        where = f" WHERE state IN ({marks})" if states else ""
        found = self._all(f"SELECT * FROM requests{where} ORDER BY intended_at", *states)
        return [_row(line) for line in found]

    def journal(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""
        return [dict(line) for line in self._all("SELECT * FROM journal ORDER BY n")]

    def sums(self, *, storyboard: str | None = None, run: str | None = None) -> Sums:
        """Money spent, reserved and possibly gone; of all, or of one storyboard or run."""
        where, values = [], []
        for column, value in (("storyboard", storyboard), ("run", run)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)
        clause = f" WHERE {' AND '.join(where)}" if where else ""
        found = self._all(
            "SELECT"
            " coalesce(sum(CASE WHEN state IN ('DONE', 'KEPT', 'LOST')"
            "   THEN coalesce(actual, estimate) END), 0) AS spent,"
            " coalesce(sum(CASE WHEN state IN ('SENDING', 'SENT') THEN estimate END), 0)"
            "   AS reserved,"
            " coalesce(sum(CASE WHEN state IN ('REFUSED', 'FAILED', 'CANCELLED', 'ABANDONED')"
            "   AND actual IS NULL THEN estimate END), 0) AS possible"
            f" FROM requests{clause}",
            *values,
        )[0]
        return Sums(found["spent"], found["reserved"], found["possible"])

    def verify(self) -> list[str]:
        """What is wrong with the file itself, by SQLite's own check; empty when it is sound."""
        found = [str(line[0]) for line in self._all("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    # the workings

    def _live(self, key: str) -> Row | None:
        found = self._all(f"SELECT * FROM requests WHERE key = ? AND state IN {LIVE}", key)
        return _row(found[0]) if found else None

    def _check_caps(self, wish: Wish, caps: Caps) -> None:
        if caps.run is not None:
            self._check_cap(wish, self.sums(run=wish.run), caps.run, "--max-cost")
        if caps.storyboard is not None:
            spent = self.sums(storyboard=wish.storyboard)
            self._check_cap(wish, spent, caps.storyboard, "the storyboard's budget")

    @staticmethod
    def _check_cap(wish: Wish, sums: Sums, cap: int, name: str) -> None:
        if sums.total + wish.estimate > cap:
            raise NotAllowed(
                f"{wish.shot} costs {dollars(wish.estimate)}, {dollars(sums.total)} are spent or "
                f"reserved, and {name} is {dollars(cap)}; raise it to go on"
            )

    def _note(self, intent: str, event: str, detail: str) -> None:
        self._connection.execute(
            "INSERT INTO journal (at, intent, event, detail) VALUES (?, ?, ?, ?)",
            (time.time(), intent, event, detail),
        )

    def _all(self, question: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            try:
                return self._connection.execute(question, values).fetchall()
            except sqlite3.Error as error:
                raise _broken(self.path, error) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it on the disk, or none of it."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise _broken(self.path, error) from error


def _prepared(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = 1")  # macOS: fsync alone leaves it in the drive's cache
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if version == 0 and empty:
        for statement in _statements(_SCHEMA):
            connection.execute(statement)
    connection.execute("COMMIT")
    _check_version(connection, path)
    return connection


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit before it starts."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path} was written by a newer storyboard; upgrade this one")
    if version < 1:
        raise StoreError(f"{path} is not a ledger; move it away, then `storyboard ledger rebuild`")


def _broken(path: Path, error: sqlite3.Error) -> StoreError:
    text = str(error)
    if "disk is full" in text or "disk I/O" in text or "readonly" in text or "locked" in text:
        return StoreError(f"{path}: {text}; nothing more is sent until it can be written")
    return StoreError(f"{path}: {text}; `storyboard ledger rebuild` makes a new one from the takes")


def _row(line: sqlite3.Row) -> Row:
    fields = dict(line)
    for name in ("canonical", "arguments", "urls"):
        fields[name] = json.loads(fields[name] or "{}")
    fields["result"] = json.loads(fields["result"]) if fields["result"] else None
    return Row(**fields)
