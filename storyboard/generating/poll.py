"""Following a request to its end, by the addresses that the service gave for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.errors import Expired, Failed, Refused, ServiceError
from storyboard.events import State
from storyboard.generating import verdicts
from storyboard.generating.attempt import request_of
from storyboard.generating.backoff import aged

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.rows import Row
    from storyboard.service import Progress


def follow(attempt: Attempt, row: Row) -> Wait:
    """One look at how far it is; when it is complete, its answer goes onto the disk."""
    try:
        progress = attempt.conductor.service.progress(request_of(row))
    except Expired as error:
        return verdicts.not_there(attempt, row, error)
    except ServiceError as error:
        return verdicts.no_news(attempt, row, error)
    if progress.state == "completed":
        return _completed(attempt, row, progress)
    attempt.heard_something()
    return _wait(attempt, row, progress)


def _completed(attempt: Attempt, row: Row, progress: Progress) -> Wait:
    """Get its answer onto the disk, whatever it is."""
    try:
        result = attempt.conductor.service.result(request_of(row))
    except Failed as error:
        return verdicts.failed(attempt, row, error)
    except Refused as error:
        return verdicts.no_news(attempt, row, error)
    except Expired as error:
        return verdicts.not_there(attempt, row, error)
    except ServiceError as error:
        if progress.failed:
            said = ServiceError(f"the service failed: {progress.error}", charged=error.charged)
            return verdicts.failed(attempt, row, said)
        return verdicts.no_news(attempt, row, error)
    if attempt.running_since is not None:
        attempt.pace.finished(_ran(attempt))
    return verdicts.done(attempt, row, result)


# not yet


def _wait(attempt: Attempt, row: Row, progress: Progress) -> Wait:
    attempt.polls += 1
    request_id = row.request_id or ""
    if progress.state == "queued":
        position = "" if progress.position is None else f"position {progress.position}"
        attempt.say(State.QUEUED, detail=position, request_id=request_id)
    else:
        if attempt.running_since is None:
            attempt.running_since = attempt.clock.monotonic()
        attempt.say(State.RUNNING, request_id=request_id)
    _warn(attempt, row, progress)
    return attempt.pace.poll(progress, seen=attempt.polls, ran=_ran(attempt))


def _ran(attempt: Attempt) -> float:
    if attempt.running_since is None:
        return 0.0
    return attempt.clock.monotonic() - attempt.running_since


def _warn(attempt: Attempt, row: Row, progress: Progress) -> None:
    """Tell once of a word that is not known, and now and then of a request that takes long."""
    if progress.strange and progress.word not in attempt.words:
        attempt.words.add(progress.word)
        attempt.notice(f"the service says {progress.word!r}, which is taken for running")
    age = attempt.age(row)
    if age > attempt.pace.seconds(attempt.pace.long) and age > 2 * attempt.warned:
        attempt.warned = age
        attempt.notice(
            f"sent {aged(age)} ago and still {progress.word or 'without a word'}; it goes on, "
            "also when this is stopped. `storyboard cancel` gives it up"
        )
