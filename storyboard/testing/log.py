"""The log: what clients did, what it would have cost, and what they should not have done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from storyboard.testing.visits import HOSTS

if TYPE_CHECKING:
    from storyboard.testing.jobs import Submission
    from storyboard.testing.visits import Place
    from storyboard.testing.wire import HttpRequest

Event = Literal["request", "accepted", "answered"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it.

    Attributes:
        request: what was sent.
        place: what kind of request it was.
        status: the HTTP status of the answer, or None when there was no answer.
        at: when, in seconds of the service's clock.
    """

    request: HttpRequest
    place: Place
    status: int | None
    at: float

    @property
    def size(self) -> int:
        """The number of bytes in the request's body."""
        return len(self.request.body)


class Log:
    """Everything that happened at a service, written by many threads and read by tests."""

    def __init__(self, *, key: str) -> None:
        """Start an empty log; `key` is the credential that must not go astray."""
        self.exchanges: list[Exchange] = []
        self.paid: list[Submission] = []
        self.escapes: list[str] = []
        self.errors: list[Exception] = []
        self._key = key
        self._callbacks: list[tuple[Event, Callable[[Any], None]]] = []
        self._lock = threading.Lock()

    @property
    def leaks(self) -> list[Exchange]:
        """The exchanges that carried a credential where none belongs."""
        return [exchange for exchange in list(self.exchanges) if self._leaked(exchange)]

    def on(self, event: Event, callback: Callable[[Any], None]) -> None:
        """Call back, in the thread that serves the client, whenever something happens."""
        with self._lock:
            self._callbacks.append((event, callback))

    def arrive(self, request: HttpRequest) -> None:
        """Tell that a request has arrived."""
        self._tell("request", request)

    def pay(self, submission: Submission) -> None:
        """Write down a payment."""
        with self._lock:
            self.paid.append(submission)
        self._tell("accepted", submission)

    def escape(self, host: str) -> None:
        """Write down that a client wanted to talk to a stranger."""
        with self._lock:
            self.escapes.append(host)

    def finish(self, exchange: Exchange) -> None:
        """Write down a request and its answer."""
        with self._lock:
            self.exchanges.append(exchange)
        self._tell("answered", exchange)

    def _leaked(self, exchange: Exchange) -> bool:
        request = exchange.request
        if exchange.place == "download":
            return "Authorization" in request.headers
        sent = (*request.headers.values(), request.path, *map(str, request.query.values()))
        return request.host not in HOSTS and any(self._key in text for text in sent)

    def _tell(self, event: Event, fact: object) -> None:
        with self._lock:
            callbacks = [callback for name, callback in self._callbacks if name == event]
        for callback in callbacks:
            callback(fact)
