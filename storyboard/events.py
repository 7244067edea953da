"""What happened, as values: the library tells a listener, and never prints.

A listener is any callable that takes an event. It is called from worker threads too, one call
at a time. Where none is given, events go to Python's log (`log`), which shows nothing until a
program asks for it:

    logging.basicConfig(level=logging.INFO)        # or DEBUG: each change of state, each frame
    storyboard.render("film.yaml", draft=True)

A listener of your own takes the log's place; let it call `log(event)` to have both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from storyboard.safe_text import inert


class State(Enum):
    """Where a take is on its way."""

    WAITING = "waiting"
    UPLOADING = "uploading"
    SENDING = "sending"
    QUEUED = "queued"
    RUNNING = "running"
    DOWNLOADING = "downloading"
    DRAWING = "drawing"
    DONE = "done"
    REUSED = "reused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the take in this run."""
        return self in (State.DONE, State.REUSED, State.FAILED, State.UNKNOWN, State.HELD)


@dataclass(frozen=True, slots=True)
class TakeChanged:
    """A take reached a new state."""

    shot: str
    take: int
    state: State
    detail: str = ""
    """For people: the queue position, the reason of a failure."""
    request_id: str = ""
    cost_microusd: int = 0
    """The price when it is sent, what was charged when it is done."""
    fraction: float | None = None
    """How far a download or a drawing is, 0 to 1, where that is known."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The film is being written: `done` of `total` frames are encoded, or files handed over."""

    done: int
    total: int
    unit: str = "frames"
    film: str = ""
    """Which of several films or deliveries; empty where it is the only one."""


class FilmState(Enum):
    """Where a film is that is made with others."""

    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    THERE = "there"
    """Written before, of the very same."""
    INCOMPLETE = "incomplete"
    """Written, with stills in place of shots that could not be had."""
    FAILED = "failed"
    LEFT = "left out"
    """Not asked for this time."""

    @property
    def is_good(self) -> bool:
        """Whether the whole film is on the disk."""
        return self in (FilmState.DONE, FilmState.THERE)

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to it in this run."""
        return self not in (FilmState.WAITING, FilmState.WRITING)


@dataclass(frozen=True, slots=True)
class FilmChanged:
    """One of several films reached a new state."""

    film: str
    """Its name among them."""
    state: FilmState
    path: str = ""
    detail: str = ""
    """For people: why it failed."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """Takes or seams are being measured: `done` of `total`."""

    done: int
    total: int
    what: str = "takes"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something the user should know that stops nothing."""

    message: str
    shot: str = ""


@dataclass(frozen=True, slots=True)
class Warned(Noticed):
    """A warning that has a text of several lines for a terminal, with its place and a caret."""

    drawn: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """How something was done, for who wants to know more than that it was."""

    message: str
    shot: str = ""


@dataclass(frozen=True, slots=True)
class WaitExpected:
    """How long it takes until what is bought, or on its way, is there, and until the film is made
    of it, as far as that is known. In seconds."""

    takes: int
    """How many are bought."""
    at_once: int
    usual: float
    least: float
    """If each is as quick as the quicker ones of earlier requests."""
    most: float
    """If each is as slow as the slower ones."""
    requests: int
    """How many earlier requests say so, of each take at least; 0: others do."""
    flying: int = 0
    """How many others are on their way already: what is left of their time counts."""
    here: float | None = None
    """How long this machine draws and encodes besides, at most; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Began:
    """All that is asked has been answered: from now on work is done, and can be stopped."""


Event = (
    TakeChanged | FilmChanged | Encoding | Measuring | Noticed | Explained | WaitExpected | Began
)
Listener = Callable[[Event], None]


LOGGER = logging.getLogger("storyboard")
"""Where `log` writes; each record has its event as `record.event`."""

LOGGER.addHandler(logging.NullHandler())


def log(event: Event) -> None:
    """The listener that there is unless one is given: writes to the `storyboard` logger.

    WARNING: what the user should know, and takes that could not be had. INFO: requests that are
    sent, takes that are there. DEBUG: everything else that moves.
    """
    if LOGGER.isEnabledFor(level := _level(event)):
        LOGGER.log(level, "%s", inert(_words(event)), extra={"event": event})


def _level(event: Event) -> int:
    if isinstance(event, Noticed):
        return logging.WARNING
    if isinstance(event, Encoding | Measuring | Explained | Began):
        return logging.DEBUG
    if isinstance(event, FilmChanged):
        return _film_level(event.state)
    if isinstance(event, WaitExpected):
        return logging.INFO
    if event.state in (State.FAILED, State.UNKNOWN, State.HELD):
        return logging.WARNING
    return logging.INFO if event.state.final or event.state is State.SENDING else logging.DEBUG


def _film_level(state: FilmState) -> int:
    if not state.final:
        return logging.DEBUG
    return logging.WARNING if state in (FilmState.FAILED, FilmState.INCOMPLETE) else logging.INFO


def _words(event: Event) -> str:
    if isinstance(event, Began):
        return "work begins"
    if isinstance(event, Encoding):
        return f"{event.film or 'film'}: {event.done} of {event.total} {event.unit}"
    if isinstance(event, Measuring):
        return f"{event.what} measured: {event.done} of {event.total}"
    if isinstance(event, FilmChanged):
        said = [event.state.value, event.path, event.detail]
        return f"{event.film}: " + ", ".join(filter(None, said))
    if isinstance(event, WaitExpected):
        here = "" if event.here is None else f", then at most {event.here:.0f} s here"
        return f"takes to come: {event.takes + event.flying}, in about {event.usual:.0f} s{here}"
    if isinstance(event, Noticed | Explained):
        return f"{event.shot}: {event.message}" if event.shot else event.message
    said = [
        event.state.value,
        f"${event.cost_microusd / 1_000_000:.2f}" if event.cost_microusd else "",
        event.detail,
    ]
    return f"{event.shot} take {event.take}: " + ", ".join(filter(None, said))
