"""A ledger in a file: SQLite in WAL mode with synchronous=FULL, so that a commit is on the disk
before anything else happens. The database itself forbids two live rows for one key.

What its states mean stands in `storyboard.ledger.door`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.clock import REAL
from storyboard.errors import Charged, OverBudget, StoreError
from storyboard.ledger import learning, receipts, witness
from storyboard.ledger.queries import Queries, row_of_line
from storyboard.ledger.rows import LIVE, NO_CAPS, SETTLED, TakenAlready
from storyboard.ledger.tables_sql import broken, opened, peeked
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.ledger.rows import Caps, JournalLine, Row, Sums, Wish
    from storyboard.ledger.user_record import UserRecord

_INTEND = """
INSERT INTO requests (intent, key, storyboard, shot, take, run, endpoint, canonical, arguments,
                      state, estimate, intended_at, account, covers)
VALUES (:intent, :key, :storyboard, :shot, :take, :run, :endpoint, :canonical, :arguments,
        'SENDING', :estimate, :now, :account, :covers)
ON CONFLICT (intent) DO UPDATE
SET state = 'SENDING', arguments = excluded.arguments, estimate = excluded.estimate,
    account = excluded.account, intended_at = excluded.intended_at,
    actual = NULL, done_at = NULL, detail = ''
WHERE state = 'REFUSED'
"""

_LINE = "INSERT INTO journal (at, intent, event, detail) VALUES (?, ?, ?, ?)"

_FROM = {
    "REFUSED": ("SENDING",),
    "FAILED": ("SENT",),
    "CANCELLED": ("SENT",),
    "LOST": ("SENT", "DONE", "KEPT"),
    "ABANDONED": LIVE,
    "RELEASED": LIVE,
}
"""What a request can have been when it is settled so: a verdict that comes too late is none."""

_OPENED_AGAIN = ("SENT", "DONE", "KEPT", "LOST")
"""What a request can have been when it turns out that its id was another's all the time."""

_CHARGED = {
    Charged.NO: "0",
    Charged.POSSIBLY: "NULL",
    Charged.YES: "coalesce(actual, estimate)",
}


_BOUGHT_AGAIN = "the take was bought again in the meantime; `storyboard resume` collects that one"


class SqliteLedger(Queries):
    """A store's ledger in a file. Safe to use from many threads and many processes."""

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Clockwork = REAL) -> None:
        super().__init__(connection, path, clock)
        self._place = witness.place_of(path)
        self._written = self._noted = 0
        """The journal's last line that is on the disk, and the last of this transaction."""
        self._changed: set[str] = set()
        """The intents that this transaction has written about."""
        self._record: UserRecord | None = None
        self._store = ""

    @classmethod
    def open(cls, path: Path, *, create: bool, clock: Clockwork = REAL) -> SqliteLedger:
        """The ledger in this file; `StoreError` if it is missing, corrupt, or from the future."""
        ledger = cls(opened(path, create=create), path, clock)
        ledger._written = int(ledger._all("SELECT coalesce(max(n), 0) AS n FROM journal")[0]["n"])
        return ledger

    @classmethod
    def peek(cls, path: Path) -> SqliteLedger | None:
        """The ledger for reading only, also from a read-only disk; None where there is none."""
        connection = peeked(path)
        return None if connection is None else cls(connection, path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
            if self._record is not None:
                self._record.close()

    def witnessed(self, record: UserRecord, store: str) -> None:
        """From here on each row is written into the user's record as well, as this store's."""
        self._record, self._store = record, store

    @contextmanager
    def unwitnessed(self) -> Iterator[None]:
        """What the block writes concerns this ledger alone."""
        with self._lock:
            record, self._record = self._record, None
            try:
                yield
            finally:
                self._record = record

    @property
    def trouble(self) -> str:
        """Why what is sent can't be written down outside of the store as well; empty where it
        is."""
        return "" if self._record is None else self._record.trouble

    # what is written, in the order in which it happens

    def intend(self, intent: str, wish: Wish, caps: Caps = NO_CAPS) -> None:
        """Write the request down and reserve its price, in one transaction.

        A refused request can be intended again. Raises `TakenAlready` where the key has a live
        request, or got one since the wish was priced, or another store of this user has sent it;
        `NotAllowed` over a cap; `StoreError` where what was written is not what the disk has under
        the ledger's name: then nothing may be sent.
        """
        try:
            self._intend(intent, wish, caps)
        except StoreError:
            receipts.forget(self.folder, intent)
            raise
        try:
            self.require_in_place(intent)
        except StoreError:
            with suppress(StoreError):
                self.settle(intent, "REFUSED", "never sent", charged=Charged.NO)
            raise
        self._claim(intent, wish.payer)

    def _claim(self, intent: str, payer: str) -> None:
        """`TakenAlready` where the same is on its way from another store of this user."""
        if self._record is None:
            return
        row = self.row(intent)
        with self._lock:
            other = self._record.claim(self._store, row, payer, explained=self.explains)
        if other is None:
            return
        self.settle(intent, "REFUSED", "never sent: another store was first", charged=Charged.NO)
        learning.take_in(self, other)
        live = self.live(row.key)
        if live is None:
            raise StoreError(f"{row.shot} was sent from another store, which can't be followed")
        raise TakenAlready(live)

    def recall(self, row: Row, payer: str) -> None:
        """Take in what other stores of this user have sent for this row's key."""
        with self._lock:
            alike = [] if self._record is None else self._record.alike(self._store, row, payer)
            for other in alike:
                if not self.explains(other):
                    learning.take_in(self, other)

    def catch_up(self) -> int:
        """Take in what the user's record knows of this store, and the ledger does not; gives how
        many requests."""
        with self._lock:
            record = self._record
            return 0 if record is None else learning.catch_up(self, record, self._store)

    def _intend(self, intent: str, wish: Wish, caps: Caps) -> None:
        with self._transaction() as db:
            other = self._live(wish.key) or self._since(wish, intent)
            if other:
                raise TakenAlready(other)
            self._check_caps(wish, caps)
            fields = asdict(wish) | {"intent": intent, "now": self.clock.time()}
            for name in ("canonical", "arguments", "covers"):
                fields[name] = json.dumps(fields[name])
            db.execute(_INTEND, fields)
            self._note(intent, "intended", dollars(wish.estimate))
            receipts.promise(self.folder, intent, wish, at=self.clock.time())
            self._changed.clear()  # the user's record learns of it by the claim

    def sent(self, intent: str, request_id: str, urls: Mapping[str, str]) -> bool:
        """The service accepted the request and gave it an id.

        Gives False where the row already was further. Raises `StoreError` where another request
        has this id: then nobody can tell whose it is, and the other one loses it as well. Both
        are looked for by the addresses that each was sent with.
        """
        receipts.accept(self.folder, intent, request_id, urls, at=self.clock.time())
        with self._transaction() as db:
            try:
                changed = db.execute(
                    "UPDATE requests SET state = 'SENT', request_id = ?, urls = ?, sent_at = ?"
                    " WHERE intent = ? AND state = 'SENDING'",
                    (request_id, json.dumps(dict(urls)), self.clock.time(), intent),
                ).rowcount
            except sqlite3.IntegrityError:
                others = self._disown(request_id, given_to=intent)
            else:
                if changed:
                    self._note(intent, "sent", request_id)
                return changed == 1
        for owner in (intent, *others):
            receipts.disown(self.folder, owner)
        raise StoreError(
            f"the id {request_id} belongs to another request; stopped before anything is lost. "
            "`storyboard resume` looks for this one in the account's history"
        )

    def disown(self, request_id: str, *, given_to: str) -> None:
        """This id belongs to nobody but, perhaps, the intent that it was `given_to`.

        Who else has it loses it, at home or not. It is looked for again (SENDING), or stays what
        it came to without an id.
        """
        with self._transaction() as db:
            for intent in self._disown(request_id, given_to=given_to, states=_OPENED_AGAIN):
                receipts.renew(self.folder, self.row(intent))
            db.execute(
                "UPDATE requests SET request_id = NULL, urls = NULL, result = NULL"
                " WHERE request_id = ? AND intent != ?",
                (request_id, given_to),
            )

    def _disown(
        self, request_id: str, *, given_to: str, states: tuple[str, ...] = ("SENT", "DONE")
    ) -> list[str]:
        """Take an id that was given twice from who has it in these states; gives their names."""
        held = f"request_id = ? AND intent != ? AND state IN ({', '.join('?' * len(states))})"
        values = (request_id, given_to, *states)
        found = self._all(f"SELECT intent FROM requests WHERE {held}", *values)
        self._connection.execute(
            "UPDATE requests SET state = 'SENDING', request_id = NULL, urls = NULL, result = NULL,"
            f" sent_at = NULL, done_at = NULL, actual = NULL, detail = '' WHERE {held}",
            values,
        )
        owners = [str(line["intent"]) for line in found]
        for owner in owners:
            self._note(owner, "its id was given twice", f"{request_id}, also to {given_to}")
        return owners

    def settle(
        self,
        intent: str,
        state: str,
        detail: str,
        *,
        charged: Charged,
        known: tuple[str, ...] | None = None,
    ) -> bool:
        """The request came to nothing: REFUSED, FAILED, CANCELLED, LOST, ABANDONED, RELEASED.

        Gives False where it is not (any more) what can come to that, or none of what the caller
        has `known` it as: it went on in the meantime.
        """
        before = [one for one in _FROM[state] if known is None or one in known]
        with self._transaction() as db:
            changed = db.execute(
                f"UPDATE requests SET state = ?, detail = ?, actual = {_CHARGED[charged]},"
                f" done_at = ? WHERE intent = ? AND state IN ({', '.join('?' * len(before))})",
                (state, detail, self.clock.time(), intent, *before),
            ).rowcount
            if changed:
                self._note(intent, state.lower(), detail)
        if changed and state not in LIVE:
            receipts.forget(self.folder, intent)
        return changed == 1

    def done(self, intent: str, result: Mapping[str, Any], actual: int | None) -> None:
        """The service finished; this is its answer, and what it charged where it says so."""
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE requests SET state = 'DONE', result = ?, done_at = ?,"
                " actual = coalesce(?, actual) WHERE intent = ? AND state IN ('SENT', 'DONE')",
                (json.dumps(dict(result)), self.clock.time(), actual, intent),
            ).rowcount
            if changed:
                self._note(intent, "done", "" if actual is None else dollars(actual))

    def kept(self, intent: str, detail: str = "") -> None:
        """The clip is in the store, whole and checked."""
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE requests SET state = 'KEPT', detail = ?"
                " WHERE intent = ? AND state IN ('SENT', 'DONE', 'LOST')",
                (detail, intent),
            ).rowcount
            if changed:
                self._note(intent, "kept", detail)
        receipts.forget(self.folder, intent)

    def found(self, intent: str, request_id: str, urls: Mapping[str, str]) -> None:
        """The user knows its id; StoreError where it was bought again in the meantime."""
        with self._transaction() as db:
            try:
                db.execute(
                    "UPDATE requests SET state = 'SENT', request_id = ?, urls = ?, sent_at ="
                    " coalesce(sent_at, intended_at), actual = NULL, done_at = NULL, detail = ''"
                    " WHERE intent = ?"
                    " AND state IN ('SENDING', 'LOST', 'ABANDONED', 'RELEASED')",
                    (request_id, json.dumps(dict(urls)), intent),
                )
            except sqlite3.IntegrityError as error:
                raise StoreError(f"{request_id} can't be taken: {_BOUGHT_AGAIN}") from error
            self._note(intent, "found by hand", request_id)

    def brought(self, intent: str, detail: str) -> None:
        """The user brought its clip; StoreError where it was bought again in the meantime."""
        with self._transaction() as db:
            try:
                db.execute(
                    "UPDATE requests SET state = 'KEPT', detail = ? WHERE intent = ?",
                    (detail, intent),
                )
            except sqlite3.IntegrityError as error:
                raise StoreError(f"the clip is in the store, but {_BOUGHT_AGAIN}") from error
            self._note(intent, "brought by hand", detail)
        receipts.forget(self.folder, intent)

    def revive(
        self,
        row: Row,
        *,
        request_id: str,
        urls: Mapping[str, str],
        result: Mapping[str, Any] | None,
    ) -> bool:
        """A request that was settled is there after all: it goes on, or with `result` is done.

        Gives False where its key has another live request by now, or another one has its id.
        """
        state, answer = ("SENT", None) if result is None else ("DONE", json.dumps(dict(result)))
        with self._transaction() as db:
            try:
                changed = db.execute(
                    "UPDATE requests SET state = ?, request_id = ?, urls = ?, result = ?,"
                    " actual = NULL, sent_at = coalesce(sent_at, ?), done_at = NULL, detail = ''"
                    f" WHERE intent = ? AND state IN {SETTLED}",
                    (state, request_id, json.dumps(dict(urls)), answer, self.clock.time(),
                     row.intent),
                ).rowcount  # fmt: skip
            except sqlite3.IntegrityError:
                return False
            if changed:
                self._note(row.intent, "found after all", f"{row.state.lower()}: {row.detail}")
            return changed == 1

    def adopt(self, row: Row) -> bool:
        """Put a request back that is known from its note or from the service's history.

        Gives False where the ledger has it, or has another live one for its key.
        """
        fields = asdict(row)
        for name in ("canonical", "arguments", "urls", "result", "covers"):
            fields[name] = None if fields[name] is None else json.dumps(fields[name])
        with self._transaction() as db:
            added = db.execute(
                f"INSERT OR IGNORE INTO requests ({', '.join(fields)})"
                f" VALUES ({', '.join('?' * len(fields))})",
                tuple(fields.values()),
            ).rowcount
            if added:
                self._note(row.intent, "rebuilt", row.state)
            return added == 1

    def reopen(self, row: Row) -> bool:
        """A refused request was sent again after all, with these arguments; what became of that is
        not known. Gives False where its key has another live request by now."""
        with self._transaction() as db:
            try:
                changed = db.execute(
                    "UPDATE requests SET state = 'SENDING', arguments = ?, estimate = ?,"
                    " intended_at = ?, actual = NULL, done_at = NULL, detail = ''"
                    " WHERE intent = ? AND state = 'REFUSED'",
                    (json.dumps(row.arguments), row.estimate, row.intended_at, row.intent),
                ).rowcount
            except sqlite3.IntegrityError:
                return False
            if changed:
                self._note(row.intent, "sent again", "by another witness")
            return changed == 1

    def correct(self, intent: str, actual: int, why: str) -> bool:
        """What a request that came to nothing really cost, in micro-dollars, and who says so.

        Gives False where there is none that is settled so.
        """
        with self._transaction() as db:
            changed = db.execute(
                "UPDATE requests SET actual = ? WHERE intent = ? AND state IN"
                " ('REFUSED', 'FAILED', 'CANCELLED', 'LOST', 'ABANDONED', 'RELEASED')",
                (actual, intent),
            ).rowcount
            if changed:
                self._note(intent, "corrected", f"{dollars(actual)}: {why}")
            return changed == 1

    def note(self, intent: str, event: str, detail: str = "") -> None:
        """One more line of the journal."""
        with self._transaction():
            self._note(intent, event, detail)

    def carry(self, lines: Iterable[JournalLine]) -> int:
        """Put the lines of an older journal into this one, which is new; gives how many."""
        with self._transaction() as db:
            return db.executemany(_LINE, lines).rowcount

    def remember(self, name: str, value: str) -> str:
        """Something about the ledger itself, written once; gives what it says of it."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", (name, value))
        return self.about(name)

    def forget(self, name: str) -> None:
        """Something about the ledger itself that is no longer so."""
        with self._transaction() as db:
            db.execute("DELETE FROM about WHERE name = ?", (name,))

    # the workings

    def require_in_place(self, intent: str) -> None:
        """StoreError unless the disk has this very ledger under its name, with this request.

        A folder that was deleted, exchanged, brought back from a backup or tidied away by a
        version control leaves the open file behind, where nobody would find the payment.
        """
        witness.require(self.path, self._place, intent, self._written)

    def _since(self, wish: Wish, intent: str) -> Row | None:
        """A request that somebody else made for the key since it was priced, whatever became of
        it: its failure is to be shown before another is paid."""
        found = self._all(
            "SELECT * FROM requests WHERE key = ? AND rowid > ? AND intent != ?"
            " AND state NOT IN ('REFUSED', 'RELEASED') ORDER BY rowid DESC LIMIT 1",
            wish.key,
            (1 << 62) if wish.after is None else wish.after,
            intent,
        )
        return row_of_line(found[0]) if found else None

    def _check_caps(self, wish: Wish, caps: Caps) -> None:
        if caps.run is not None:
            _check_cap(wish, self.sums(run=wish.run), caps.run, "`max_cost`")
        if caps.storyboard is not None:
            sums = self.sums(storyboard=wish.storyboard)
            cap, name = caps.storyboard, "the storyboard's budget"
            _check_cap(wish, sums, cap, name, elsewhere=caps.elsewhere)

    def _note(self, intent: str, event: str, detail: str) -> None:
        self._changed.add(intent)
        line = (self.clock.time(), intent, event, detail)
        self._noted = self._connection.execute(_LINE, line).lastrowid or 0

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it on the disk, or none of it."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._noted = 0
                self._changed.clear()
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                    self._written = max(self._written, self._noted)
                    self._tell()
                except BaseException:
                    with suppress(sqlite3.Error):  # SQLite itself rolls back on a full disk
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise broken(self.path, error) from error

    def _tell(self) -> None:
        """Write what has changed into the user's record, too."""
        if self._record is not None:
            for intent in self._changed:
                row = self.find(intent)
                if row is not None:
                    self._record.put(self._store, row)


def _check_cap(wish: Wish, sums: Sums, cap: int, name: str, *, elsewhere: int = 0) -> None:
    if sums.total + elsewhere + wish.estimate > cap:
        more = f", {dollars(elsewhere)} are claimed by other machines" if elsewhere else ""
        raise OverBudget(
            f"{wish.shot} costs {dollars(wish.estimate)}, {dollars(sums.total)} are spent or "
            f"reserved{more}, and {name} is {dollars(cap)}; raise it to go on"
        )
