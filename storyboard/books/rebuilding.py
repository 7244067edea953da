"""Making a ledger again: from what can still be read of the old one, from the takes' notes, and
from the account's history at the service. Nothing is thrown away, and nothing is bought."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storyboard import pictures
from storyboard.errors import ServiceError, StoreError
from storyboard.fal import Fal, Past
from storyboard.load import Plate
from storyboard.plan import Plan, PlannedShot, PlannedTake
from storyboard.store import LEDGER, Ledger, Row, Store

REMEMBERED = timedelta(days=30)
"""How long the service keeps what was sent and what came of it."""


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


def rebuild(store: Store, *, plan: Plan | None = None, fal: Fal | None = None) -> Rebuilt:
    """Make the ledger again, and put the old one aside where it is broken.

    With `plan` and `fal`, requests that nobody has a note of are looked for in the account's
    history: those that were sent with the very words and pictures that the plan asks for.
    """
    store.close()
    store.prepare()
    path = store.folder / LEDGER
    rows, old = _salvage(path)
    with store.alone("ledger"):
        ledger = Ledger.open(path, create=not path.exists())
    try:
        store.mark(ledger)
        salvaged = sum(ledger.adopt(row) for row in rows) if old else 0
        noted = sum(ledger.adopt(row) for row in _noted(store))
        found = tuple(_found(ledger, store, plan, fal)) if plan and fal else ()
    finally:
        ledger.close()
    return Rebuilt(old, salvaged, noted, found)


def _salvage(path: Path) -> tuple[list[Row], Path | None]:
    """What can be read of a broken ledger, and where it was put aside. A sound one stays."""
    if not path.exists():
        return [], None
    rows: list[Row] = []
    with suppress(StoreError):
        ledger = Ledger.peek(path)
        if ledger is not None:
            sound = not ledger.verify()
            rows = ledger.rows()
            ledger.close()
            if sound:
                return rows, None
    _refuse_newer(path)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.stem}.{stamp}.old{path.suffix}")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return rows, aside


def _refuse_newer(path: Path) -> None:
    """A ledger of a newer version is not broken."""
    try:
        ledger = Ledger.peek(path)
    except StoreError as error:
        if "newer" in str(error):
            raise
    else:
        if ledger is not None:
            ledger.close()


# from the notes


def _noted(store: Store) -> Iterator[Row]:
    for key, note in store.notes():
        if not note.get("draft"):
            yield _row_of(key, note)


def _row_of(key: str, note: Mapping[str, Any]) -> Row:
    """A kept take's row, from its note."""
    cost = int(note.get("cost", 0))
    return Row(
        intent=str(note.get("intent") or f"rebuilt-{key}"),
        key=key,
        storyboard=str(note.get("storyboard", "")),
        shot=str(note.get("shot", "")),
        take=int(note.get("take", 1)),
        run=str(note.get("run", "rebuilt")),
        endpoint=str(note.get("endpoint", "")),
        canonical=dict(note.get("request") or {}),
        arguments=dict(note.get("arguments") or {}),
        state="KEPT",
        request_id=note.get("request_id"),
        urls=dict(note.get("urls") or {}),
        result=note.get("result"),
        estimate=int(note.get("estimate", cost)),
        actual=cost if note.get("charged") else None,
        intended_at=float(note.get("sent_at") or note.get("made_at") or 0),
        sent_at=note.get("sent_at"),
        done_at=note.get("made_at"),
        detail="",
    )


# from the history


def _found(ledger: Ledger, store: Store, plan: Plan, fal: Fal) -> Iterator[str]:
    """Adopt what the service was sent for takes that nothing is known of."""
    unknown = [
        (shot, take)
        for shot in plan.shots
        for take in shot.takes
        if not shot.model.local and not store.has(take.key) and ledger.live(take.key) is None
    ]
    for endpoint in sorted({shot.request.endpoint for shot, _ in unknown}):
        since = (datetime.now(UTC) - REMEMBERED).isoformat()
        past = sorted(fal.history(endpoint, since=since), key=lambda entry: entry.sent_at)
        for shot, take in unknown:
            entry = next(_sent_for(shot, past, ledger.ids(), fal), None)
            if entry is not None and ledger.adopt(_row_from(entry, shot, take, store, plan, fal)):
                yield shot.id


def _sent_for(shot: PlannedShot, past: Iterable[Past], known: set[str], fal: Fal) -> Iterator[Past]:
    """The requests in the history that ask for exactly this: its words and its pictures."""
    for entry in past:
        sent = entry.inputs
        if entry.request_id not in known and all(
            sent.get(name) == text for name, text in shot.request.arguments.items()
        ):
            shown = ((sent.get(name), plate) for name, plate in shot.request.pictures.items())
            if all(_shows(address, plate, shot, fal) for address, plate in shown):
                yield entry


def _shows(address: object, plate: Plate, shot: PlannedShot, fal: Fal) -> bool:
    """Whether the picture at this address is the one that would be sent today."""
    if not isinstance(address, str):
        return False
    try:
        there = fal.picture(address)
        limit = shot.model.stills.max_bytes
        here = pictures.payload(plate.still.read(), plate.recipe, max_bytes=limit).data
    except (ServiceError, pictures.PictureError):
        return False
    return hashlib.sha256(there).digest() == hashlib.sha256(here).digest()


def _row_from(
    entry: Past, shot: PlannedShot, take: PlannedTake, store: Store, plan: Plan, fal: Fal
) -> Row:
    return Row(
        intent=f"found-{entry.request_id}",
        key=take.key,
        storyboard=store.name_of(plan.storyboard.path),
        shot=shot.id,
        take=take.number,
        run="rebuilt",
        endpoint=shot.request.endpoint,
        canonical=dict(take.canonical),
        arguments=dict(entry.inputs),
        state="SENT",
        request_id=entry.request_id,
        urls=fal.receipt_of(shot.request.endpoint, entry.request_id).urls,
        result=None,
        estimate=shot.model.price.of(shot.sold),
        actual=None,
        intended_at=_seconds(entry.sent_at),
        sent_at=_seconds(entry.sent_at),
        done_at=None,
        detail="found in the service's history",
    )


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return time.time()
