"""The account's past: what its history lists for an endpoint, and what of that no row explains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from storyboard.errors import ServiceError
from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.models.request import addresses

if TYPE_CHECKING:
    from storyboard.generating.order import Order
    from storyboard.images.still import PreparedStill
    from storyboard.ledger.door import Ledger
    from storyboard.service import Listed, Service

REMEMBERED = timedelta(days=30)
"""How long the service keeps what was sent and what came of it."""
MOST = 2000
"""Requests of an account that are looked through, the newest first."""


def past_of(service: Service, endpoint: str, *, now: float) -> list[Listed]:
    """The account's requests to an endpoint that may have brought a clip, the newest first.

    `now` is this machine's date, which may be wrong: so it is looked back further than the
    service remembers.
    """
    since = now - 2 * REMEMBERED.total_seconds()
    found = islice(service.find(endpoint, since=since), MOST)
    good = [entry for entry in found if entry.endpoint in ("", endpoint) and not entry.failed]
    return sorted(good, key=lambda entry: entry.sent_at or 0.0, reverse=True)


def unexplained(past: Iterable[Listed], ledger: Ledger) -> Iterator[Listed]:
    """The requests that are no row's: neither by their id nor by the pictures' addresses.

    Addresses are uploaded for one request, so one with a row's addresses is that row's to find;
    but of a row that was refused or released nobody looks for it any more.
    """
    rows = ledger.rows()
    ids = {row.request_id for row in rows}
    taken = {
        address
        for row in rows
        if row.request_id or row.state not in ("REFUSED", "RELEASED")
        for address in addresses(row.arguments).values()
    }
    for entry in past:
        if entry.request_id not in ids and taken.isdisjoint(addresses(entry.inputs).values()):
            yield entry


def asks_for(entry: Listed, order: Order, service: Service) -> bool:
    """Whether this request asks for exactly this: its words and its pictures."""
    wanted = order.request
    if not wanted.pictures or not wanted.is_in(entry.inputs):
        return False
    there = addresses(entry.inputs)
    return all(
        _shows(there[name], still, order, service) for name, still in wanted.pictures.items()
    )


def _shows(address: str, prepared: PreparedStill, order: Order, service: Service) -> bool:
    """Whether the picture at this address is the one that would be sent today.

    Where it can't be fetched any more, the name that it was uploaded under has to do.
    """
    try:
        there = service.picture(address)
    except ServiceError:
        return address.rsplit("/", 1)[-1].startswith(prepared.still.sha256[:16])
    try:
        limit = order.model.stills.max_bytes
        here = payload(prepared.still.read(), prepared.recipe, max_bytes=limit).data
    except PictureError:
        return False
    return hashlib.sha256(there).digest() == hashlib.sha256(here).digest()


def mark_of(storyboard: str) -> str:
    """What the names of uploads say of the storyboard that they were uploaded for."""
    return hashlib.sha256(storyboard.encode()).hexdigest()[:8]


def was_for(entry: Listed, storyboard: str) -> bool:
    """Whether its pictures were uploaded for a storyboard of this name, from whichever store."""
    mark = f"-{mark_of(storyboard)}"
    return any(mark in address.rsplit("/", 1)[-1] for address in addresses(entry.inputs).values())
