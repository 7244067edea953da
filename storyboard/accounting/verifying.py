"""Verifying a store: each take against its note, byte for byte, and the ledger against both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.accounting.resolving import note_of
from storyboard.errors import Expired, MediaError, ServiceError, StoreError
from storyboard.generating.attempt import request_of
from storyboard.takes.holding import is_draft, is_free
from storyboard.video.probing import check, inspect
from storyboard.workers import each

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.ledger.rows import Row
    from storyboard.service import Service
    from storyboard.store import Store


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a store that is not as it was written, and what helps."""

    where: str
    """What people find it by: a path, or an address."""
    what: str
    key: str = ""
    """The take's, where its clip can be fetched anew, free."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of fetching a damaged clip again."""

    where: str
    outcome: str
    mended: bool = False


def verify(store: Store, *, told: Callable[[int, int], None] | None = None) -> list[Damage]:
    """What is damaged; empty when all is well. Reads every byte, and changes nothing.

    `told` hears how many takes are read, of how many.
    """
    found = list(_ledger(store))
    rows = {} if found else {row.key: row for row in store.rows()}
    keys = set(store.keys())
    for read, key in enumerate(sorted(keys), 1):
        found += _take(store, key, rows.get(key))
        if told:
            told(read, len(keys))
    found += [
        Damage(store.takes.where(key), "is missing; the next render fetches it again", key)
        for key, row in sorted(rows.items())
        if row.state == "KEPT" and key not in keys
    ]
    found += [
        Damage(store.takes.where(key), "is missing, and was paid for; it is nowhere else")
        for key, note in sorted(store.notes(), key=itemgetter(0))
        if not (key in keys or key in rows or is_free(note))
    ]
    return found


def undecodable(
    store: Store,
    *,
    executor: Executor | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Damage]:
    """The takes that are as they were kept, and can't be decoded to their end. Reads every byte.

    A decoder may complain of some frames, as it may when a take is kept. `told` hears how many are
    read, of how many.
    """
    whole = [key for key in sorted(store.keys()) if store.has(key)]
    given = [(store.takes.open(key),) for key in whole]
    found = each(executor, trouble_of, given, told=told)
    return [
        Damage(store.takes.where(key), f"can't be decoded: {why}")
        for key, why in zip(whole, found, strict=True)
        if why
    ]


def trouble_of(clip: Path) -> str:
    """Why a clip can't be decoded from its first frame to its last; empty where it can."""
    try:
        inspect(clip)
    except MediaError as error:
        return str(error).removeprefix(str(clip)).strip()
    return ""


def mend(store: Store, damaged: list[Damage], service: Service) -> list[Mended]:
    """Fetch damaged clips again, free. What is there stays until a whole one is here."""
    rows = {row.key: row for row in store.rows() if row.state == "KEPT"}
    return [
        _mended(store, damage, rows[damage.key], service)
        for damage in damaged
        if damage.key in rows
    ]


def _mended(store: Store, damage: Damage, row: Row, service: Service) -> Mended:
    part = store.part(f"{row.intent}.mended")
    with store.alone(f"{row.intent}.part") as alone:
        if not alone:
            return Mended(damage.where, "is being fetched by another program")
        try:
            _fetched(row, part, service)
            note = _note(store, row, part)
            aside = store.takes.set_aside(row.key)
            store.keep(row.key, part, note)
        except (ServiceError, StoreError, MediaError, OSError) as error:
            return Mended(damage.where, f"stays as it is: {error}")
        finally:
            part.unlink(missing_ok=True)
    kept = f"; the damaged one is {aside}" if aside else ""
    return Mended(damage.where, f"was fetched again{kept}", mended=True)


def _fetched(row: Row, part: Path, service: Service) -> None:
    """The clip from where it was, or from where the service says now; whole, or an error."""
    known = service.outcome_of(row.result or {})
    try:
        if known is None:
            raise Expired("its address is not known")
        service.download(known.address, part, expected=known.size)
    except Expired:
        now = service.result(request_of(row))
        service.download(now.address, part, expected=now.size)
    check(part)


def _note(store: Store, row: Row, part: Path) -> Mapping[str, Any]:
    """The take's note, or one made anew from the ledger where it is damaged as well."""
    with suppress(StoreError):
        return store.note(row.key)
    return note_of(row, check(part), at=store.clock.time())


def _ledger(store: Store) -> Iterator[Damage]:
    where = store.place.where
    try:
        ledger = store.place.peek()
        if ledger is not None:
            yield from (Damage(where, words) for words in ledger.verify())
            ledger.close()
        elif not store.is_new:
            yield Damage(where, "is missing; `storyboard ledger rebuild` makes it again")
    except StoreError as error:
        yield Damage(where, str(error).removeprefix(where).lstrip(": "))


def _take(store: Store, key: str, row: Row | None) -> Iterator[Damage]:
    flaw = store.takes.flaw(key)
    if flaw is None:
        return
    fetched = key if row is not None and row.result else ""
    note: Mapping[str, Any] = {}
    with suppress(StoreError):
        note = store.note(key)
    then = "nowhere else"
    if fetched:
        then = "fetched again, free, by `storyboard ledger verify --mend`"
    elif is_draft(note):
        then = "a draft, and drawn again, free, where it is needed"
    elif is_free(note):
        then = "a copy of your own clip, and taken in again where that is needed"
    it = "its clip" if flaw.of_note else "it"
    yield Damage(flaw.where, f"{flaw.what}; {it} is {then}", fetched)
