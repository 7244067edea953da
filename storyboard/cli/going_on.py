"""Words for work that goes on: takes, films, measurements, and a clock that is seen to move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.events import Measuring, State
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.events import Encoding, FilmChanged, TakeChanged

EVERY = 0.25
"""Seconds after which something has moved."""
_TURNS = "|/-\\"


def minutes(seconds: float) -> str:
    """Such as `1:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def going(seconds: float) -> str:
    """A clock that goes on, and what turns beside it: something moves several times a second."""
    return f"{minutes(seconds)} {_TURNS[int(seconds / EVERY) % len(_TURNS)]}"


def name_of(event: TakeChanged) -> str:
    """Which take it is."""
    return event.shot if event.take == 1 else f"{event.shot} take {event.take}"


def said_of(event: TakeChanged) -> str:
    """Its new state, its price, and what is to be said of it."""
    parts = [event.state.value]
    if event.cost_microusd:
        parts.append(dollars(event.cost_microusd))
    if event.detail:
        parts.append(event.detail)
    if event.state is State.QUEUED and event.request_id and event.cost_microusd:
        parts.append(f"request {event.request_id}")
    return ", ".join(parts)


def counted(event: Encoding | Measuring) -> str:
    """How far a film, or what is measured, is."""
    if isinstance(event, Measuring):
        return f"{event.what} measured: {event.done} of {event.total}"
    return f"{event.film or 'film'}: {event.done} of {event.total} {event.unit}"


def said_of_film(event: FilmChanged) -> str:
    """A film of several, its new state, and where it is or what is wrong."""
    said = event.detail if event.detail else event.path if event.state.final else ""
    return f"{event.film}: {event.state.value}" + (f", {said}" if said else "")


def phase_of(film: Encoding | Measuring) -> tuple[str, str]:
    """What is being done, and to what."""
    if isinstance(film, Measuring):
        return "measured", film.what
    return film.film or "film", film.unit
