"""Drafts and pieces of films in a media place: what can be made anywhere, and need not be twice.

    drafts/<key>.json                   a draft's note; once it is there, the draft is
    drafts/<sha256>.mp4                 its bytes
    segments/<key>.<sha256>.<ending>    a piece of a film, or the note of packets that were kept
    carried/<sha256>.<ending>           what went to workers, and came from them

Nobody pays for any of it, so it is put there and fetched by whoever asks for that, and may be
removed at any time: it is made again where it is missing.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.accounting.cleaning import LEAST_AGE
from storyboard.accounting.exchanging import copied, shared_takes
from storyboard.accounting.inventory import FileKind, ListedFile, Room
from storyboard.crews.parcel import CARRIED
from storyboard.errors import FileTrouble, StoreError
from storyboard.files import appearing
from storyboard.models.request import key_of
from storyboard.models.table import DRAFT
from storyboard.takes.assets import AssetKind
from storyboard.takes.holding import is_draft

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.accounting.exchanging import Exchanged, Told
    from storyboard.depot.protocol import Depot
    from storyboard.store import Store
    from storyboard.takes.folder import TakesFolder

DRAFTS, SEGMENTS = "drafts/", "segments/"
FREE = {DRAFTS: FileKind.DRAFT, SEGMENTS: FileKind.SEGMENT, CARRIED: FileKind.SEGMENT}
"""The folders of a place whose files are made again where they are missing."""
KINDS = {
    "takes": "paid takes, and own clips",
    "media": "their bytes",
    "facts": "what was measured of them",
    "claims": "claims",
    "rolls": "their order",
    "drafts": "drafts",
    "segments": "segments",
    "carried": "to and from workers",
}
"""What the folders of a place have."""

_PIECE = re.compile(r"([0-9a-f]{64})(\.\w+)")
_THERE = re.compile(r"segments/([0-9a-f]{64})\.([0-9a-f]{64})(\.\w+)")
_NOTE = re.compile(r"drafts/([0-9a-f]{64})\.json")


def push_drafts(store: Store, *, told: Told | None = None) -> Exchanged:
    """Put the drafts of a store into its media place, those that are not there."""
    shared = shared_takes(store)
    store.prepare()
    there = {one.name for one in shared.depot.names(DRAFTS)}
    notes = dict(shared.folder.notes())
    lacking = [
        key
        for key, note in notes.items()
        if is_draft(note) and f"{DRAFTS}{key}.json" not in there and shared.folder.has(key)
    ]

    def put(key: str) -> int:
        note, file = notes[key], shared.folder.open(key)
        shared.depot.put(f"{DRAFTS}{note['sha256']}{file.suffix}", file)
        shared.depot.create(f"{DRAFTS}{key}.json", json.dumps(note, sort_keys=True).encode())
        return int(note["bytes"])

    return copied(shared.depot.where, sorted(lacking), put, told)


def pull_drafts(store: Store, *, told: Told | None = None) -> Exchanged:
    """Bring the drafts of the place that are not in the store, checked."""
    shared = shared_takes(store)
    store.prepare(pays=False)
    keys = (found[1] for found in map(_NOTE.fullmatch, _names(shared.depot, DRAFTS)) if found)
    lacking = sorted(key for key in keys if not shared.folder.has(key))

    def fetch(key: str) -> int:
        return _draft_here(shared.folder, shared.depot, key)

    return copied(shared.depot.where, lacking, fetch, told)


def _draft_here(folder: TakesFolder, depot: Depot, key: str) -> int:
    try:
        note: dict[str, Any] = json.loads(depot.read(f"{DRAFTS}{key}.json") or b"")
        free, sha256 = is_draft(note) and _asks_for_draft(note["request"], key), note["sha256"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError("its note can't be read") from error
    if not free:
        raise StoreError("what the place has under its name is no draft")
    ending = AssetKind.VIDEO.ending
    coming = folder.folder / f".coming-{secrets.token_hex(6)}{ending}"
    try:
        _fetched(depot, f"{DRAFTS}{sha256}{ending}", sha256, coming)
        folder.keep(key, coming, note)
    finally:
        coming.unlink(missing_ok=True)
    return int(note["bytes"])


def _asks_for_draft(canonical: Mapping[str, Any], key: str) -> bool:
    """Whether this is the request of that key, and asks for a draft: it takes nobody's place."""
    return key_of(canonical) == key and canonical["endpoint"] == DRAFT.endpoint


def push_segments(store: Store, *, told: Told | None = None) -> Exchanged:
    """Put the pieces of films of a store into its media place, those that are not there."""
    shared = shared_takes(store)
    shared.depot.prepare()
    there = {found[1] for found in map(_THERE.fullmatch, _names(shared.depot, SEGMENTS)) if found}
    pieces = {
        path.name: path
        for path in (store.segments.iterdir() if store.segments.is_dir() else ())
        if (found := _PIECE.fullmatch(path.name)) and found[1] not in there
    }

    def put(name: str) -> int:
        path = pieces[name]
        named = f"{path.stem}.{files.sha256(path)}{path.suffix}"
        shared.depot.put(f"{SEGMENTS}{named}", path)
        return path.stat().st_size

    return copied(shared.depot.where, sorted(pieces), put, told)


def pull_segments(store: Store, *, told: Told | None = None) -> Exchanged:
    """Bring the pieces of films that the place has and the store has not, checked."""
    shared = shared_takes(store)
    store.prepare(pays=False)
    store.segments.mkdir(exist_ok=True)
    found = (_THERE.fullmatch(name) for name in _names(shared.depot, SEGMENTS))
    there = {f"{one[1]}{one[3]}": one for one in found if one}

    def fetch(name: str) -> int:
        one, path = there[name], store.segments / name
        with appearing(path) as coming:
            _fetched(shared.depot, one[0], one[2], coming)
        return path.stat().st_size

    lacking = sorted(name for name in there if not (store.segments / name).exists())
    return copied(shared.depot.where, lacking, fetch, told)


def _fetched(depot: Depot, name: str, sha256: str, to: Path) -> None:
    try:
        whole = depot.fetch(name, to) and files.sha256(to) == sha256
    except (OSError, FileTrouble) as error:
        raise StoreError(str(error)) from error
    if not whole:
        raise StoreError(f"{depot.where}/{name} is missing or damaged")


def _names(depot: Depot, under: str) -> Iterator[str]:
    return (one.name for one in depot.names(under))


def rooms_there(store: Store) -> list[Room]:
    """What takes how much room in the media place, by its folders; nothing where there is none."""
    if store.shared is None:
        return []
    found = []
    for folder, kind in KINDS.items():
        here = store.shared.depot.names(f"{folder}/")
        size = sum(one.size for one in here)
        paid = 0 if f"{folder}/" in FREE else size
        found.append(Room(kind, len(here), size, paid))
    return [one for one in found if one.files]


def removable_there(
    store: Store, kinds: Collection[FileKind], *, older: float = LEAST_AGE
) -> list[ListedFile]:
    """What may go from the media place: of these kinds, free, and written `older` seconds ago or
    before, an hour at least. StoreError where the store has no such place."""
    depot = shared_takes(store).depot
    before = store.clock.time() - max(older, LEAST_AGE)
    return [
        ListedFile(PurePosixPath(one.name), kind, one.size, one.at, renewable=True)
        for folder, kind in FREE.items()
        if kind in kinds
        for one in depot.names(folder)
        if 0 < one.at <= before
    ]


def clean_there(store: Store, found: Iterable[ListedFile]) -> list[str]:
    """Remove what `removable_there` found, notes first; gives what can't be removed, and why."""
    depot, left = shared_takes(store).depot, []
    for one in sorted(found, key=lambda one: one.path.suffix != ".json"):
        try:
            depot.remove(str(one.path))
        except StoreError as error:
            left.append(f"{one.path}: {error}")
    return left
