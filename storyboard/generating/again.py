"""Looking again at what came to nothing, before its key is paid for once more, and in `resume`.

A verdict is what was known then. Status, result and history are free to ask, and a clip that is
there after all is adopted instead of paid for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.errors import Charged, Failed, Refused, ServiceError
from storyboard.events import State
from storyboard.generating import verdicts
from storyboard.generating.attempt import AT_ONCE, request_of
from storyboard.generating.fetch import unusable
from storyboard.generating.recover import searched
from storyboard.generating.submit import send
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.rows import Row
    from storyboard.service import Outcome

KEPT_FOR = 30 * 24 * 3600.0
"""Seconds for which what it made is kept at the service; of what is older, silence will do."""


def look_again(attempt: Attempt) -> Wait:
    """Look once more at each earlier request of the key; send it only when all came to nothing."""
    for row in attempt.ledger.settled(attempt.order.key):
        if row.intent in attempt.asked or not _can_be_asked(attempt, row):
            continue
        try:
            found = _found(attempt, row)
        except ServiceError as error:
            if not (row.risk_taken or attempt.age(row) > KEPT_FOR):
                return _later(attempt, row, error)
            found = False
        attempt.asked.add(row.intent)
        if found:
            return _adopted(attempt, row)
    return send(attempt)


def look_at_lost(attempt: Attempt, row: Row) -> Wait:
    """A live row that was given up, or lost: one look for it in each run."""
    unasked = row.intent not in attempt.asked and row.request_id is not None
    if unasked and _can_be_asked(attempt, row):
        attempt.asked.add(row.intent)
        try:
            if _found(attempt, row):
                return _adopted(attempt, row)
        except ServiceError as error:
            attempt.notice(f"looked for it in vain: {error}")
    return settled(attempt, row)


def _can_be_asked(attempt: Attempt, row: Row) -> bool:
    """Whether there is anything to be learned of it, whatever this machine's clock says."""
    useless = row.risk_taken and unusable(attempt, row).exists()
    return not useless and not attempt.of_another_account(row)


def settled(attempt: Attempt, row: Row) -> Wait:
    """A request for this take, which this run followed, came to nothing."""
    charged = {None: Charged.POSSIBLY, 0: Charged.NO}.get(row.actual, Charged.YES)
    then = "; `storyboard resolve` decides" if row.state in ("LOST", "ABANDONED") else ""
    message = f"{row.state.lower()}: {row.detail}{then}"
    return attempt.fail(ServiceError(message, charged=charged))


def _adopted(attempt: Attempt, row: Row) -> Wait:
    attempt.intent, attempt.hopeful = row.intent, False
    attempt.notice(
        f"take {row.take}: its request {attempt.ledger.row(row.intent).request_id or ''} was "
        f"{row.state.lower()}, and is there after all; it is collected, and not paid for again"
    )
    return AT_ONCE


def _later(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """It can't be asked about: then nothing may be paid for its key, either."""
    wait = attempt.pace.resend(attempt.looks)
    attempt.looks += 1
    if wait is not None and not (isinstance(error, Refused) and error.stops_all):
        return wait
    message = (
        f"{error}. An earlier request for this take ({row.request_id}, {dollars(row.estimate)}) "
        "may still come, and can't be asked about; it is not paid for again until it can"
    )
    return attempt.fail(ServiceError(message, charged=Charged.NO), state=State.HELD)


def _found(attempt: Attempt, row: Row) -> bool:
    """Whether it is there after all; then its row says so. ServiceError where nobody can say."""
    if row.request_id is None:
        return _listed(attempt, row)
    service = attempt.conductor.service
    try:
        result = verdicts.anywhere(attempt, row)
    except Failed:
        return False
    except ServiceError as error:
        return _without_result(attempt, row, error)
    known = service.outcome_of(row.result) if row.result else None
    if result is None and known and service.is_there(known.address):
        result = known
    return result is not None and _revived(attempt, row, result)


def _without_result(attempt: Attempt, row: Row, error: ServiceError) -> bool:
    """Its result tells nothing. It may be on its way; the history may know that it failed."""
    service = attempt.conductor.service
    progress = service.progress(request_of(row))
    if progress.state != "completed":
        return not row.risk_taken and _revived(attempt, row, None)
    if progress.failed:
        return False
    entry = verdicts.remembered(attempt, row)
    if entry is not None and entry.failed:
        return False
    raise error


def _listed(attempt: Attempt, row: Row) -> bool:
    """Whether a request that was refused, or given up, is in the history all the same. Where the
    history can't be asked, what was decided stays."""
    try:
        sought = searched(attempt.conductor.service, attempt.ledger, row)
    except ServiceError:
        return False
    found = sought.request_id
    return found is not None and _revived(attempt, row, None, request_id=found)


def _revived(
    attempt: Attempt, row: Row, result: Outcome | None, *, request_id: str | None = None
) -> bool:
    found = request_id or row.request_id or ""
    urls = row.urls or attempt.conductor.service.accepted(row.endpoint, found).urls
    answer = None if result is None else result.answer
    return attempt.ledger.revive(row, request_id=found, urls=urls, result=answer)
