"""Fetching a clip: downloaded, checked whole, and taken into the store."""

from __future__ import annotations

from typing import Any

from storyboard.errors import Charged, Expired, MediaError, ServiceError, StoreError
from storyboard.events import State
from storyboard.fal import Advance, Result, answers
from storyboard.generate.flight import AT_ONCE, Flight, Wait
from storyboard.generate.follow import answer, lost
from storyboard.store import Row


def fetch(flight: Flight, row: Row) -> Wait:
    """Fetch it, unless somebody else is at it."""
    with flight.studio.store.alone(f"{row.intent}.part") as alone:
        if not alone:
            return flight.pace.seconds(1.0)
        if flight.studio.store.has(flight.order.key):
            return AT_ONCE
        return _fetch(flight, row)


def _fetch(flight: Flight, row: Row) -> Wait:
    part = flight.studio.store.part(f"{row.intent}.mp4")
    flight.say(State.DOWNLOADING, request_id=row.request_id or "")

    try:
        result = _result(flight, row)
        flight.studio.service.download(
            result.video_url, part, expected=result.file_size, advance=_progress(flight)
        )
        odd = flight.studio.keep(flight.order, part, _note(row))
    except Expired as error:
        return _gone(flight, row, error)
    except MediaError as error:
        part.unlink(missing_ok=True)
        return _again(flight, f"what came can't be used: {error}")
    except (ServiceError, StoreError, OSError) as error:
        return _again(flight, str(error))
    flight.ledger.kept(row.intent, "; ".join(odd))
    for one in odd:
        flight.notice(f"take {row.take}: {one}; kept, since it was paid")
    flight.say(State.DONE, request_id=row.request_id or "", cost=row.cost)
    return None


def _progress(flight: Flight) -> Advance:
    """Tells of the download, at each hundredth of it."""
    told = 0

    def advance(here: int, total: int | None) -> None:
        nonlocal told
        if total and here * 100 // total > told:
            told = here * 100 // total
            flight.say(State.DOWNLOADING, fraction=here / total)

    return advance


def _result(flight: Flight, row: Row) -> Result:
    """Its answer as the ledger has it; asked for again where the address in it is dead."""
    known = answers.result(row.result, {}) if row.result and not flight.renewed else None
    if known is not None:
        return known
    found = answer(flight, row)
    flight.ledger.done(row.intent, found.answer, None)
    return found


def _gone(flight: Flight, row: Row, error: Expired) -> Wait:
    """The address is dead: ask for a new one, once, in the queue and in the history."""
    if flight.renewed:
        return lost(flight, row, error)
    flight.renewed = True
    return flight.pace.seconds(1.0)


def _again(flight: Flight, reason: str) -> Wait:
    wait = flight.pace.refetch(flight.fetches)
    if wait is None:
        message = f"{reason}. It is paid, and fetched again by the next run"
        return flight.fail(ServiceError(message, charged=Charged.YES))
    flight.fetches += 1
    return wait


def _note(row: Row) -> dict[str, Any]:
    """What the take's note says of its payment."""
    return {
        "endpoint": row.endpoint,
        "request_id": row.request_id,
        "intent": row.intent,
        "run": row.run,
        "arguments": row.arguments,
        "urls": row.urls,
        "result": row.result,
        "cost": row.cost,
        "estimate": row.estimate,
        "charged": row.actual is not None,
        "sent_at": row.sent_at,
    }
