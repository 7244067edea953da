"""What happened, as values: the library tells a listener, and never prints.

A listener is any callable that takes an event. It is called from worker threads too, one call
at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


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
    cost: int = 0
    """Micro-dollars: the price when it is sent, what was charged when it is done."""
    fraction: float | None = None
    """How far a download or a drawing is, 0 to 1, where that is known."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The film is being written: `done` of `total` frames are encoded, or files handed over."""

    done: int
    total: int
    unit: str = "frames"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something the user should know that stops nothing."""

    message: str
    shot: str = ""


Event = TakeChanged | Encoding | Noticed
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener that listens to nothing."""
