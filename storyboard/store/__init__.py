"""The store: takes on disk, each with a readable note beside it, and the ledger of payments.

    .storyboard/
        takes/<key>.mp4        a take; appears whole and checked, or not at all
        takes/<key>.json       where it came from: request, ids, cost, measurements
        ledger.sqlite3         every paid request
        locks/<intent>.lock    held by whoever is sending that request
        parts/                 downloads on their way
        segments/              encoded pieces of films; can be deleted at any time

A finished project needs the takes alone: it renders from a read-only disk, and without the
ledger.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from storyboard import files
from storyboard.errors import StoreError
from storyboard.plan import Holding, Standing
from storyboard.store.ledger import OPEN, Caps, Ledger, Row, Sums, TakenAlready, Wish

__all__ = ["Caps", "Ledger", "Row", "Store", "Sums", "TakenAlready", "Wish"]

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

    @property
    def ledger(self) -> Ledger:
        """The ledger, for writing; made where the store is new, refused where it is gone."""
        if self._ledger is None:
            new = not (self.folder / MARK).exists() and not self._paid_takes()
            self.prepare()
            self._ledger = Ledger.open(self.folder / "ledger.sqlite3", create=new)
            self._mark()
        return self._ledger

    def prepare(self) -> None:
        """Make the folders, and prove that they can be written and locked; StoreError if not."""
        try:
            for name in ("takes", "locks", "parts"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / "locks" / "probe.lock", timeout=30, fallback_to_soft=False):
                pass
        except (OSError, NotImplementedError, Timeout) as error:
            raise StoreError(
                f"the store {self.folder} can't be written or locked ({error}); "
                "choose another with --store"
            ) from error

    def _mark(self) -> None:
        """Remember on disk that this store has a ledger, so that a missing one is noticed."""
        if not (self.folder / MARK).exists():
            about = {"version": VERSION, "ledger": "ledger.sqlite3"}
            files.write_whole(self.folder / MARK, json.dumps(about).encode())

    def clip(self, key: str) -> Path:
        """Where the take with this key is, or will be."""
        return self.takes / f"{key}.mp4"

    def has(self, key: str) -> bool:
        """Whether the take is here, whole, with its note."""
        return self.clip(key).is_file() and self.note_path(key).is_file()

    def note_path(self, key: str) -> Path:
        """Where the take's note is."""
        return self.takes / f"{key}.json"

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from; StoreError where its note can't be read."""
        try:
            found = json.loads(self.note_path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.note_path(key)} can't be read: {error}") from error
        if not isinstance(found, dict):
            raise StoreError(f"{self.note_path(key)} is not a take's note")
        return found

    def keep(self, key: str, clip: Path, note: Mapping[str, Any]) -> Path:
        """Take a finished clip in: the note first, then the clip under its name.

        `clip` lies in `parts` and is moved. A take is there once its clip has its name.
        """
        text = json.dumps(note, indent=2, ensure_ascii=False, sort_keys=True)
        files.write_whole(self.note_path(key), text.encode() + b"\n")
        files.move_whole(clip, self.clip(key))
        return self.clip(key)

    def part(self, name: str) -> Path:
        """A name for a file on its way into the store."""
        return self.folder / "parts" / name

    @contextmanager
    def sending(self, intent: str) -> Iterator[bool]:
        """Hold the lock of a request while it is sent; gives False where someone else holds it."""
        lock = FileLock(self.folder / "locks" / f"{intent}.lock", fallback_to_soft=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def held(self) -> dict[str, Holding]:
        """What the store has of each key: takes, and requests on their way."""
        found = {row.key: _holding(row) for row in self.rows() if row.state in _STANDING}
        if self.takes.is_dir():
            for note in self.takes.glob("*.json"):
                if self.clip(note.stem).is_file():
                    about = self.note(note.stem)
                    found[note.stem] = Holding(
                        Standing.DONE, str(about.get("request_id", "")), int(about.get("cost", 0))
                    )
        return found

    def earlier(self, storyboard: Path) -> dict[str, dict[str, Any]]:
        """By shot id, the request of the newest take that was made for it."""
        name = self.name_of(storyboard)
        notes = sorted(self._notes(), key=lambda note: float(note.get("made_at", 0)))
        return {
            str(note["shot"]): dict(note.get("request", {}))
            for note in notes
            if note.get("storyboard") == name and "shot" in note and not note.get("draft")
        }

    def rows(self) -> list[Row]:
        """All requests of the ledger, for reading; empty where there is no ledger."""
        if self._ledger is not None:
            return self._ledger.rows()
        ledger = Ledger.peek(self.folder / "ledger.sqlite3")
        if ledger is None:
            return []
        try:
            return ledger.rows()
        finally:
            ledger.close()

    def open_rows(self) -> list[Row]:
        """The requests that are not settled."""
        return [row for row in self.rows() if row.state in OPEN]

    def name_of(self, storyboard: Path) -> str:
        """How the storyboard is called in this store: its path from beside the store."""
        return Path(os.path.relpath(storyboard, self.folder.parent)).as_posix()

    def free_bytes(self) -> int:
        """Free space on the store's disk."""
        folder = self.folder.absolute()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def _notes(self) -> Iterator[dict[str, Any]]:
        if self.takes.is_dir():
            for path in self.takes.glob("*.json"):
                yield self.note(path.stem)

    def _paid_takes(self) -> bool:
        return any(not note.get("draft") for note in self._notes())


def _holding(row: Row) -> Holding:
    return Holding(
        _STANDING[row.state],
        row.request_id or "",
        row.cost,
        row.sent_at or row.intended_at,
        row.detail,
    )
