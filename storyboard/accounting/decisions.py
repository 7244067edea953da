"""Giving up what is on its way at the service."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import Charged, Expired, Failed, Refusal, ServiceError
from storyboard.generating.attempt import request_of
from storyboard.service import Progress

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row
    from storyboard.service import Accepted, Outcome, Service
    from storyboard.store import Store


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came of giving up one request."""

    shot: str
    take: int
    request_id: str
    cancelled: bool
    outcome: str
    covers: tuple[str, ...] = ()
    """Every shot that it was for."""


def cancel(
    store: Store,
    storyboard: Path,
    service: Service,
    *,
    shots: Collection[str] | None = None,
    running: bool = False,
) -> list[Cancelled]:
    """Give up what is on its way for a storyboard: what is queued, and with `running` all of it.

    What several shots share is given up where one of them is named. A queued request is removed
    and costs nothing. A running one may complete all the same, and is then collected like any
    other: its row follows the truth.
    """
    name = store.name_of(storyboard)
    rows = [row for row in store.rows() if row.storyboard == name and row.state == "SENT"]
    wanted = [row for row in rows if shots is None or not set(shots).isdisjoint(row.shots)]
    return [_cancelled(store, service, row, running=running) for row in wanted]


def _cancelled(store: Store, service: Service, row: Row, *, running: bool) -> Cancelled:
    request = request_of(row)
    try:
        queued = service.progress(request).state == "queued"
        if not queued and not running:
            return _said(row, "is running and paid; it is collected by `storyboard resume`")
        reply = service.cancel(request)
        store.ledger.note(row.intent, "cancel", reply.word)
        gone = _is_cancelled(service, request, accepted=queued and reply.taken)
    except ServiceError as error:
        return _said(row, f"could not be cancelled: {error}")
    if not gone:
        return _said(row, f"goes on ({reply.word}); `storyboard resume` collects it")
    charged = Charged.NO if queued else Charged.POSSIBLY
    store.ledger.settle(row.intent, "CANCELLED", "by the user", charged=charged)
    return _said(row, charged.value, cancelled=True)


def _is_cancelled(service: Service, request: Accepted, *, accepted: bool) -> bool:
    """Whether the service itself says, in two places, that nothing will come any more.

    `accepted`: it took the wish for a request that was queued; then its being nowhere is the end
    of it as well. One that says nothing of the kind goes on.
    """
    places = (service.result, service.progress)
    return all(_nothing_comes(place, request, accepted=accepted) for place in places)


def _nothing_comes(
    ask: Callable[[Accepted], Outcome | Progress], request: Accepted, *, accepted: bool
) -> bool:
    try:
        found = ask(request)
    except Expired:
        return accepted
    except Failed as error:
        return error.of is Refusal.CANCELLED
    except ServiceError:
        return False
    return isinstance(found, Progress) and found.state == "completed"


def _said(row: Row, outcome: str, *, cancelled: bool = False) -> Cancelled:
    return Cancelled(row.shot, row.take, row.request_id or "", cancelled, outcome, row.shots)
