"""The store: takes on disk, each with a readable note beside it, and the ledger of payments.

    .storyboard/
        takes/<key>.mp4        a take; appears whole and checked, or not at all
        takes/<key>.json       where it came from: request, ids, cost, measurements
        ledger.sqlite3         every paid request
        receipts/<intent>.json each request that is not settled: what was sent, and its id
        store.json             which store this is, and that it has a ledger
        .gitignore             keeps version control from tidying away what was paid for
        locks/<intent>.lock    held by whoever is sending that request
        parts/                 downloads on their way
        checked/               marks of files that were decoded; can be deleted at any time
        mistakes.log           tracebacks, where the program itself made a mistake
        segments/              encoded pieces of films; can be deleted at any time

A finished project needs the takes alone: it renders from a read-only disk, and without the
ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from storyboard import files
from storyboard.clock import REAL, Clockwork
from storyboard.errors import FileTrouble, StoreError
from storyboard.plan import Holding, Standing
from storyboard.store import ground, pages, receipts
from storyboard.store.ledger import Ledger
from storyboard.store.rows import DOUBTED, LIVE, OPEN, SETTLED, Caps, Row, Sums, TakenAlready, Wish

__all__ = [
    "DOUBTED",
    "LEDGER",
    "LIVE",
    "OPEN",
    "SETTLED",
    "Caps",
    "Ledger",
    "Row",
    "Store",
    "Sums",
    "TakenAlready",
    "Wish",
    "digest",
    "ground",
    "pages",
    "receipts",
]

LEDGER = "ledger.sqlite3"
MARK = "store.json"
IGNORED = "# What was paid for is not to be tidied away.\n*\n"
_KEY = re.compile("[0-9a-f]{64}")
"""Other names among the takes are leftovers: of a kill, of a file system, of a file manager."""
VERSION = 1
PATIENCE = 30.0
"""Seconds to wait for another process that opens the ledger."""

_STANDING = {
    "SENDING": Standing.UNKNOWN,
    "SENT": Standing.FLYING,
    "DONE": Standing.FLYING,
    "KEPT": Standing.FLYING,
    "REFUSED": Standing.FAILED,
    "FAILED": Standing.FAILED,
    "LOST": Standing.LOST,
    "ABANDONED": Standing.LOST,
}
"""What a ledger row without its clip means. KEPT without a clip: fetched again, not bought."""


class Store:
    """One store. Reading it changes nothing; the first payment makes its ledger."""

    def __init__(self, folder: Path | str, *, clock: Clockwork = REAL) -> None:
        self.folder = files.true(Path(folder))
        self.clock = clock
        self._ledger: Ledger | None = None

    def __repr__(self) -> str:
        return f"<Store {str(self.folder)!r}>"

    @property
    def takes(self) -> Path:
        """The folder of the takes."""
        return self.folder / "takes"

    @property
    def segments(self) -> Path:
        """The folder of encoded pieces of films."""
        return self.folder / "segments"

    # the ledger

    @property
    def ledger(self) -> Ledger:
        """The ledger, for writing; made where the store is new, refused where it is gone."""
        if self._ledger is None:
            self.prepare()
            with self.opening():
                path = self.folder / LEDGER
                ledger = Ledger.open(path, create=self.is_new, clock=self.clock)
                try:
                    self.mark(ledger)
                    self._take_in(ledger)
                except BaseException:
                    ledger.close()
                    raise
                self._ledger = ledger
        return self._ledger

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

    def _take_in(self, ledger: Ledger) -> None:
        """Let the ledger know of what only receipts know: it was locked then, or is a backup."""
        for row in list(receipts.rows(self.folder)):
            with self.alone(row.intent) as alone:
                found = receipts.row_of(self.folder, row.intent) if alone else None
                if found is not None:
                    _reconcile(ledger, found)

    @property
    def is_new(self) -> bool:
        """Whether no payment can have been made from here: no mark, and no paid take."""
        return not (self.folder / MARK).exists() and not self._paid_takes()

    def prepare(self) -> None:
        """Make the folders, and prove that they can be written and locked; StoreError if not."""
        ground.prepare(self.folder)
        if not (self.folder / ".gitignore").exists():
            _write(self.folder / ".gitignore", IGNORED.encode())

    def mark(self, ledger: Ledger) -> None:
        """Remember on disk that this store has this ledger.

        So a missing one is noticed, and another store's in its place: `StoreError`.
        """
        named = self.id
        known = ledger.remember("store", named or uuid.uuid4().hex)
        if named and named != known:
            raise StoreError(
                f"{self.folder / LEDGER} is the ledger of another store; put this store's own "
                "back, or move it away and run `storyboard ledger rebuild`"
            )
        if not named:
            about = {"version": VERSION, "ledger": LEDGER, "id": known}
            _write(self.folder / MARK, json.dumps(about).encode())

    @property
    def id(self) -> str:
        """Which store this is, by its mark; empty where it has none yet."""
        try:
            about = json.loads((self.folder / MARK).read_text(encoding="utf-8"))
            return str(about.get("id") or "")
        except (OSError, ValueError, AttributeError):
            return ""

    def rows(self) -> list[Row]:
        """All requests of the ledger, for reading; empty where there is no ledger."""
        with self._peeked() as ledger:
            return [] if ledger is None else ledger.rows()

    def sums(self, storyboard: Path) -> Sums:
        """A storyboard's money in all its runs, for reading; nothing where there is no ledger."""
        with self._peeked() as ledger:
            name = self.name_of(storyboard)
            return Sums() if ledger is None else ledger.sums(storyboard=name)

    @contextmanager
    def _peeked(self) -> Iterator[Ledger | None]:
        """The ledger for reading, also from a read-only disk."""
        if self._ledger is not None:
            yield self._ledger
            return
        ledger = Ledger.peek(self.folder / LEDGER)
        try:
            yield ledger
        finally:
            if ledger is not None:
                ledger.close()

    def close(self) -> None:
        """Let go of the ledger; it is opened again when it is needed."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Hold the lock of this name, one holder on the machine; gives False to all others.

        It ends with its holder, however that dies. The file stays: removing it would split the
        lock in two.
        """
        lock = FileLock(self.folder / "locks" / f"{name}.lock", fallback_to_soft=False)
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

    # the takes

    def clip(self, key: str) -> Path:
        """Where the take with this key is, or will be."""
        return self.takes / f"{key}.mp4"

    def keys(self) -> list[str]:
        """The keys of all clips that are here, whole or not."""
        return self._keys(".mp4")

    def _keys(self, ending: str) -> list[str]:
        found = (path.stem for path in self.takes.glob(f"*{ending}"))
        return sorted(key for key in found if _KEY.fullmatch(key))

    def note_path(self, key: str) -> Path:
        """Where the take's note is."""
        return self.takes / f"{key}.json"

    def has(self, key: str) -> bool:
        """Whether the take is here, as large as its note says."""
        try:
            noted = self.note(key).get("bytes")
            return noted is not None and self.clip(key).stat().st_size == noted
        except (StoreError, OSError):
            return False

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from; StoreError where its note can't be read."""
        try:
            found = json.loads(self.note_path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.note_path(key)} can't be read: {error}") from error
        if not isinstance(found, dict):
            raise StoreError(f"{self.note_path(key)} is not a take's note")
        return found

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The key and note of each take that is or was here; unreadable notes are left out."""
        for key in self._keys(".json"):
            with suppress(StoreError):
                yield key, self.note(key)

    def keep(self, key: str, clip: Path, note: Mapping[str, Any]) -> Path:
        """Take a finished clip in: the note first, then the clip under its name.

        `clip` lies in `parts` and is moved. A take is there once its clip has its name. The
        clip's size and SHA-256 are noted, so that damage is found.
        """
        about = {**note, "bytes": clip.stat().st_size, "sha256": digest(clip)}
        text = json.dumps(about, indent=2, ensure_ascii=False, sort_keys=True)
        _write(self.note_path(key), text.encode() + b"\n")
        try:
            files.move_whole(clip, self.clip(key))
        except FileTrouble as error:
            raise StoreError(str(error)) from error
        return self.clip(key)

    def part(self, name: str) -> Path:
        """A name for a file on its way into the store."""
        return self.folder / "parts" / name

    # what there is

    def held(self) -> dict[str, Holding]:
        """What the store has of each key: takes, and requests on their way.

        StoreError where a take's note is damaged and nothing else says what the take is.
        """
        found = {row.key: _holding(row) for row in self.rows() if row.state in _STANDING}
        for key in self._keys(".mp4"):
            if self.has(key):
                about = self.note(key)
                found[key] = Holding(
                    Standing.DONE, str(about.get("request_id") or ""), int(about.get("cost", 0))
                )
            elif key not in found:
                raise StoreError(
                    f"{self.clip(key)} is not what its note says, and no request is known for it; "
                    "`storyboard ledger verify` says what is wrong"
                )
        return found

    def earlier(self, storyboard: Path) -> dict[str, dict[str, Any]]:
        """By shot id, the request of the newest take that was made for it."""
        name = self.name_of(storyboard)
        notes = sorted((note for _, note in self.notes()), key=lambda n: float(n.get("made_at", 0)))
        return {
            str(note["shot"]): dict(note.get("request", {}))
            for note in notes
            if note.get("storyboard") == name and "shot" in note and not note.get("draft")
        }

    def name_of(self, storyboard: Path) -> str:
        """How the storyboard is called in this store: its path from beside the store.

        One storyboard has one name, whichever path leads to it; absolute on another drive.
        """
        name = self._path_from_here(files.true(storyboard))
        return self._other_name(storyboard) or name if files.has_links(storyboard) else name

    def _path_from_here(self, storyboard: Path) -> str:
        try:
            return Path(os.path.relpath(storyboard, self.folder.parent)).as_posix()
        except ValueError:  # Windows: no path leads from one drive to another
            return storyboard.as_posix()

    def _other_name(self, storyboard: Path) -> str:
        """The name under which the ledger has this file already, by another hard link."""
        for name in dict.fromkeys(row.storyboard for row in self.rows()):
            with suppress(OSError):
                if (self.folder.parent / name).samefile(storyboard):
                    return name
        return ""

    def free_bytes(self) -> int:
        """Free space on the store's disk."""
        return ground.free_bytes(self.folder)

    def _paid_takes(self) -> bool:
        """Whether a paid take is or was here: its note stays when its clip is gone."""
        return any(not note.get("draft") for _, note in self.notes())


def _reconcile(ledger: Ledger, found: Row) -> None:
    """Write down what a receipt says and the ledger does not."""
    known = ledger.find(found.intent)
    if known is None:
        ledger.adopt(found)
    elif known.state == "SENDING" and found.request_id:
        ledger.sent(found.intent, found.request_id, found.urls)
    elif known.state not in OPEN:
        receipts.forget(ledger.folder, found.intent)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    try:
        files.write_whole(path, data)
    except FileTrouble as error:
        raise StoreError(str(error)) from error


def _holding(row: Row) -> Holding:
    return Holding(
        Standing.REFUSED if row.refused else _STANDING[row.state],
        row.request_id or "",
        row.cost,
        row.sent_at or row.intended_at,
        row.detail,
    )
