"""A place for a ledger: a folder, with the ledger's file, its locks, and a mark whose it is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from storyboard import files
from storyboard.clock import REAL
from storyboard.errors import FileTrouble, StoreError
from storyboard.ledger import disk, learning, receipts
from storyboard.ledger.rows import OPEN
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.ledger.user_record import UserRecord, usual_folder

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.ledger.rows import Row

LEDGER = "ledger.sqlite3"
MARK = "store.json"
VERSION = 1
PATIENCE = 30.0
"""Seconds to wait for another process that opens the ledger."""


class LedgerFolder:
    """A folder on this machine's own disk with a ledger in SQLite."""

    def __init__(self, folder: Path, *, clock: Clockwork = REAL, state: Path | None = None) -> None:
        """`state` is the folder of the user's record, where that is not the usual one."""
        self.folder, self.clock, self.state = folder, clock, state

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self.folder / LEDGER

    @property
    def where(self) -> str:
        """The file's path."""
        return str(self.path)

    @property
    def id(self) -> str:
        """Which store this is, by its mark; empty where it has none yet."""
        try:
            about = json.loads((self.folder / MARK).read_text(encoding="utf-8"))
            return str(about.get("id") or "")
        except (OSError, ValueError, AttributeError):
            return ""

    @property
    def is_new(self) -> bool:
        """Whether there is no mark that a ledger was made here."""
        return not (self.folder / MARK).exists()

    def prepare(self) -> None:
        """Make the folder, and prove that it can be written and locked; StoreError if not."""
        disk.prepare(self.folder)

    def open(self, *, may_be_new: bool) -> SqliteLedger:
        """The ledger, for writing; made where the place is new, refused where it is gone."""
        with self.opening():
            new = may_be_new and self.is_new
            ledger = SqliteLedger.open(self.path, create=new, clock=self.clock)
            try:
                self.mark(ledger)
                self._take_in(ledger)
                ledger.catch_up()
            except BaseException:
                ledger.close()
                raise
            return ledger

    def peek(self) -> SqliteLedger | None:
        """The ledger for reading only, also from a read-only disk; None where there is none."""
        return SqliteLedger.peek(self.path)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Alone at the ledger's file; StoreError after a while."""
        lock = FileLock(self.folder / "locks" / "ledger.lock", fallback_to_soft=False)
        try:
            with lock.acquire(timeout=PATIENCE):
                yield
        except Timeout as error:
            raise StoreError(
                f"another storyboard has held {lock.lock_file} for {PATIENCE:.0f} s; end it, or "
                "run again when it is done"
            ) from error

    def mark(self, ledger: SqliteLedger) -> None:
        """Remember on disk that this store has this ledger, and let the user's record know of it.

        So a missing one is noticed, and another store's in its place: `StoreError`.
        """
        named = self.id
        known = ledger.remember("store", named or uuid.uuid4().hex)
        if named and named != known:
            raise StoreError(
                f"{self.path} is the ledger of another store; put this store's own "
                "back, or move it away and run `storyboard ledger rebuild`"
            )
        if not named:
            about = {"version": VERSION, "ledger": LEDGER, "id": known}
            try:
                files.write_whole(self.folder / MARK, json.dumps(about).encode())
            except FileTrouble as error:
                raise StoreError(str(error)) from error
        ledger.witnessed(UserRecord(self.state or usual_folder()), known)

    def _take_in(self, ledger: SqliteLedger) -> None:
        """Let the ledger know of what only receipts know: it was locked then, or is a backup."""
        for row in list(receipts.rows(self.folder)):
            with self.alone(row.intent) as alone:
                found = receipts.row_of(self.folder, row.intent) if alone else None
                if found is not None:
                    _reconcile(ledger, found)

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Hold the lock of this name, one holder on the machine; gives False to all others.

        It ends with its holder, however that dies. The file stays: removing it would split the
        lock in two.
        """
        path = self.folder / "locks" / f"{name}.lock"
        lock = FileLock(path, fallback_to_soft=False, thread_local=False)  # let go by any thread
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        except OSError as error:
            raise StoreError(f"{lock.lock_file} can't be locked ({error})") from error
        try:
            yield True
        finally:
            lock.release()


def _reconcile(ledger: SqliteLedger, found: Row) -> None:
    """Write down what a receipt says and the ledger does not."""
    learning.take_in(ledger, found)
    known = ledger.find(found.intent)
    if known is not None and known.state not in OPEN:
        receipts.forget(ledger.folder, found.intent)
