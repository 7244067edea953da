"""What lies in a store: each of its files, what it is, whose it is, and whether it was paid."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from storyboard.takes.holding import is_draft

if TYPE_CHECKING:
    from storyboard.store import Store

_KEYED = re.compile(r"([0-9a-f]{64})\..+")
_FREE_PART = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{8}(\.\w+)+")
"""A draft, or a clip of one's own, that a run was killed at; a paid part is called otherwise."""
_PAGE_FILE = re.compile(r"[a-z]+-[0-9a-f]{24}\.\w+")
_COMING = re.compile(r"\.coming-[0-9a-f]{12}(\.\w+)?")
"""What was being written when its program was killed."""


class FileKind(Enum):
    """What a file of a store is."""

    TAKE = "paid takes"
    BOOKS = "ledger and receipts"
    ASIDE = "on their way, or set aside"
    UNKNOWN = "takes without a note"
    CLIP = "own clips"
    WEB = "fetched pictures"
    DRAFT = "drafts"
    SEGMENT = "segments"
    PAGE = "page media"
    OTHER = "locks and marks"

    @property
    def paid(self) -> bool:
        """Whether money may hang on it."""
        return self in (FileKind.TAKE, FileKind.BOOKS, FileKind.ASIDE, FileKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of a store, or of its media place."""

    path: PurePath
    kind: FileKind
    bytes: int
    used_at: float
    """When it was last written, or marked as used; seconds since 1970."""
    key: str = ""
    """Of the take that it belongs to; empty for what is no take's."""
    storyboard: str = ""
    """For which storyboard it was made first, as the store calls it."""
    renewable: bool = False
    """Whether it is made again, free and by itself, by whoever needs it."""


def inventory(store: Store) -> list[ListedFile]:
    """Every file of the store, by path. Reads names and notes, and changes nothing."""
    notes = dict(store.notes())
    places = {*_below(store.folder), *store.takes.files()}
    found = (_file(store.folder, path, notes) for path in places)
    return sorted((one for one in found if one), key=lambda one: one.path)


def _below(folder: Path) -> Iterator[Path]:
    """All files of a folder. A part of it may be a link to another disk; deeper ones are left."""
    try:
        tops = sorted(folder.iterdir())
    except OSError:
        return
    for top in tops:
        if not top.is_dir():
            yield top
        for here, _, names in os.walk(top):
            yield from (Path(here) / name for name in names)


def _file(folder: Path, path: Path, notes: Mapping[str, Mapping[str, Any]]) -> ListedFile | None:
    try:
        about = path.lstat()
    except OSError:  # gone meanwhile
        return None
    inside = path.relative_to(folder).parts if path.is_relative_to(folder) else ("takes", path.name)
    keyed = _KEYED.fullmatch(path.name)
    key = keyed[1] if keyed and inside[0] == "takes" else ""
    note = notes.get(key, {})
    kind = _kind(inside, key, note)
    return ListedFile(
        path,
        kind,
        about.st_size,
        max(about.st_mtime, _made_at(note)) if kind is FileKind.DRAFT else about.st_mtime,
        key,
        str(note.get("storyboard") or ""),
        _renewable(kind, path.name),
    )


def _made_at(note: Mapping[str, Any]) -> float:
    made = note.get("made_at")
    return float(made) if isinstance(made, int | float) else 0.0


_PARTS = {
    "segments": FileKind.SEGMENT,
    "page": FileKind.PAGE,
    "web": FileKind.WEB,
    "receipts": FileKind.BOOKS,
    "checked": FileKind.OTHER,
    "locks": FileKind.OTHER,
}
"""By the folder in the store."""


def _kind(inside: tuple[str, ...], key: str, note: Mapping[str, Any]) -> FileKind:
    name = inside[-1]
    if inside[0] == "takes":
        return _kind_of_take(note) if key else FileKind.OTHER
    if inside[0] == "parts":
        free = _FREE_PART.fullmatch(name) or _COMING.fullmatch(name)
        return FileKind.DRAFT if free else FileKind.ASIDE
    if len(inside) > 1:
        return _PARTS.get(inside[0], FileKind.OTHER)
    return FileKind.BOOKS if name.startswith(("ledger", "store.json")) else FileKind.OTHER


def _kind_of_take(note: Mapping[str, Any]) -> FileKind:
    if not note:
        return FileKind.UNKNOWN
    if is_draft(note):
        return FileKind.DRAFT
    return FileKind.CLIP if note.get("adopted") else FileKind.TAKE


def _renewable(kind: FileKind, name: str) -> bool:
    """By its very name: whatever somebody has put there besides stays."""
    if kind is FileKind.DRAFT:
        return True
    if kind is FileKind.SEGMENT:
        return bool(_KEYED.fullmatch(name) or _COMING.fullmatch(name))
    return kind is FileKind.PAGE and bool(_PAGE_FILE.fullmatch(name) or _COMING.fullmatch(name))


@dataclass(frozen=True, slots=True)
class Room:
    """How much room some files take."""

    name: str
    files: int
    bytes: int
    paid_bytes: int
    """Of those, what money may hang on."""


def room(name: str, found: Iterable[ListedFile]) -> Room:
    """What these files take together."""
    here = list(found)
    paid = sum(one.bytes for one in here if one.kind.paid)
    return Room(name, len(here), sum(one.bytes for one in here), paid)


def by_kind(found: Iterable[ListedFile]) -> list[Room]:
    """What each kind of file takes, those that money hangs on first."""
    here = list(found)
    rooms = (room(kind.value, (one for one in here if one.kind is kind)) for kind in FileKind)
    return [one for one in rooms if one.files]


def by_storyboard(found: Iterable[ListedFile]) -> list[Room]:
    """What the takes of each storyboard take, the largest first; drafts and clips are takes."""
    here = [one for one in found if one.storyboard]
    names = sorted({one.storyboard for one in here})
    rooms = [room(name, (one for one in here if one.storyboard == name)) for name in names]
    return sorted(rooms, key=lambda one: -one.bytes)
