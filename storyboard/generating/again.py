"""Looking again at what came to nothing, before its key is paid for once more, and in `resume`.

A verdict is what was known then. Status, result and history are free to ask, and a clip that is
there after all is adopted instead of paid for again.
"""

from __future__ import annotations

from storyboard.errors import Charged, Failed, Refused, ServiceError
from storyboard.events import State
from storyboard.generating import verdicts
from storyboard.generating.attempt import AT_ONCE, Attempt, Wait, request_of
from storyboard.generating.fetch import unusable
from storyboard.generating.recover import searched
from storyboard.generating.submit import send
from storyboard.ledger.rows import Row
from storyboard.service import Outcome
from storyboard.units.money import dollars

KEPT_FOR = 30 * 24 * 3600.0
"""Seconds for which what it made is kept at the service; of what is older, silence will do."""


def look_again(flight: Attempt) -> Wait:
    """Look once more at each earlier request of the key; send it only when all came to nothing."""
    for row in flight.ledger.settled(flight.order.key):
        if row.intent in flight.asked or not _can_be_asked(flight, row):
            continue
        try:
            found = _found(flight, row)
        except ServiceError as error:
            if not (row.risk_taken or flight.age(row) > KEPT_FOR):
                return _later(flight, row, error)
            found = False
        flight.asked.add(row.intent)
        if found:
            return _adopted(flight, row)
    return send(flight)


def look_at_lost(flight: Attempt, row: Row) -> Wait:
    """A live row that was given up, or lost: one look for it in each run."""
    unasked = row.intent not in flight.asked and row.request_id is not None
    if unasked and _can_be_asked(flight, row):
        flight.asked.add(row.intent)
        try:
            if _found(flight, row):
                return _adopted(flight, row)
        except ServiceError as error:
            flight.notice(f"looked for it in vain: {error}")
    return settled(flight, row)


def _can_be_asked(flight: Attempt, row: Row) -> bool:
    """Whether there is anything to be learned of it, whatever this machine's clock says."""
    useless = row.risk_taken and unusable(flight, row).exists()
    return not useless and not flight.of_another_account(row)


def settled(flight: Attempt, row: Row) -> Wait:
    """A request for this take, which this run followed, came to nothing."""
    charged = {None: Charged.POSSIBLY, 0: Charged.NO}.get(row.actual, Charged.YES)
    then = "; `storyboard resolve` decides" if row.state in ("LOST", "ABANDONED") else ""
    message = f"{row.state.lower()}: {row.detail}{then}"
    return flight.fail(ServiceError(message, charged=charged))


def _adopted(flight: Attempt, row: Row) -> Wait:
    flight.intent, flight.hopeful = row.intent, False
    flight.notice(
        f"take {row.take}: its request {flight.ledger.row(row.intent).request_id or ''} was "
        f"{row.state.lower()}, and is there after all; it is collected, and not paid for again"
    )
    return AT_ONCE


def _later(flight: Attempt, row: Row, error: ServiceError) -> Wait:
    """It can't be asked about: then nothing may be paid for its key, either."""
    wait = flight.pace.resend(flight.looks)
    flight.looks += 1
    if wait is not None and not (isinstance(error, Refused) and error.stops_all):
        return wait
    message = (
        f"{error}. An earlier request for this take ({row.request_id}, {dollars(row.estimate)}) "
        "may still come, and can't be asked about; it is not paid for again until it can"
    )
    return flight.fail(ServiceError(message, charged=Charged.NO), state=State.HELD)


def _found(flight: Attempt, row: Row) -> bool:
    """Whether it is there after all; then its row says so. ServiceError where nobody can say."""
    if row.request_id is None:
        return _listed(flight, row)
    service = flight.studio.service
    try:
        result = verdicts.anywhere(flight, row)
    except Failed:
        return False
    except ServiceError as error:
        return _without_result(flight, row, error)
    known = service.outcome_of(row.result) if row.result else None
    if result is None and known and service.is_there(known.address):
        result = known
    return result is not None and _revived(flight, row, result)


def _without_result(flight: Attempt, row: Row, error: ServiceError) -> bool:
    """Its result tells nothing. It may be on its way; the history may know that it failed."""
    service = flight.studio.service
    progress = service.progress(request_of(row))
    if progress.state != "completed":
        return not row.risk_taken and _revived(flight, row, None)
    if progress.failed:
        return False
    entry = verdicts.remembered(flight, row)
    if entry is not None and entry.failed:
        return False
    raise error


def _listed(flight: Attempt, row: Row) -> bool:
    """Whether a request that was refused, or given up, is in the history all the same. Where the
    history can't be asked, what was decided stays."""
    try:
        sought = searched(flight.studio.service, flight.ledger, row)
    except ServiceError:
        return False
    found = sought.request_id
    return found is not None and _revived(flight, row, None, request_id=found)


def _revived(
    flight: Attempt, row: Row, result: Outcome | None, *, request_id: str | None = None
) -> bool:
    found = request_id or row.request_id or ""
    urls = row.urls or flight.studio.service.accepted(row.endpoint, found).urls
    answer = None if result is None else result.answer
    return flight.ledger.revive(row, request_id=found, urls=urls, result=answer)
