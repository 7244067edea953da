"""Looking for a request whose answer was lost, in the account's history. It is never sent again.

fal.ai offers no idempotency key. But the pictures' addresses are this request's own, and the
history says what each request was sent with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storyboard.errors import LostAnswer, ServiceError, StoreError
from storyboard.events import State
from storyboard.generating import contested
from storyboard.generating.attempt import AT_ONCE
from storyboard.generating.matching import Sought, as_far, the_one
from storyboard.models.request import addresses
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.door import Ledger
    from storyboard.ledger.rows import Row
    from storyboard.service import Listed, Service
    from storyboard.store import Store

REMEMBERED = timedelta(days=30)
"""How long the service keeps what was sent."""


def look(attempt: Attempt, row: Row) -> Wait:
    """One look. Whoever holds the request's lock is the only one who decides about it."""
    with attempt.conductor.store.alone(row.intent) as alone:
        if attempt.ledger.row(row.intent).state != "SENDING":
            return AT_ONCE
        if alone and _find(attempt, row):
            return AT_ONCE
    attempt.looks += 1
    age = abs(attempt.clock.time() - row.intended_at)
    wait = attempt.pace.look(attempt.looks)
    if wait is None or age > attempt.pace.worth_looking():
        return unknown(attempt, row)
    return wait


def unknown(attempt: Attempt, row: Row) -> Wait:
    """It may have been accepted, and paid: held until the user decides."""
    when = datetime.fromtimestamp(row.intended_at).strftime("%Y-%m-%d %H:%M")
    error = LostAnswer(
        f"sent at {when} for {dollars(row.estimate)}, and the answer was lost; it is not sent "
        "again. `storyboard resume` looks for it again, `storyboard resolve` decides"
    )
    return attempt.fail(error, state=State.UNKNOWN)


def _find(attempt: Attempt, row: Row) -> bool:
    found = find_again(attempt.conductor.service, attempt.conductor.store, row).request_id
    if found is None:
        return False
    attempt.say(State.QUEUED, request_id=found, cost_microusd=row.estimate, detail="found again")
    return True


def find_again(service: Service, store: Store, row: Row) -> Sought:
    """Look for a lost request in the history; what is found is written down, and taken from
    whoever went by its id.

    Whoever calls this holds the request's lock.
    """
    ledger = store.ledger
    try:
        sought = searched(service, ledger, row)
        if sought.request_id is not None:
            urls = service.accepted(row.endpoint, sought.request_id).urls
            contested.take_back(store, row, sought.request_id)
            if not ledger.sent(row.intent, sought.request_id, urls):
                sought = Sought(doubt="it was settled in the meantime")
    except (ServiceError, StoreError) as error:
        # A StoreError: somebody else's equal request has taken this id in the meantime.
        sought = Sought(doubt=str(error))
    if sought.doubt:
        ledger.note(row.intent, "looked in vain", sought.doubt)
    return sought


def searched(service: Service, ledger: Ledger, row: Row) -> Sought:
    """The last day by the service's own clock; then, where it is not there, all that it keeps.

    This machine's clock may be wrong, or may have been when the request was written down: how old
    it is by that clock says nothing.
    """
    sought = _among(service.find(row.endpoint), ledger, row)
    if sought != Sought():
        return sought
    since = min(ledger.clock.time(), row.intended_at) - 2 * REMEMBERED.total_seconds()
    return _among(service.find(row.endpoint, since=since), ledger, row)


def _among(past: Iterable[Listed], ledger: Ledger, row: Row) -> Sought:
    """The request among these. Where not all could be read, what is found by addresses of its
    own is found all the same; ServiceError where anything else would have to be concluded."""
    entries, trouble = as_far(past)
    shared = ledger.shared(addresses(row.arguments))
    sought = the_one(row, entries, ledger.rows(), shared=shared)
    if trouble and (shared or sought.request_id is None):
        raise trouble
    return sought
