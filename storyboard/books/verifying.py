"""Verifying a store: each take against its note, byte for byte, and the ledger against both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storyboard import files
from storyboard.errors import StoreError
from storyboard.store import Ledger, Row, Store, digest


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a store that is not as it was written, and what helps."""

    path: Path
    what: str
    key: str = ""
    """The take's, where setting its clip aside and rendering again fetches it anew, free."""


def verify(store: Store) -> list[Damage]:
    """What is damaged; empty when all is well. Reads every byte, and changes nothing."""
    found = list(_ledger(store))
    rows = {} if found else {row.key: row for row in store.rows()}
    keys = set(store.keys())
    found += [damage for key in sorted(keys) for damage in _take(store, key, rows.get(key))]
    found += [
        Damage(store.clip(key), "is missing; the next render fetches it again", key)
        for key, row in sorted(rows.items())
        if row.state == "KEPT" and key not in keys
    ]
    return found


def set_aside(store: Store, damaged: list[Damage]) -> list[Path]:
    """Move damaged clips out of the way, so that the next render fetches them again."""
    moved = []
    for damage in damaged:
        if damage.key and damage.path.exists():
            aside = store.part(f"{damage.key}.damaged.mp4")
            files.move_whole(damage.path, aside)
            moved.append(aside)
    return moved


def _ledger(store: Store) -> Iterator[Damage]:
    path = store.folder / "ledger.sqlite3"
    try:
        ledger = Ledger.peek(path)
        if ledger is not None:
            yield from (Damage(path, words) for words in ledger.verify())
            ledger.close()
        elif not store.is_new:
            yield Damage(path, "is missing; `storyboard ledger rebuild` makes it again")
    except StoreError as error:
        yield Damage(path, str(error).removeprefix(str(path)).lstrip(": "))


def _take(store: Store, key: str, row: Row | None) -> Iterator[Damage]:
    clip = store.clip(key)
    fetched = key if row is not None and row.result else ""
    then = "fetched again by the next render once it is set aside" if fetched else "nowhere else"
    try:
        note = store.note(key)
    except StoreError:
        yield Damage(store.note_path(key), f"can't be read; its clip is {then}", fetched)
        return
    if clip.stat().st_size != note.get("bytes"):
        size = clip.stat().st_size
        yield Damage(clip, f"has {size} bytes, not {note.get('bytes')}; it is {then}", fetched)
    elif digest(clip) != note.get("sha256"):
        yield Damage(clip, f"has changed since it was kept; it is {then}", fetched)
