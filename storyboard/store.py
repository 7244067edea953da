"""The store: a place for takes and a ledger of payments, as one.

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
        media.json             which places for takes of several machines it has used
        segments/              encoded pieces of films; can be deleted at any time

A finished project needs the takes alone: it renders from a read-only disk, and without the
ledger.

Where several machines share a media place, takes are there as well, and each request is claimed
there before it is paid for. The ledger and its locks stay with whoever buys.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.clock import REAL
from storyboard.depot.address import depot_at
from storyboard.depot.claims import Claims, mark_of_claim, said_of
from storyboard.errors import FileTrouble, StoreError
from storyboard.ledger import disk
from storyboard.ledger.place import LedgerFolder
from storyboard.ledger.rows import Sums, row_of_note
from storyboard.takes.assets import AssetKind
from storyboard.takes.folder import TakesFolder
from storyboard.takes.holding import Holding, Standing, is_free
from storyboard.takes.shared import FROM, SharedTakes

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storyboard.clock import Clockwork
    from storyboard.depot.claims import Claim
    from storyboard.depot.protocol import Depot
    from storyboard.ledger.door import Ledger, LedgerPlace
    from storyboard.ledger.rows import Row
    from storyboard.takes.assets import Takes

IGNORED = "# What was paid for is not to be tidied away.\n*\n"

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

    def __init__(
        self,
        folder: Path | str,
        *,
        takes: Takes | None = None,
        place: LedgerPlace | None = None,
        media: Depot | Path | str | None = None,
        clock: Clockwork = REAL,
    ) -> None:
        """`folder` is this machine's part of the store, for what is on its way and what can be
        made again. By default the takes and the ledger's place are in it, too. `media` is a place
        for takes that several machines share: a folder, or `s3://`, `gs://`, `az://bucket/path`.
        """
        self.folder: Path = files.true(Path(folder))
        self.clock = clock
        here = takes or TakesFolder(self.folder / "takes", aside=self.folder / "parts")
        self.shared: SharedTakes | None = None if media is None else self._shared(here, media)
        """The takes that are shared with other machines; None where none are."""
        self.claims: Claims | None = None if self.shared is None else Claims(self.shared.depot)
        """What the machines that share a media place are buying."""
        self.takes: Takes = self.shared or here
        self.place: LedgerPlace = place or LedgerFolder(self.folder, clock=clock)
        self._ledger: Ledger | None = None
        self._opening = threading.RLock()

    def __repr__(self) -> str:
        return f"<Store {str(self.folder)!r}>"

    def _shared(self, here: Takes, media: Depot | Path | str) -> SharedTakes:
        if not isinstance(here, TakesFolder):
            raise StoreError("a media place needs a folder of takes on this machine before it")
        depot = depot_at(str(media), Path()) if isinstance(media, (str, Path)) else media
        if depot.where == str(self.folder):
            raise StoreError(
                f"{self.folder} is this machine's store, and no place for several; name another"
            )
        return SharedTakes(here, depot, clock=self.clock)

    @property
    def segments(self) -> Path:
        """The folder of encoded pieces of films."""
        return self.folder / "segments"

    def prepare(self, *, pays: bool = True) -> None:
        """Make the folders, and prove that they can be written and locked; StoreError if not.

        Where nothing is paid, no ledger is needed: a network disk will do.
        """
        if pays:
            self.place.prepare()
        self.takes.prepare()
        try:
            (self.folder / "parts").mkdir(parents=True, exist_ok=True)
            if not (self.folder / ".gitignore").exists():
                files.write_whole(self.folder / ".gitignore", IGNORED.encode())
        except (FileTrouble, OSError) as error:
            raise StoreError(str(error)) from error

    def part(self, name: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """A file on its way into the store."""
        return self.folder / "parts" / f"{name}{kind.ending}"

    def free_bytes(self) -> int:
        """Free space on the store's disk."""
        return disk.free_bytes(self.folder)

    # the ledger

    @property
    def ledger(self) -> Ledger:
        """The ledger, for writing; made where the store is new, refused where it is gone."""
        with self._opening:  # of many threads one
            if self._ledger is None:
                self.prepare()
                ledger = self.place.open(may_be_new=self.is_new)
                try:
                    self._take_in(ledger)
                except BaseException:
                    ledger.close()
                    raise
                self._ledger = ledger
            return self._ledger

    def _take_in(self, ledger: Ledger) -> None:
        """Let the ledger know of takes that only their notes know: it was locked then, or is a
        backup. A request that brought one take must not be taken for another's."""
        known = ledger.kept_keys()
        if self.shared is not None:
            self.shared.learn()
        for key in self.takes.keys():  # noqa: SIM118 (a place for takes is no dict)
            # What is no note of a paid take is for `ledger verify` to say.
            with suppress(StoreError, TypeError, ValueError):
                if key not in known and not is_free(note := self.takes.note(key)):
                    _learned(ledger, row_of_note(key, note))

    @property
    def is_new(self) -> bool:
        """Whether no payment can have been made from here: no ledger, and no paid take."""
        return self.place.is_new and not self._paid_takes()

    @property
    def id(self) -> str:
        """Which store this is; empty where it has no ledger yet."""
        return self.place.id

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
        ledger = self.place.peek()
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

    def alone(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock of this name: gives False to all but one holder."""
        return self.place.alone(name)

    # the takes

    def has(self, key: str) -> bool:
        """Whether the take is here, as large as its note says."""
        return self.takes.has(key)

    def clip(self, key: str) -> Path:
        """The file of the take with this key, on this machine."""
        return self.takes.open(key)

    def clips(self, keys: Iterable[str]) -> dict[str, Path]:
        """The files of those of these takes that are here, by key; fetched several at a time."""
        found = [key for key in keys if self.has(key)]
        if self.shared is not None:
            self.shared.bring(found)
        return {key: self.clip(key) for key in found}

    def keys(self) -> list[str]:
        """The keys of all clips that are here, whole or not."""
        return self.takes.keys()

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from; StoreError where its note can't be read."""
        return self.takes.note(key)

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The key and note of each take that is or was here; unreadable notes are left out."""
        return self.takes.notes()

    def keep(self, key: str, clip: Path, note: Mapping[str, Any]) -> Path:
        """Take a finished clip in, with its note.

        `clip` is a `part` and is moved. A take is there once its clip has its name. The clip's
        size and SHA-256 are noted, so that damage is found.
        """
        return self.takes.keep(key, clip, note)

    def arrived(self, key: str) -> bool:
        """Whether the take is here, or in the media place, at this very moment."""
        if self.shared is None:
            return self.has(key)
        return self.shared.is_there(key) or self.shared.folder.has(key)

    def learn(self, of: Collection[str] | None = None) -> None:
        """Let the ledger know of the takes that others have put into the media place since; `of`
        these alone."""
        for key in () if self.shared is None else self.shared.learn(of):
            with suppress(StoreError, TypeError, ValueError):
                note = self.note(key)
                if not is_free(note):
                    _learned(self.ledger, row_of_note(key, note))

    # what there is

    def held(self) -> dict[str, Holding]:
        """What the store has of each key: takes, and requests on their way, also those of others
        that share its media place.

        StoreError where a take's note is damaged and nothing else says what the take is.
        """
        if self.shared is not None:
            self.shared.learn()
        rows = self.rows()
        found = {row.key: _holding(row) for row in rows if row.state in _STANDING}
        gone = Counter(row.key for row in rows if row.unfetched)
        for key in [key for key, often in gone.items() if often > 1 and key in found]:
            found[key] = replace(found[key], standing=Standing.REFUSED)
        for key in self.keys():
            if self.has(key):
                about = self.note(key)
                found[key] = Holding(
                    Standing.DONE,
                    str(about.get("request_id") or ""),
                    cost=int(about.get("cost", 0)),
                    paid=True,
                )
            elif key not in found:
                raise StoreError(
                    f"{self.takes.where(key)} is not what its note says, and no request is known "
                    "for it; `storyboard ledger verify` says what is wrong"
                )
        for claim in self.claimed_elsewhere():
            if claim.key not in found or found[claim.key].standing is Standing.FAILED:
                said = said_of(claim, now=self.clock.time())
                found[claim.key] = Holding(
                    Standing.CLAIMED, cost=claim.price, since=claim.at, detail=said
                )
        return found

    def claimed_elsewhere(self, of: Collection[str] | None = None) -> list[Claim]:
        """What others are buying at the moment, whose takes are not there yet; `of` these alone."""
        if self.claims is None or self.shared is None:
            return []
        last = self.claims.last(but=self.shared.there(), of=of)
        return self.not_own(one for one in last if not one.ended)

    def owns(self, claim: Claim) -> bool:
        """Whether this very store claimed it, which its ledger remembers: the id alone is that of
        its copies, too."""
        return not self.not_own([claim])

    def not_own(self, claims: Iterable[Claim]) -> list[Claim]:
        """Those of these claims that are others'."""
        here = self.id
        with self._peeked() as ledger:
            return [
                one
                for one in claims
                if not one.store
                or one.store != here
                or ledger is None
                or ledger.about(mark_of_claim(one.intent)) != one.key
            ]

    def earlier(self, storyboard: Path) -> dict[str, dict[str, Any]]:
        """By shot id, the request of the newest take that was made for it."""
        name = self.name_of(storyboard)
        notes = sorted((note for _, note in self.notes()), key=lambda n: float(n.get("made_at", 0)))
        return {
            str(shot): dict(note.get("request", {}))
            for note in notes
            if note.get("storyboard") == name and "shot" in note and not is_free(note)
            for shot in note.get("covers", [note["shot"]])
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

    def _paid_takes(self) -> bool:
        """Whether a paid take is or was here: its note stays when its clip is gone."""
        return any(not is_free(note) and FROM not in note for _, note in self.notes())


def _learned(ledger: Ledger, kept: Row) -> None:
    """Write down whose request a take was; also where the ledger still waits for its answer."""
    if not ledger.adopt(kept) and kept.request_id:
        ledger.sent(kept.intent, kept.request_id, kept.urls)


def _holding(row: Row) -> Holding:
    return Holding(
        Standing.REFUSED if row.refused else _STANDING[row.state],
        row.request_id or "",
        cost=row.cost,
        paid=row.paid,
        since=row.sent_at or row.intended_at,
        detail=row.detail,
    )
