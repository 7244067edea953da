"""Looking for a request whose answer was lost, in the account's history. It is never sent again.

fal.ai offers no idempotency key. But the pictures' addresses are this store's own, and the history
says what each request was sent with.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from storyboard.errors import LostAnswer, ServiceError, StoreError
from storyboard.events import State
from storyboard.fal import Fal, Past
from storyboard.generate.flight import AT_ONCE, Flight, Wait
from storyboard.models import dollars
from storyboard.store import Ledger, Row

EARLIER = timedelta(days=2)
"""How long before it was written down a request may have been sent, by the service's clock."""


def look(flight: Flight, row: Row) -> Wait:
    """One look. Whoever holds the request's lock is the only one who decides about it."""
    with flight.studio.store.alone(row.intent) as alone:
        if flight.ledger.row(row.intent).state != "SENDING":
            return AT_ONCE
        if alone and _find(flight, row):
            return AT_ONCE
    flight.looks += 1
    age = abs(time.time() - row.intended_at)
    wait = flight.pace.look(flight.looks)
    if wait is None or age > flight.pace.worth_looking():
        return unknown(flight, row)
    return wait


def unknown(flight: Flight, row: Row) -> Wait:
    """It may have been accepted, and paid: held until the user decides."""
    when = datetime.fromtimestamp(row.intended_at).strftime("%Y-%m-%d %H:%M")
    error = LostAnswer(
        f"sent at {when} for {dollars(row.estimate)}, and the answer was lost; it is not sent "
        "again. `storyboard resume` looks for it again, `storyboard resolve` decides"
    )
    return flight.fail(error, state=State.UNKNOWN)


def _find(flight: Flight, row: Row) -> bool:
    found = find_again(flight.studio.service, flight.ledger, row)
    if found is None:
        return False
    flight.say(State.QUEUED, request_id=found, cost=row.estimate, detail="found again")
    return True


def find_again(service: Fal, ledger: Ledger, row: Row) -> str | None:
    """Look for a lost request in the history; what is found is written down. Gives its id.

    Whoever calls this holds the request's lock.
    """
    since = datetime.fromtimestamp(row.intended_at, UTC) - EARLIER
    try:
        past = list(service.history(row.endpoint, since=since.isoformat()))
        found = the_one(row, past, ledger)
        if found is None:
            return None
        receipt = service.receipt_of(row.endpoint, found)
        return found if ledger.sent(row.intent, found, receipt.urls) else None
    except (ServiceError, StoreError) as error:
        # A StoreError: somebody else's equal request has taken this id in the meantime.
        ledger.note(row.intent, "looked in vain", str(error))
        return None


def the_one(row: Row, past: Iterable[Past], ledger: Ledger) -> str | None:
    """The id of the request in the history that is this one; None where there is none, or doubt.

    Equal requests (two takes of a shot) stand for one another. More requests than can be
    accounted for are doubt: somebody else decides then.
    """
    known = ledger.ids()
    strangers = [entry for entry in past if entry.request_id not in known]
    alike = [entry for entry in strangers if _same_pictures(entry, row.arguments)]
    # The service may tidy up a prompt; the addresses it leaves as they are.
    exact = [entry for entry in alike if _same_words(entry, row.arguments)] or alike
    ids = list(dict.fromkeys(entry.request_id for entry in sorted(exact, key=lambda e: e.sent_at)))
    waiting = [
        other
        for other in ledger.rows(states=("SENDING",))
        if other.endpoint == row.endpoint and other.arguments == row.arguments
    ]
    return ids[0] if 0 < len(ids) <= len(waiting) else None


def _same_pictures(entry: Past, sent: dict[str, Any]) -> bool:
    addresses = {name: text for name, text in sent.items() if _is_address(text)}
    return bool(addresses) and all(entry.inputs.get(name) == addresses[name] for name in addresses)


def _same_words(entry: Past, sent: dict[str, Any]) -> bool:
    return all(entry.inputs.get(name, value) == value for name, value in sent.items())


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://")
