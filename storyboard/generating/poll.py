"""Following a request to its end, by the addresses that the service gave for it."""

from __future__ import annotations

from storyboard.errors import Expired, Failed, Refused, ServiceError
from storyboard.events import State
from storyboard.generating import verdicts
from storyboard.generating.attempt import Attempt, Wait, request_of
from storyboard.generating.backoff import aged
from storyboard.ledger.rows import Row
from storyboard.service import Progress


def follow(flight: Attempt, row: Row) -> Wait:
    """One look at how far it is; when it is complete, its answer goes onto the disk."""
    try:
        progress = flight.studio.service.progress(request_of(row))
    except Expired as error:
        return verdicts.not_there(flight, row, error)
    except ServiceError as error:
        return verdicts.no_news(flight, row, error)
    if progress.state == "completed":
        return _completed(flight, row, progress)
    flight.heard_something()
    return _wait(flight, row, progress)


def _completed(flight: Attempt, row: Row, progress: Progress) -> Wait:
    """Get its answer onto the disk, whatever it is."""
    try:
        result = flight.studio.service.result(request_of(row))
    except Failed as error:
        return verdicts.failed(flight, row, error)
    except Refused as error:
        return verdicts.no_news(flight, row, error)
    except Expired as error:
        return verdicts.not_there(flight, row, error)
    except ServiceError as error:
        if progress.failed:
            said = ServiceError(f"the service failed: {progress.error}", charged=error.charged)
            return verdicts.failed(flight, row, said)
        return verdicts.no_news(flight, row, error)
    if flight.running_since is not None:
        flight.pace.finished(_ran(flight))
    return verdicts.done(flight, row, result)


# not yet


def _wait(flight: Attempt, row: Row, progress: Progress) -> Wait:
    flight.polls += 1
    request_id = row.request_id or ""
    if progress.state == "queued":
        position = "" if progress.position is None else f"position {progress.position}"
        flight.say(State.QUEUED, detail=position, request_id=request_id)
    else:
        if flight.running_since is None:
            flight.running_since = flight.clock.monotonic()
        flight.say(State.RUNNING, request_id=request_id)
    _warn(flight, row, progress)
    return flight.pace.poll(progress, seen=flight.polls, ran=_ran(flight))


def _ran(flight: Attempt) -> float:
    if flight.running_since is None:
        return 0.0
    return flight.clock.monotonic() - flight.running_since


def _warn(flight: Attempt, row: Row, progress: Progress) -> None:
    """Tell once of a word that is not known, and now and then of a request that takes long."""
    if progress.strange and progress.word not in flight.words:
        flight.words.add(progress.word)
        flight.notice(f"the service says {progress.word!r}, which is taken for running")
    age = flight.age(row)
    if age > flight.pace.seconds(flight.pace.long) and age > 2 * flight.warned:
        flight.warned = age
        flight.notice(
            f"sent {aged(age)} ago and still {progress.word or 'without a word'}; it goes on, "
            "also when this is stopped. `storyboard cancel` gives it up"
        )
