"""The life of a job: waiting, running, done, as a clock says and no thread decides."""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from storyboard.testing.clips import FakeClip

State = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


class Clock:
    """A clock that stands still until it is told to go on, or somebody sleeps by it.

    For `FakeService(clock=...)`, and for `Store(clock=...)`: then a run by this store waits for
    hours in no time. `wrong` is by how much its dates are off.
    """

    def __init__(self, now: float = 0.0, *, wrong: float = 0.0) -> None:
        self._now = now
        self._began = time.time() - now
        self.wrong = wrong

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self._now

    def time(self) -> float:
        """Return the date, in seconds since 1970."""
        return self._began + self._now + self.wrong

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let some time pass at once."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let some time pass."""
        self._now += seconds


@dataclass(frozen=True, slots=True)
class Submission:
    """One accepted request for a clip: one payment.

    Attributes:
        request_id: what the service called it.
        endpoint: the model, such as "fal-ai/kling-video/o1/standard/image-to-video".
        arguments: the JSON that was sent.
        headers: the request's headers, names in lower case.
        at: when it was accepted, in seconds of the service's clock.
        number: 0 for the first; also the shot number in the clip's frame codes.
        ignored: names of arguments that the endpoint does not know and silently drops.
    """

    request_id: str
    endpoint: str
    arguments: Mapping[str, Any]
    headers: Mapping[str, str]
    at: float
    number: int
    ignored: tuple[str, ...] = ()


Latency = float | Callable[[Submission], float]
"""Seconds, the same for every job or worked out from its submission; math.inf: for ever."""


@dataclass(frozen=True, slots=True)
class FakeFailure:
    """How a job fails: it completes all the same, and its result is an HTTP error.

    Attributes:
        status: HTTP status of the result.
        detail: what the result says, a text or a list of field errors.
        error: a text in the status of the job; None: the status looks like a success.
        error_type: the kind of failure beside it.
    """

    status: int
    detail: object
    error: str | None = None
    error_type: str | None = None


CANCELLED = FakeFailure(499, "Request was cancelled", "Request was cancelled", "client_cancelled")


@dataclass(slots=True)
class FakeJob:
    """One submission on its way; all times are seconds of the service's clock.

    Attributes:
        queue, run: how long it waits at least, and how long it then takes.
        footage: what its clip looks like; None: as the service's clips do.
        failure: set when it fails.
        started, finished: None until the schedule has reached that point.
    """

    submission: Submission
    queue: float = 0.0
    run: float = 0.0
    footage: FakeClip | None = None
    failure: FakeFailure | None = None
    started: float | None = None
    finished: float | None = None

    @property
    def ready(self) -> float:
        """The earliest moment at which it can start."""
        return self.submission.at + self.queue


class Schedule:
    """Which job runs when: first ready, first served, so many at a time.

    Nothing happens between two looks; a look first works out what the clock has brought about.
    """

    def __init__(self, clock: Callable[[], float], *, concurrency: int | None = None) -> None:
        self._clock = clock
        self._waiting: list[FakeJob] = []
        self._slots = None if concurrency is None else [-math.inf] * concurrency
        self._lock = threading.Lock()

    def add(self, job: FakeJob) -> None:
        """Put a job into the queue."""
        with self._lock:
            self._waiting.append(job)
            self._waiting.sort(key=lambda waiting: waiting.ready)

    def state(self, job: FakeJob) -> State:
        """Return what a job is doing now."""
        with self._lock:
            return self._state(job)

    def catch_up(self) -> None:
        """Let every job get as far as the clock says."""
        with self._lock:
            self._advance(self._clock())

    def position(self, job: FakeJob) -> int:
        """Return how many jobs wait in front of a waiting job."""
        with self._lock:
            return self._waiting.index(job) if job in self._waiting else 0

    def cancel(self, job: FakeJob, *, stop: bool) -> bool:
        """Cancel a job and return whether there was something to cancel.

        A waiting job never starts. A running one is stopped only with `stop`; its place stays
        taken for as long as it would have run.
        """
        with self._lock:
            state = self._state(job)
            if state == "IN_QUEUE":
                self._waiting.remove(job)
            if state == "IN_QUEUE" or (state == "IN_PROGRESS" and stop):
                job.failure, job.finished = CANCELLED, self._clock()
            return state != "COMPLETED"

    def _state(self, job: FakeJob) -> State:
        now = self._clock()
        self._advance(now)
        if job.finished is not None and job.finished <= now:
            return "COMPLETED"
        return "IN_QUEUE" if job.started is None else "IN_PROGRESS"

    def _advance(self, now: float) -> None:
        while self._waiting:
            job = self._waiting[0]
            start = job.ready if self._slots is None else max(job.ready, self._slots[0])
            if start > now:
                return
            self._waiting.pop(0)
            job.started, job.finished = start, start + job.run
            if self._slots is not None:
                heapq.heapreplace(self._slots, job.finished)
