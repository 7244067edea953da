"""Takes that several machines share: a folder of this machine, and the media place behind it.

    media/<sha256>.mp4            what was bought, by its bytes
    takes/<key>.json              a take's note: once it is there, the take is
    facts/<key>/<digest>.json     what was measured of it since

What is there is fetched when it is read, checked, and stays in the folder. What is paid for is kept
in the folder first, and then put there. Drafts stay here: they can be drawn anywhere, free.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.clock import REAL
from storyboard.depot.protocol import lasting
from storyboard.depot.proving import prove
from storyboard.errors import FileTrouble, StoreError
from storyboard.takes.assets import AssetKind, Flaw

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.depot.protocol import Deposited, Depot
    from storyboard.takes.folder import TakesFolder

FROM = "fetched_from"
"""In the note of a take that this store did not make: the place that it was fetched from."""
FRESH = 5.0
"""Seconds for which a listing of the place is taken for true, where nothing hangs on it; longer
where it has very many names."""

MARK, KNOWN = "storyboard.json", "media.json"
"""Which place it is, there; and which places this store has used, here."""

_NOTES = "takes/"
_NOTE = re.compile(r"takes/([0-9a-f]{64})\.json")
_THREADS = 8


class SharedTakes:
    """A place for takes: `folder` is of this machine, `depot` of all."""

    def __init__(self, folder: TakesFolder, depot: Depot, *, clock: Clockwork = REAL) -> None:
        self.folder, self.depot, self._clock = folder, depot, clock
        self.trouble = ""
        """Why what was kept here last could not be put there; empty where it was."""
        self._lock = threading.Lock()
        self._there: set[str] = set()
        self._listed_at: float | None = None
        self._noted: set[str] = set()
        """Those whose notes are here."""
        self._proved = False

    def __repr__(self) -> str:
        return f"<SharedTakes {str(self.folder.folder)!r} and {self.depot.where!r}>"

    def prepare(self) -> None:
        """Prove that takes can be kept here and there, once; StoreError if not."""
        self.folder.prepare()
        if not self._proved:
            prove(self.depot)
            self._recognise()
            self._proved = True

    def has(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> bool:
        """Whether the take is here or there."""
        return self.folder.has(key, kind) or key in self.there()

    def there(self, *, age: float | None = None) -> set[str]:
        """The keys that the place has, by a listing that is at most so many seconds old."""
        with self._lock:
            now = self._clock.monotonic()
            most = lasting(len(self._there), least=FRESH) if age is None else age
            if self._listed_at is None or now - self._listed_at > most:
                names = [one.name for one in self._listed()]
                self._there = {found[1] for found in map(_NOTE.fullmatch, names) if found}
                self._listed_at = now
            return self._there

    def is_there(self, key: str) -> bool:
        """Whether the place has the take at this very moment."""
        found = self.depot.has(_note(key))
        if found:
            with self._lock:
                self._there.add(key)
        return found

    def open(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """The take's file; fetched where it is not here, and checked."""
        if not self.folder.has(key, kind) and key in self.there():
            self._fetch(key, kind)
        return self.folder.open(key, kind)

    def bring(self, keys: Iterable[str]) -> None:
        """Fetch those of these takes that are not here, several at a time."""
        lacking = [key for key in keys if not self.folder.has(key)]
        with ThreadPoolExecutor(_THREADS, "takes") as pool:
            list(pool.map(self.open, lacking))

    def keep(
        self, key: str, file: Path, note: Mapping[str, Any], kind: AssetKind = AssetKind.VIDEO
    ) -> Path:
        """Take a finished file in, and put it there; where that fails, `trouble` says why."""
        kept = self.folder.keep(key, file, note, kind)
        self.trouble = ""
        if not note.get("draft"):
            try:
                self.put(key, kind)
            except StoreError as error:
                self.trouble = str(error)
        return kept

    def put(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> bool:
        """Put a take that is here there; False where it was there already, which stays."""
        note = {name: value for name, value in self.folder.note(key).items() if name != FROM}
        if self.is_there(key):
            return False
        self.depot.put(_asset(note, kind), self.folder.open(key, kind))
        put = self.depot.create(_note(key), _written(note))
        with self._lock:
            self._there.add(key)
        return put

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from."""
        if self._knows(key) or key not in self.there():
            return self.folder.note(key)
        return self._learn(key)

    def amend(self, key: str, facts: Mapping[str, Any]) -> None:
        """Add facts to the note, here and for the others."""
        self.note(key)
        self.folder.amend(key, facts)
        data = _written(facts)
        name = f"facts/{key}/{hashlib.sha256(data).hexdigest()[:16]}.json"
        with suppress(StoreError):  # whoever misses them measures again
            if key in self.there():
                self.depot.create(name, data)

    def keys(self, kind: AssetKind = AssetKind.VIDEO) -> list[str]:
        """The keys of all that is here or there."""
        return sorted({*self.folder.keys(kind), *self.there()})

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The key and note of each take that is or was here, or is there."""
        self.learn()
        yield from self.folder.notes()

    def learn(self, of: Collection[str] | None = None) -> list[str]:
        """Fetch the notes that are there and not here, `of` these takes alone; gives their keys."""
        there = self.there() if of is None else self.there() & set(of)
        unknown = sorted(key for key in there - self._noted if not self._knows(key))
        if unknown:
            with ThreadPoolExecutor(_THREADS, "notes") as pool:
                list(pool.map(self._learned, unknown))
        return unknown

    def where(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """Its path, or the place and its name there."""
        here = self.folder.open(key, kind)
        if here.exists() or key not in self.there():
            return str(here)
        return f"{self.depot.where}/{_asset(self.note(key), kind)}"

    def flaw(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Flaw | None:
        """What is wrong with the take here; of one that is there alone, once it is fetched."""
        if not self.folder.open(key, kind).exists():
            try:
                self.open(key, kind)
            except StoreError as error:
                return Flaw(self.where(key, kind), str(error))
        return self.folder.flaw(key, kind)

    def set_aside(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """Move an asset away. One that is whole was another's: then it goes from there, too."""
        anothers = self.folder.has(key, kind) and self.folder.flaw(key, kind) is None
        moved = self.folder.set_aside(key, kind)
        if moved and anothers:
            self.depot.remove(_note(key))
            with self._lock:
                self._there.discard(key)
        return moved

    def files(self) -> Iterator[Path]:
        """Every take's file on this machine."""
        return self.folder.files()

    def missing_there(self, keys: Iterable[str]) -> list[str]:
        """Of these takes, those that are here, are no drafts, and are not there."""
        lacking = [key for key in keys if key not in self.there()]
        return [key for key in lacking if self.folder.has(key) and not self._is_draft(key)]

    def discard(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> None:
        """Remove a draft, which is here alone."""
        self.folder.discard(key, kind)

    # the workings

    def _recognise(self) -> None:
        """The place has an id, which this store remembers: a disk that is not mounted, or another
        one in its place, looks like a place without takes. StoreError where it is not the same."""
        here = self.folder.folder.parent / KNOWN
        known = _remembered(here)
        there = self.depot.read(MARK)
        if there is None and self.depot.where not in known:
            self.depot.create(MARK, _written({"version": 1, "id": uuid.uuid4().hex}))
            there = self.depot.read(MARK)
        found = None if there is None else _read(there, MARK).get("id")
        if found is None or known.get(self.depot.where, found) != found:
            raise StoreError(
                f"{self.depot.where} is not the media place that this store has used under that "
                f"name: is its disk mounted? Where it is meant to be another, delete {here}"
            )
        if self.depot.where not in known:
            try:
                files.write_whole(here, _written({**known, self.depot.where: found}))
            except FileTrouble as error:
                raise StoreError(str(error)) from error

    def _listed(self) -> list[Deposited]:
        try:
            return self.depot.names(_NOTES)
        except StoreError as error:
            raise StoreError(
                f"{error}. With `media` none, this machine's own takes alone are used"
            ) from error

    def _is_draft(self, key: str) -> bool:
        return bool(self.folder.note(key).get("draft"))

    def _knows(self, key: str) -> bool:
        try:
            self.folder.note(key)
        except StoreError:
            return False
        self._noted.add(key)
        return True

    def _learned(self, key: str) -> None:
        with suppress(StoreError):  # gone, or no note: the next look tells
            self._learn(key)

    def _learn(self, key: str, note: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Bring a note here, with what was measured of the take since."""
        note = {**(note or self._remote(key)), FROM: self.depot.where}
        for one in self.depot.names(f"facts/{key}/"):
            note |= _read(self.depot.read(one.name), one.name)
        self.folder.write_note(key, note)
        return note

    def _remote(self, key: str) -> dict[str, Any]:
        return _read(self.depot.read(_note(key)), f"{self.depot.where}/{_note(key)}")

    def _fetch(self, key: str, kind: AssetKind) -> None:
        note = self._remote(key)
        self.folder.prepare()
        coming = self.folder.folder / f".coming-{secrets.token_hex(6)}{kind.ending}"
        name = _asset(note, kind)
        try:
            try:
                whole = self.depot.fetch(name, coming) and files.sha256(coming) == note["sha256"]
            except OSError as error:
                raise StoreError(f"{coming} can't be written ({error.strerror})") from error
            if not whole:
                raise StoreError(
                    f"{self.depot.where}/{name} is missing or damaged; put it back there, with "
                    "`storyboard store push` on a machine that has it"
                )
            self.folder.keep(key, coming, self._learn(key, note), kind)
        finally:
            coming.unlink(missing_ok=True)


def _remembered(path: Path) -> dict[str, Any]:
    """The ids of the places that a store has used, by their names."""
    try:
        return _read(path.read_bytes(), path.name)
    except (OSError, StoreError):
        return {}


def _note(key: str) -> str:
    return f"{_NOTES}{key}.json"


def _asset(note: Mapping[str, Any], kind: AssetKind) -> str:
    digest = str(note.get("sha256"))
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise StoreError("a take's note does not say what its bytes are")
    return f"media/{digest}{kind.ending}"


def _written(about: Mapping[str, Any]) -> bytes:
    return json.dumps(about, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _read(data: bytes | None, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data or b"")
    except ValueError as error:
        raise StoreError(f"{name} can't be read") from error
    if not isinstance(found, dict):
        raise StoreError(f"{name} is not a take's note")
    return found
