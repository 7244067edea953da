"""Requests that turned up after another payment for them was allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storyboard.generating.past import past_of, unexplained
from storyboard.ledger.rows import Row
from storyboard.models.request import addresses, key_of

if TYPE_CHECKING:
    from storyboard.ledger.door import Ledger
    from storyboard.service import Listed, Service

FORGOTTEN = "forgotten-"
"""How the intent of a payment begins that the ledger had forgotten, and that fills no take."""


def late_twins(ledger: Ledger, rows: Iterable[Row], service: Service) -> list[Row]:
    """Requests that turned up after another payment for them was allowed, written down by now.

    One becomes its own take again where that was not bought in the meantime, else the next take
    of its shot that is free. Raises `ServiceError` where the history can't be asked.
    """
    released = [
        row
        for row in rows
        if row.state == "RELEASED" and not row.request_id and not row.intent.startswith(FORGOTTEN)
    ]
    found = []
    for endpoint in sorted({row.endpoint for row in released}):
        past = past_of(service, endpoint, now=ledger.clock.time())
        for entry in unexplained(past, ledger):
            for row in released:
                if row.endpoint == endpoint and _is(entry, row):
                    twin = _twin(entry, row, ledger, service)
                    if ledger.adopt(twin):
                        explain(entry, ledger)
                        found.append(twin)
                    break
    return found


def explain(entry: Listed, ledger: Ledger) -> None:
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
