"""A store by itself: whether its takes are whole, what takes how much room, and what may go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.accounting import exchanging, verifying
from storyboard.accounting.cleaning import (
    DRAFTS,
    LEAST_AGE,
    SEGMENTS,
    Cleaned,
    removable,
    require_quiet,
)
from storyboard.accounting.cleaning import clean as clean_
from storyboard.accounting.exchanging import Exchanged
from storyboard.accounting.free_media import (
    clean_there,
    pull_drafts,
    pull_segments,
    push_drafts,
    push_segments,
    removable_there,
    rooms_there,
)
from storyboard.accounting.inventory import by_kind, by_storyboard, inventory, room
from storyboard.errors import StoreError
from storyboard.events import Began, Encoding, Explained, log
from storyboard.generating.terms import USUAL_RUN
from storyboard.workflows.judge import telling

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storyboard.accounting.inventory import FileKind, Room
    from storyboard.accounting.verifying import Damage
    from storyboard.events import Listener
    from storyboard.generating.terms import Run
    from storyboard.store import Store

__all__ = ["Exchanged", "Stock", "age", "clean", "du", "pull", "push", "verify"]

_UNITS = {"h": 3600, "d": 86400, "w": 7 * 86400}
_AGE = re.compile(r"(\d{1,5})\s*([hdw])")


def age(written: str) -> float:
    """Seconds from `12h`, `30d` or `8w`; ValueError says what to write."""
    found = _AGE.fullmatch(written.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not found:
        raise ValueError("is no age; write hours, days or weeks, such as 12h, 30d or 8w")
    if seconds < LEAST_AGE:
        raise ValueError("is less than an hour, and what is so young may be in use; write 1h")
    return float(seconds)


@dataclass(frozen=True, slots=True)
class Stock:
    """What takes how much room in a store."""

    kinds: tuple[Room, ...]
    storyboards: tuple[Room, ...]
    total: Room
    there: tuple[Room, ...] = ()
    """In the media place, by kind."""

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "store": self.total.name,
            "files": self.total.files,
            "bytes": self.total.bytes,
            "paid_bytes": self.total.paid_bytes,
            "kinds": [_data(one, "kind") for one in self.kinds],
            "storyboards": [_data(one, "storyboard") for one in self.storyboards],
            "media": [_data(one, "kind") for one in self.there],
        }


def _data(one: Room, named: str) -> dict[str, Any]:
    return {
        named: one.name,
        "files": one.files,
        "bytes": one.bytes,
        "paid_bytes": one.paid_bytes,
    }


def du(store: Store) -> Stock:
    """What takes how much room in a store: by kind, by storyboard, paid or free. In bytes."""
    found = inventory(store)
    total = room(str(store.folder), found)
    there = tuple(rooms_there(store))
    return Stock(tuple(by_kind(found)), tuple(by_storyboard(found)), total, there)


def push(
    store: Store, *, drafts: bool = False, segments: bool = False, run: Run = USUAL_RUN
) -> Exchanged:
    """Put what is only in the store into its media place; drafts and pieces of films as well, where
    that is asked for. StoreError where it has no such place, or it can't be used."""
    run.listener(Began())
    told = partial(_told, run, "into the media place")
    done = [exchanging.push(store, told=told)]
    done += [push_drafts(store, told=told)] if drafts else []
    done += [push_segments(store, told=told)] if segments else []
    return _together(done)


def pull(
    store: Store, *, drafts: bool = False, segments: bool = False, run: Run = USUAL_RUN
) -> Exchanged:
    """Bring what is only in the media place into the store; drafts and pieces of films likewise."""
    run.listener(Began())
    told = partial(_told, run, "from the media place")
    done = [exchanging.pull(store, told=told)]
    done += [pull_drafts(store, told=told)] if drafts else []
    done += [pull_segments(store, told=told)] if segments else []
    return _together(done)


def _told(run: Run, where: str, done: int, total: int) -> None:
    run.listener(Encoding(done, total, "files", where))


def _together(done: Sequence[Exchanged]) -> Exchanged:
    return Exchanged(
        done[0].where,
        tuple(key for one in done for key in one.keys),
        sum(one.bytes for one in done),
        tuple(words for one in done for words in one.left),
    )


def verify(store: Store, *, run: Run = USUAL_RUN) -> tuple[Damage, ...]:
    """What in a store is not as it was written, and which whole takes can't be decoded.

    Empty: all is well. Reads every byte, changes nothing. StoreError where there is no store, of
    which nobody could say that.
    """
    if not store.folder.is_dir():
        raise StoreError(f"there is no store in {store.folder}; name the one that is meant")
    run.listener(Began())
    read = verifying.verify(store, told=telling(run, "files"))
    return (*read, *verifying.undecodable(store, executor=run.executor, told=telling(run)))


def clean(
    store: Store,
    *,
    segments: bool = False,
    drafts: bool = False,
    older: float = LEAST_AGE,
    place: bool = False,
    dry_run: bool = False,
    even_so: bool = False,
    listener: Listener = log,
) -> Cleaned:
    """Remove from a store what is made again, free: both kinds where none is named.

    `segments` are pieces of films, and what pages show. What was used within `older` seconds stays,
    an hour at least; what was paid, and clips of one's own, are never touched. With `place` from
    the media place instead: there, what went to workers goes with the segments. With `dry_run`
    nothing is removed. StoreError where something was made here a moment ago, unless `even_so`.
    """
    both = segments is drafts
    kinds = (SEGMENTS if segments or both else frozenset()) | (
        DRAFTS if drafts or both else frozenset()
    )
    if place:
        return _cleaned_there(store, kinds, older=older, dry_run=dry_run)
    found = removable(store, kinds, older=older)
    if dry_run:
        return Cleaned(tuple(found))
    if found and not even_so:
        require_quiet(store)
    done = clean_(store, found)
    for one in done.files:
        listener(Explained(f"removed {one.path}"))
    return done


def _cleaned_there(
    store: Store, kinds: Collection[FileKind], *, older: float, dry_run: bool
) -> Cleaned:
    found = removable_there(store, kinds, older=older)
    left: list[str] = [] if dry_run else clean_there(store, found)
    return Cleaned(tuple(found), tuple(left))
