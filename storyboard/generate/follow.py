"""Following a request to its end, by the addresses that the service gave for it."""

from __future__ import annotations

import time

from storyboard.errors import (
    Charged,
    Expired,
    NotSent,
    Refused,
    ServiceError,
    StoryboardError,
)
from storyboard.events import State
from storyboard.fal import Progress, Receipt, Result, answers
from storyboard.generate.flight import AT_ONCE, Flight, Wait
from storyboard.generate.pace import aged
from storyboard.generate.send import part_of
from storyboard.models import dollars
from storyboard.store import Row

SURE = 4
"""Looks in a row that have to say the same before it is believed that a request is gone."""
RESULTS_LAST = 3600.0
"""Seconds for which the queue keeps a result at least."""
_KNOWN_WORDS = ("IN_QUEUE", "IN_PROGRESS", "COMPLETED")


def follow(flight: Flight, row: Row) -> Wait:
    """One look at how far it is; when it is complete, its answer goes onto the disk."""
    try:
        progress = flight.studio.service.progress(receipt_of(row))
    except ServiceError as error:
        return _no_news(flight, row, error)
    if progress.state == "completed":
        return _completed(flight, row, progress)
    flight.errors, flight.heard = 0, time.monotonic()
    return _wait(flight, row, progress)


def receipt_of(row: Row) -> Receipt:
    """The service's addresses for a request, from its row."""
    return Receipt(row.request_id or "", **row.urls)


def _wait(flight: Flight, row: Row, progress: Progress) -> Wait:
    flight.polls += 1
    request_id = row.request_id or ""
    if progress.state == "queued":
        position = "" if progress.position is None else f"position {progress.position}"
        flight.say(State.QUEUED, detail=position, request_id=request_id)
    else:
        if flight.running_since is None:
            flight.running_since = time.monotonic()
        flight.say(State.RUNNING, request_id=request_id)
    _warn(flight, row, progress)
    return flight.pace.poll(progress, seen=flight.polls, ran=_ran(flight))


def _ran(flight: Flight) -> float:
    return 0.0 if flight.running_since is None else time.monotonic() - flight.running_since


def _warn(flight: Flight, row: Row, progress: Progress) -> None:
    """Tell once of a word that is not known, and now and then of a request that takes long."""
    if progress.word not in (*_KNOWN_WORDS, *flight.words):
        flight.words.add(progress.word)
        flight.notice(f"the service says {progress.word!r}, which is taken for running")
    age = time.time() - (row.sent_at or row.intended_at)
    if age > flight.pace.seconds(flight.pace.long) and age > 2 * flight.warned:
        flight.warned = age
        flight.notice(
            f"sent {aged(age)} ago and still {progress.word or 'without a word'}; it goes on, "
            "also when this is stopped. `storyboard cancel` gives it up"
        )


# no useful answer


def _no_news(flight: Flight, row: Row, error: ServiceError) -> Wait:
    """A look that told nothing: look again later; the request is safe."""
    flight.errors += 1
    sure = flight.errors >= SURE
    if isinstance(error, Refused) and error.stops_all:
        flight.studio.brake.pull(error)
        if sure:
            return _left(flight, row, error)
    if isinstance(error, Expired) and sure:
        return _forgotten(flight, row, error)
    if _silent(flight):
        return _left(flight, row, error)
    return _back_off(flight, error)


def _back_off(flight: Flight, error: StoryboardError) -> Wait:
    wait = flight.pace.after_errors(flight.errors)
    if isinstance(error, Refused) and error.retry_after is not None:
        wait = max(wait, flight.pace.seconds(error.retry_after))
    return wait


def _silent(flight: Flight) -> bool:
    return time.monotonic() - flight.heard > flight.pace.seconds(flight.pace.patience)


def _left(flight: Flight, row: Row, error: ServiceError) -> Wait:
    """Nothing more can be learned in this run. The request goes on at the service."""
    message = (
        f"{error}. It goes on at the service as {row.request_id} ({dollars(row.cost)}); "
        "`storyboard resume` collects it"
    )
    return flight.fail(ServiceError(message, charged=Charged.YES), state=State.HELD)


def _forgotten(flight: Flight, row: Row, error: Expired) -> Wait:
    """The queue does not know it (any more): its result may still be somewhere."""
    try:
        result = answer(flight, row)
    except Expired:
        old = time.time() - (row.sent_at or row.intended_at) > RESULTS_LAST
        return lost(flight, row, error) if old or _silent(flight) else _back_off(flight, error)
    except Refused as refusal:
        if refusal.status == 422:
            return _nothing(flight, refusal)
        return _left(flight, row, refusal) if _silent(flight) else _back_off(flight, refusal)
    except ServiceError as other:
        return _left(flight, row, other) if _silent(flight) else _back_off(flight, other)
    return _done(flight, row, result)


def lost(flight: Flight, row: Row, error: Expired) -> Wait:
    """Paid, and gone: never bought again unasked."""
    flight.ledger.settle(row.intent, "LOST", str(error), charged=Charged.YES)
    message = f"{error}; it was paid ({dollars(row.cost)}). `storyboard resolve` decides"
    return flight.fail(ServiceError(message, charged=Charged.YES))


# complete


def _completed(flight: Flight, row: Row, progress: Progress) -> Wait:
    """Get its answer onto the disk, whatever it is."""
    try:
        result = answer(flight, row)
    except Refused as error:
        if error.stops_all:
            return _no_news(flight, row, error)
        return _verdict(flight, row, progress, error)
    except (NotSent, Expired) as error:
        return _no_news(flight, row, error)
    except ServiceError as error:
        return _without_clip(flight, row, progress, error)
    if flight.running_since is not None:
        flight.pace.finished(_ran(flight))
    return _done(flight, row, result)


def _verdict(flight: Flight, row: Row, progress: Progress, error: Refused) -> Wait:
    """The request failed, or only its result can't be had at the moment."""
    if error.status in (408, 409, 425, 429):
        return _no_news(flight, row, error)
    if error.status == 499:  # fal.ai: client_cancelled
        return _nothing(flight, error, state="CANCELLED")
    if error.status < 500:
        return _nothing(flight, error)
    reason = f"the service failed ({error.status}): {progress.error or error}"
    failed = ServiceError(reason, charged=Charged.NO)  # fal.ai: an error of the server's is free
    return _nothing(flight, failed) if progress.error else _if_sure(flight, row, failed)


def _without_clip(flight: Flight, row: Row, progress: Progress, error: ServiceError) -> Wait:
    """It is complete, and there is no clip in its answer."""
    failed = ServiceError(progress.error or str(error), charged=Charged.POSSIBLY)
    return _nothing(flight, failed) if progress.error else _if_sure(flight, row, failed)


def _if_sure(flight: Flight, row: Row, error: ServiceError) -> Wait:
    """Believe that it failed only after some looks, and when the history has no clip either."""
    flight.errors += 1
    if flight.errors < SURE:
        return _back_off(flight, error)
    try:
        found = remembered(flight, row)
    except ServiceError as other:
        return _no_news(flight, row, other)
    return _done(flight, row, found) if found else _nothing(flight, error)


def _nothing(flight: Flight, error: ServiceError, *, state: str = "FAILED") -> Wait:
    """It came to nothing."""
    flight.ledger.settle(flight.intent, state, str(error), charged=error.charged)
    part = part_of(flight, error) if isinstance(error, Refused) else "shot"
    return flight.fail(error, part=part)


def _done(flight: Flight, row: Row, result: Result) -> Wait:
    actual = flight.studio.prices.charged(flight.order, row, result.billable_units)
    flight.ledger.done(row.intent, result.answer, actual)
    return AT_ONCE


def answer(flight: Flight, row: Row) -> Result:
    """The result of a request: from the queue, or from the history once that has forgotten it."""
    try:
        return flight.studio.service.result(receipt_of(row))
    except Expired:
        found = remembered(flight, row)
        if found is None:
            raise
        return found


def remembered(flight: Flight, row: Row) -> Result | None:
    """The result of a request as the account's history has it."""
    past = flight.studio.service.history(row.endpoint, request_id=row.request_id or "")
    entry = next((entry for entry in past if entry.request_id == row.request_id), None)
    return None if entry is None else answers.result(entry.outputs, {})
