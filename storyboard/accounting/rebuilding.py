"""Making a ledger again: from what can still be read of the old one, page by page, from receipts
and the takes' notes, and from the account's history. Nothing is thrown away or bought."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import StoreError
from storyboard.generating.elsewhere import DOUBT, Elsewhere
from storyboard.generating.order import Order
from storyboard.generating.past import asks_for, past_of, unexplained
from storyboard.ledger import pages, receipts
from storyboard.ledger.place import LedgerFolder
from storyboard.ledger.rows import row_of_note
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.takes.holding import is_free

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.ledger.door import Ledger
    from storyboard.ledger.rows import Row
    from storyboard.planning.planned import Plan
    from storyboard.service import Service
    from storyboard.store import Store

TRIES = 4
"""How often a ledger is opened before its trouble is believed."""
BETWEEN = 0.5
"""Seconds between two tries."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a new ledger was made from."""

    old: Path | None
    """Where the old one was moved to; None where it was sound, or gone."""
    salvaged: int
    """Requests that could still be read in it."""
    noted: int
    """Requests that were known from their takes' notes alone."""
    found: tuple[str, ...]
    """Shots whose request was found in the service's history: to be collected."""
    receipts: int = 0
    """Requests that were known from their receipts alone."""
    doubt: bool = False
    """Whether requests may be missing: nothing is bought before the history was asked for them."""
    recorded: int = 0
    """Requests that were known from the user's own record alone."""


@dataclass(frozen=True, slots=True)
class _Old:
    """The ledger that is there: `sound`, or what can be read of it."""

    sound: bool
    rows: tuple[Row, ...] = ()


def rebuild(
    store: Store, *, plan: Plan | None = None, service: Service | None = None, even_so: bool = False
) -> Rebuilt:
    """Make the ledger again, and put the old one aside where it is broken.

    With `plan` and `service`, requests that nobody has a note of are looked for in the account's
    history: those that were sent with the very words and pictures that the plan asks for. Where
    requests may be missing, the next payments wait for the history's word, but with `even_so`.
    Raises `StoreError` where a ledger can't be read at the moment, and may be sound, and where it
    is not kept in a file.
    """
    place = store.place
    if not isinstance(place, LedgerFolder):
        raise StoreError(f"{place.where} is no file; it can't be made again from here")
    store.close()
    store.prepare()
    path = place.path
    with place.opening():
        old = _read(path, store.clock)
        aside = None if old is None or old.sound else _set_aside(path, store.clock)
        ledger = SqliteLedger.open(path, create=not path.exists(), clock=store.clock)
    with closing(ledger):
        if aside is not None:
            ledger.carry(pages.journal_in(aside))
        place.mark(ledger)
        salvaged = sum(ledger.adopt(row) for row in old.rows) if old and aside else 0
        if aside is not None or old is None:
            salvaged += sum(ledger.adopt(row) for row in _left_over(path))
        promised = sum(ledger.adopt(row) for row in receipts.rows(place.folder))
        noted = sum(ledger.adopt(row) for row in _noted(store))
        recorded = ledger.catch_up()
        doubt = _doubt(ledger, gaps=old is None or not old.sound, even_so=even_so)
        found = tuple(_found(ledger, store, plan, service)) if plan and service else ()
    return Rebuilt(aside, salvaged, noted, found, promised, doubt, recorded)


def _doubt(ledger: Ledger, *, gaps: bool, even_so: bool) -> bool:
    """Remember that requests may be missing, or that the user takes what there is."""
    if even_so:
        ledger.forget(DOUBT)
    elif gaps:
        ledger.remember(DOUBT, str(ledger.clock.time()))
    return bool(ledger.about(DOUBT))


def _read(path: Path, clock: Clockwork) -> _Old | None:
    """The ledger that is there; None where there is none.

    A disk may refuse once, and a program may hold the file for a while: trouble that passes is
    no damage. `StoreError` where a copy of the file is sound and the file can't be opened.
    """
    if not path.exists():
        return None
    trouble = ""
    for left in reversed(range(TRIES)):
        try:
            return _opened(path)
        except StoreError as error:
            _refuse_newer(error)
            trouble = str(error)
        clock.sleep(BETWEEN if left else 0)
    try:
        rows = pages.rows_in(path)
    except OSError as error:
        raise StoreError(f"{path} can't be read ({error.strerror}); nothing was changed") from error
    if pages.is_whole(path):
        raise StoreError(f"{trouble}. Nothing was changed: what is in it is sound")
    return _Old(sound=False, rows=tuple(rows))


def _opened(path: Path) -> _Old:
    """The ledger as SQLite reads it; StoreError where it does not."""
    ledger = SqliteLedger.peek(path)
    if ledger is None:
        return _Old(sound=False)
    with closing(ledger):
        if not ledger.verify():
            return _Old(sound=True, rows=tuple(ledger.rows()))
        with suppress(StoreError):
            return _Old(sound=False, rows=_together(ledger.rows(), pages.rows_in(path)))
    return _Old(sound=False, rows=tuple(pages.rows_in(path)))


def _together(read: list[Row], raw: list[Row]) -> tuple[Row, ...]:
    """What SQLite can read, and what only the pages still have."""
    known = {row.intent for row in read}
    return (*read, *(row for row in raw if row.intent not in known))


def _refuse_newer(error: StoreError) -> None:
    """A ledger of a newer version is not broken."""
    if "newer" in str(error):
        raise error


def _set_aside(path: Path, clock: Clockwork) -> Path:
    """Copy the ledger and its log, then take them away: whenever that ends, all is still there.

    The log goes first, since it would be taken for a new ledger's.
    """
    now = datetime.fromtimestamp(clock.time(), UTC)
    stamp = now.strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.stem}.{stamp}.old{path.suffix}")
    while aside.exists():
        stamp += "-"
        aside = path.with_name(f"{path.stem}.{stamp}.old{path.suffix}")
    try:
        for ending in ("-wal", ""):
            part = path.with_name(path.name + ending)
            if part.exists():
                shutil.copyfile(part, aside.with_name(aside.name + ending))
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"{path} can't be kept aside ({why}); nothing was changed") from error
    for ending in ("-shm", "-wal", ""):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return aside


def _left_over(path: Path) -> Iterator[Row]:
    """What ledgers have that were kept aside: a run that died while it made a new one may not have
    brought all of it over."""
    for aside in sorted(path.parent.glob(f"{path.stem}.*.old{path.suffix}")):
        with suppress(OSError):
            yield from pages.rows_in(aside)


# from the notes


def _noted(store: Store) -> Iterator[Row]:
    for key, note in store.notes():
        if not is_free(note):
            yield row_of_note(key, note)


# from the history


def _found(ledger: Ledger, store: Store, plan: Plan, service: Service) -> Iterator[str]:
    """Adopt what the service was sent for takes that nothing is known of."""
    name = store.name_of(plan.storyboard.path)
    elsewhere = Elsewhere(service, name, service.account(store.id))
    now = ledger.clock.time()
    unknown = [
        Order.planned(shot, take)
        for shot in plan.shots
        for take in shot.takes
        if not take.standing.is_made_here
        and not store.has(take.key)
        and ledger.live(take.key) is None
    ]
    for endpoint in sorted({order.endpoint for order in unknown}):
        past = past_of(service, endpoint, now=now)
        for order in (order for order in unknown if order.endpoint == endpoint):
            for entry in unexplained(past, ledger):
                if asks_for(entry, order, service):
                    if ledger.adopt(elsewhere.row_from(entry, order, now=now)):
                        yield order.shot
                    break
