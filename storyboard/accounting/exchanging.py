"""Takes from a store to its media place, and from there into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.errors import FileTrouble, StoreError
from storyboard.generating.claiming import shared_from_here
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.store import Store
    from storyboard.takes.shared import SharedTakes

Told = Callable[[int, int], None]
"""Hears how many files are done with, of how many."""
AT_ONCE = 4
"""Takes on their way at the same time."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What was copied."""

    where: str
    """The media place."""
    keys: tuple[str, ...]
    bytes: int
    left: tuple[str, ...] = ()
    """What could not be copied, and why."""

    def __repr__(self) -> str:
        return f"<Exchanged {counted(len(self.keys), 'file')}, {self.bytes} bytes, {self.where}>"


def push(store: Store, *, told: Told | None = None) -> Exchanged:
    """Put what is only in the store into its media place: takes, and clips of one's own.

    Drafts stay: they can be drawn anywhere, free. StoreError where the store has no such place, or
    it can't be used.
    """
    shared = shared_takes(store)
    store.prepare()
    lacking = shared.missing_there(shared.folder.keys())

    def put(key: str) -> int:
        shared_from_here(store, key)
        return _size(shared, key)

    return copied(shared.depot.where, lacking, put, told)


def pull(store: Store, *, told: Told | None = None) -> Exchanged:
    """Bring what is only in the media place into the store, checked; StoreError as above."""
    shared = shared_takes(store)
    shared.folder.prepare()
    lacking = sorted(key for key in shared.there(age=0) if not shared.folder.has(key))

    def fetch(key: str) -> int:
        shared.open(key)
        return _size(shared, key)

    return copied(shared.depot.where, lacking, fetch, told)


def _size(shared: SharedTakes, key: str) -> int:
    return int(shared.folder.note(key).get("bytes") or 0)


def shared_takes(store: Store) -> SharedTakes:
    """The takes that a store shares; StoreError where it shares none."""
    if store.shared is None:
        raise StoreError(
            "no place for takes is named: give `media`, set STORYBOARD_MEDIA, or write `media:` "
            "into the storyboard"
        )
    return store.shared


def copied(
    where: str,
    names: Iterable[str],
    copy: Callable[[str], int],
    told: Told | None = None,
) -> Exchanged:
    """What came of copying each of these, several at a time; `copy` gives its bytes."""

    def tried(name: str) -> tuple[str, int, str]:
        try:
            return name, copy(name), ""
        except (StoreError, FileTrouble) as error:
            return name, 0, f"{name[:12]}: {error}"

    wanted, done = list(names), []
    with ThreadPoolExecutor(AT_ONCE, "exchange") as pool:
        for one in pool.map(tried, wanted):
            done.append(one)
            if told:
                told(len(done), len(wanted))
    return Exchanged(
        where,
        tuple(name for name, _, trouble in done if not trouble),
        sum(size for _, size, _ in done),
        tuple(trouble for _, _, trouble in done if trouble),
    )
