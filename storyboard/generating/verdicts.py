"""Verdicts: when a request's end is believed, and what is written down then.

One answer is a testimony (`storyboard.service`), and these are the rules of evidence:

    done       any source has a clip, whatever the others say
    failed     said again after a pause, and by the history as well; of an old one that is not
               listed, its own word does
    lost       status, result and history all say that it is not there, again and again, and it
               is hours old; it stays to be tried again for as long as the service keeps clips
    held       nothing more can be learned in this run; the request is as it was

Nothing is bought again for any of them: that is a new payment, with a new yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.errors import Charged, Expired, Failed, NoNews, Refusal, Refused, ServiceError
from storyboard.events import State
from storyboard.generating.attempt import AT_ONCE, request_of
from storyboard.generating.submit import named, words_of
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.rows import Row
    from storyboard.service import Listed, Outcome

AGAIN = 2
"""How often a failure has to be said by a request's own result."""
SURE = 4
"""How often anything else has to be said before it is believed."""
HOURS = 6 * 3600.0
"""Seconds after which a request that no source has can be lost; results are kept longer."""


# it has a clip


def done(attempt: Attempt, row: Row, result: Outcome) -> Wait:
    """Its answer is on the disk."""
    actual = attempt.conductor.prices.charged(attempt.order, row, result.units)
    attempt.ledger.done(row.intent, result.answer, actual)
    return AT_ONCE


def remembered(attempt: Attempt, row: Row) -> Listed | None:
    """What the account's history says of a request; None where it says nothing of it.

    ServiceError where it can't be asked.
    """
    past = attempt.conductor.service.find(row.endpoint, request_id=row.request_id or "")
    return next((entry for entry in past if entry.request_id == row.request_id), None)


def clip_of(entry: Listed | None) -> Outcome | None:
    """The clip that the history has."""
    return None if entry is None else entry.outcome


def _asked(attempt: Attempt, row: Row) -> Listed | None:
    """The same as `remembered`, also None where it can't be asked: it can only bring a clip."""
    try:
        return remembered(attempt, row)
    except ServiceError:
        return None


# it says that it failed


def failed(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """A source said that it came to nothing: believed while no other one lags behind it."""
    attempt.failures += 1
    enough = AGAIN if isinstance(error, Failed) else SURE
    if attempt.failures < enough:
        return attempt.pace.after_errors(attempt.failures)
    entry = _asked(attempt, row)
    found = clip_of(entry)
    if found:
        return done(attempt, row, found)
    if (entry and entry.failed) or (entry is None and attempt.age(row) > HOURS):
        return nothing(attempt, error)
    if attempt.failures < 2 * SURE:
        return attempt.pace.after_errors(attempt.failures)
    return doubted(attempt, row, error)


def doubted(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """It says that it failed, and the history does not say so: it may be late, or that untrue."""
    message = (
        f"{error}. The account's history does not say so (yet), so it is still taken for paid "
        f"({dollars(row.cost)}, {row.request_id}); `storyboard resume` asks again"
    )
    return attempt.fail(ServiceError(message, charged=Charged.POSSIBLY), state=State.HELD)


def nothing(attempt: Attempt, error: ServiceError) -> Wait:
    """It came to nothing."""
    cancelled = isinstance(error, Failed) and error.of is Refusal.CANCELLED
    state = "CANCELLED" if cancelled else "FAILED"
    if not attempt.ledger.settle(attempt.intent, state, words_of(error), charged=error.charged):
        return AT_ONCE  # somebody else has brought it further
    return named(attempt, error) if isinstance(error, Refused) else attempt.fail(error)


# it tells nothing


def no_news(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """A look that told nothing: look again later; the request is safe."""
    attempt.errors += 1
    sure = attempt.errors % SURE == 0
    if isinstance(error, Refused):
        attempt.conductor.brake.pull(error)
        if sure:
            return left(attempt, row, error)
    elif sure:
        entry = _asked(attempt, row)
        found = clip_of(entry)
        if found:
            return done(attempt, row, found)
        if entry and entry.failed and isinstance(error, NoNews) and error.is_error:
            why = ServiceError(f"the service failed: {error}", charged=error.charged)
            return nothing(attempt, why)
    given_up = attempt.errors >= SURE and silent(attempt)
    return left(attempt, row, error) if given_up else back_off(attempt, error)


def back_off(attempt: Attempt, error: ServiceError) -> Wait:
    """Longer and longer waits, or as long as the service asks for."""
    wait = attempt.pace.after_errors(attempt.errors)
    asked = error.retry_after if isinstance(error, (Refused, NoNews)) else None
    return wait if asked is None else max(wait, attempt.pace.seconds(asked))


def silent(attempt: Attempt) -> bool:
    """Whether nothing useful was heard for so long that another run may go on with it."""
    return attempt.clock.monotonic() - attempt.heard > attempt.pace.seconds(attempt.pace.patience)


def left(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """Nothing more can be learned in this run. The request goes on at the service."""
    message = (
        f"{error}. It goes on at the service as {row.request_id} ({dollars(row.cost)}); "
        "`storyboard resume` collects it"
    )
    return attempt.fail(ServiceError(message, charged=Charged.YES), state=State.HELD)


# it is not there


def not_there(attempt: Attempt, row: Row, error: Expired) -> Wait:
    """The status or the result is not known to the queue (any more): ask all that may have it."""
    attempt.errors += 1
    if attempt.errors < SURE:
        return back_off(attempt, error)
    try:
        found = anywhere(attempt, row)
    except Failed as verdict:
        return failed(attempt, row, verdict)
    except ServiceError as other:
        return left(attempt, row, other) if silent(attempt) else back_off(attempt, other)
    if found:
        return done(attempt, row, found)
    if attempt.age(row) > HOURS:
        return lost(attempt, row, error)
    return left(attempt, row, error) if silent(attempt) else back_off(attempt, error)


def anywhere(attempt: Attempt, row: Row) -> Outcome | None:
    """The clip of a request wherever it is; None where result and history say that they don't
    have it. `Failed` where its result says so, another ServiceError where one can't be asked."""
    try:
        return attempt.conductor.service.result(request_of(row))
    except Failed:
        found = clip_of(_asked(attempt, row))
        if found:
            return found
        raise
    except Expired:
        return _in_history(attempt, row)
    except ServiceError:
        found = clip_of(_asked(attempt, row))
        if found:
            return found
        raise


def _in_history(attempt: Attempt, row: Row) -> Outcome | None:
    """The clip that the history has; `Failed` or NoNews where it knows the request without one."""
    entry = remembered(attempt, row)
    found = clip_of(entry)
    if found or entry is None:
        return found
    if entry.failed:
        raise Failed("the history says that it failed", charged=Charged.POSSIBLY)
    raise NoNews("the history knows it, and has no clip of it yet")


def lost(attempt: Attempt, row: Row, error: ServiceError) -> Wait:
    """Paid, and not to be had: never bought again unasked, and looked for again by later runs."""
    if not attempt.ledger.settle(row.intent, "LOST", str(error), charged=Charged.YES):
        return AT_ONCE
    message = (
        f"{error}; it was paid ({dollars(row.cost)}). `storyboard resume` looks for it again, "
        "`storyboard resolve` decides"
    )
    return attempt.fail(ServiceError(message, charged=Charged.YES))
