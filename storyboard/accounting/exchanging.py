"""Takes from a store to its media place, and from there into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.errors import StoreError
from storyboard.generating.claiming import shared_from_here

if TYPE_CHECKING:
    from storyboard.store import Store
    from storyboard.takes.shared import SharedTakes

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


def push(store: Store) -> Exchanged:
    """Put what is only in the store into its media place: takes, and clips of one's own.

    Drafts stay: they can be drawn anywhere, free. StoreError where the store has no such place, or
    it can't be used.
    """
    shared = _shared(store)
    store.prepare()
    lacking = shared.missing_there(shared.folder.keys())
    return _copied(shared, lacking, lambda key: shared_from_here(store, key))


def pull(store: Store) -> Exchanged:
    """Bring what is only in the media place into the store, checked; StoreError as above."""
    shared = _shared(store)
    shared.folder.prepare()
    lacking = sorted(key for key in shared.there(age=0) if not shared.folder.has(key))
    return _copied(shared, lacking, shared.open)


def _shared(store: Store) -> SharedTakes:
    if store.shared is None:
        raise StoreError(
            "no place for takes is named: give `media`, set STORYBOARD_MEDIA, or write `media:` "
            "into the storyboard"
        )
    return store.shared


def _copied(shared: SharedTakes, keys: Iterable[str], copy: Callable[[str], object]) -> Exchanged:
    def tried(key: str) -> tuple[str, int, str]:
        try:
            copy(key)
            return key, int(shared.folder.note(key).get("bytes") or 0), ""
        except StoreError as error:
            return key, 0, f"{key[:12]}: {error}"

    with ThreadPoolExecutor(AT_ONCE, "exchange") as pool:
        done = list(pool.map(tried, keys))
    return Exchanged(
        shared.depot.where,
        tuple(key for key, _, trouble in done if not trouble),
        sum(size for _, size, _ in done),
        tuple(trouble for _, _, trouble in done if trouble),
    )
