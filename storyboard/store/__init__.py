"""The store: takes on disk, each with a readable note beside it, and the ledger of payments.

    .storyboard/
        takes/<key>.mp4        a take; appears whole and checked, or not at all
        takes/<key>.json       where it came from: request, ids, cost, measurements
        ledger.sqlite3         every paid request
        store.json             says that there is a ledger, so that a missing one is noticed
        locks/<intent>.lock    held by whoever is sending that request
        parts/                 downloads on their way
        segments/              encoded pieces of films; can be deleted at any time

A finished project needs the takes alone: it renders from a read-only disk, and without the
ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from storyboard import files
from storyboard.errors import StoreError
from storyboard.plan import Holding, Standing
from storyboard.store import ground
from storyboard.store.ledger import Ledger
from storyboard.store.rows import LIVE, OPEN, Caps, Row, Sums, TakenAlready, Wish

__all__ = [
    "LEDGER",
    "LIVE",
    "OPEN",
    "Caps",
    "Ledger",
    "Row",
    "Store",
    "Sums",
    "TakenAlready",
    "Wish",
    "digest",
    "ground",
]

LEDGER = "ledger.sqlite3"
MARK = "store.json"
VERSION = 1

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

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._ledger: Ledger | None = None

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
            with FileLock(self.folder / "locks" / "ledger.lock", fallback_to_soft=False):
                self._ledger = Ledger.open(self.folder / LEDGER, create=self.is_new)
                self.mark()
        return self._ledger

    @property
    def is_new(self) -> bool:
        """Whether no payment can have been made from here: no mark, and no paid take."""
        return not (self.folder / MARK).exists() and not self._paid_takes()

    def prepare(self) -> None:
        """Make the folders, and prove that they can be written and locked; StoreError if not."""
        ground.prepare(self.folder)

    def mark(self) -> None:
        """Remember on disk that this store has a ledger, so that a missing one is noticed."""
        if not (self.folder / MARK).exists():
            about = {"version": VERSION, "ledger": LEDGER}
            _write(self.folder / MARK, json.dumps(about).encode())

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
        for path in sorted(self.takes.glob("*.json")):
            with suppress(StoreError):
                yield path.stem, self.note(path.stem)

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
        except files.FileTrouble as error:
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
        for path in self.takes.glob("*.mp4"):
            if self.has(path.stem):
                about = self.note(path.stem)
                found[path.stem] = Holding(
                    Standing.DONE, str(about.get("request_id") or ""), int(about.get("cost", 0))
                )
            elif path.stem not in found:
                raise StoreError(
                    f"{path} is not what its note says, and no request is known for it; "
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
        """How the storyboard is called in this store: its path from beside the store."""
        return Path(os.path.relpath(storyboard, self.folder.parent)).as_posix()

    def free_bytes(self) -> int:
        """Free space on the store's disk."""
        return ground.free_bytes(self.folder)

    def _paid_takes(self) -> bool:
        """Whether a paid take is or was here: its note stays when its clip is gone."""
        return any(not note.get("draft") for _, note in self.notes())


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: bytes) -> None:
    try:
        files.write_whole(path, data)
    except files.FileTrouble as error:
        raise StoreError(str(error)) from error


def _holding(row: Row) -> Holding:
    return Holding(
        _STANDING[row.state],
        row.request_id or "",
        row.cost,
        row.sent_at or row.intended_at,
        row.detail,
    )
