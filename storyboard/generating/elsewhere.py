"""What the account has paid for already, from elsewhere: another machine, a store that is gone, a
ledger older than it was, a request whose second payment was allowed before it turned up.

Before the first payment of a run the account's history is asked for requests with the very words
and pictures. One that no row of the ledger explains is written down and collected, not bought.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from storyboard.errors import NoNews, NotAllowed, ServiceError
from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.ledger.rows import Row
from storyboard.models.request import addresses, key_of

if TYPE_CHECKING:
    from storyboard.generating.order import Order
    from storyboard.images.still import PreparedStill
    from storyboard.ledger.door import Ledger
    from storyboard.service import Listed, Service

REMEMBERED = timedelta(days=30)
"""How long the service keeps what was sent and what came of it."""
MOST = 2000
"""Requests of an account that are looked through, the newest first."""
DOUBT = "rebuilt with gaps at"
"""What the ledger remembers where some of its requests may be missing: seconds since 1970."""


@dataclass(slots=True)
class Elsewhere:
    """The account's past, asked for once for each endpoint in a run."""

    service: Service
    storyboard: str
    account: str = ""
    told: list[str] = field(default_factory=list)
    """What could not be asked, in words, for the user."""
    _past: dict[str, list[Listed]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def adopted(self, order: Order, ledger: Ledger, *, last: bool) -> Row | None:
        """The request that was sent for this order from elsewhere, written down by now.

        NoNews where the history can't be asked at the moment and this is not the `last` try;
        `NotAllowed` where it can't be asked at all and the ledger may have gaps.
        """
        with self._lock:
            past = self._of(order.model.endpoint, ledger, last=last)
            for entry in unexplained(past, ledger):
                if asks_for(entry, order, self.service):
                    row = row_from(entry, order, self, now=ledger.clock.time())
                    if ledger.adopt(row):
                        _explains(entry, ledger)
                        return row
        return None

    def is_anothers(self, endpoint: str, request_id: str, sent: Mapping[str, Any]) -> bool:
        """Whether the past, as it was asked for, has another request under this id.

        It shows other addresses than those that were `sent`, which no other request has.
        """
        past = [one for one in self._past.get(endpoint, ()) if one.request_id == request_id]
        own = set(addresses(sent).values())
        there = [set(addresses(entry.inputs).values()) for entry in past]
        return any(there) and all(own.isdisjoint(shown) for shown in there)

    def _of(self, endpoint: str, ledger: Ledger, *, last: bool) -> list[Listed]:
        if endpoint not in self._past:
            try:
                self._past[endpoint] = past_of(self.service, endpoint, now=ledger.clock.time())
            except ServiceError as error:
                if isinstance(error, NoNews) and not last:
                    raise
                if doubtful(ledger):
                    raise NotAllowed(
                        "the ledger was rebuilt and may have gaps, and the account's history, "
                        f"which could fill them, can't be asked: {error}. Run again later, or "
                        "`storyboard ledger rebuild --even-so` to risk paying twice"
                    ) from error
                self.told.append(f"what was bought from elsewhere can't be asked for: {error}")
                self._past[endpoint] = []
        return self._past[endpoint]


def doubtful(ledger: Ledger) -> bool:
    """Whether requests may be missing in the ledger that the service still remembers."""
    at = ledger.about(DOUBT)
    return bool(at) and ledger.clock.time() - float(at) < REMEMBERED.total_seconds()


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


def row_from(entry: Listed, order: Order, found: Elsewhere, *, now: float) -> Row:
    """The row of a request that only the history knows of: it is followed like any other."""
    at = now if entry.sent_at is None else entry.sent_at
    return Row(
        intent=f"found-{entry.request_id}",
        key=order.key,
        storyboard=found.storyboard,
        shot=order.shot,
        take=order.take,
        run="found",
        endpoint=order.model.endpoint,
        canonical=dict(order.canonical),
        arguments=dict(entry.inputs),
        state="SENT",
        request_id=entry.request_id,
        urls=dict(found.service.accepted(order.model.endpoint, entry.request_id).urls),
        result=None,
        estimate=order.price or order.model.price(order.request.arguments).micro,
        actual=None,
        intended_at=at,
        sent_at=at,
        done_at=None,
        detail="found in the service's history",
        account=found.account,
        covers=order.covers,
    )


def late_twins(ledger: Ledger, rows: Iterable[Row], service: Service) -> list[Row]:
    """Requests that turned up after another payment for them was allowed, written down by now.

    One becomes its own take again where that was not bought in the meantime, else the next take
    of its shot that is free. Raises `ServiceError` where the history can't be asked.
    """
    released = [row for row in rows if row.state == "RELEASED" and row.request_id is None]
    found = []
    for endpoint in sorted({row.endpoint for row in released}):
        past = past_of(service, endpoint, now=ledger.clock.time())
        for entry in unexplained(past, ledger):
            for row in released:
                if row.endpoint == endpoint and _is(entry, row):
                    twin = _twin(entry, row, ledger, service)
                    if ledger.adopt(twin):
                        _explains(entry, ledger)
                        found.append(twin)
                    break
    return found


def _explains(entry: Listed, ledger: Ledger) -> None:
    """What was released and has turned up is one request: its money counts once."""
    for row in ledger.rows(states=("RELEASED",)):
        if row.request_id is None and _is(entry, row):
            ledger.correct(row.intent, 0, f"it turned up as {entry.request_id}")


def _is(entry: Listed, row: Row) -> bool:
    sent = row.arguments
    return bool(addresses(sent)) and all(entry.inputs.get(name) == sent[name] for name in sent)


def _twin(entry: Listed, row: Row, ledger: Ledger, service: Service) -> Row:
    take, canonical, key = row.take, row.canonical, row.key
    while ledger.live(key) is not None:
        take += 1
        canonical = {**row.canonical, "take": take}
        key = key_of(canonical)
    return Row(
        intent=f"found-{entry.request_id}",
        key=key,
        storyboard=row.storyboard,
        shot=row.shot,
        take=take,
        run="found",
        endpoint=row.endpoint,
        canonical=canonical,
        arguments=row.arguments,
        state="SENT",
        request_id=entry.request_id,
        urls=dict(service.accepted(row.endpoint, entry.request_id).urls),
        result=None,
        estimate=row.estimate,
        actual=None,
        intended_at=row.intended_at,
        sent_at=row.intended_at if entry.sent_at is None else entry.sent_at,
        done_at=None,
        detail="turned up late",
        account=row.account,
        covers=row.covers,
    )
