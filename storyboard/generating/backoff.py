"""How long to wait between two looks: politeness towards the service, patience towards faults."""

from __future__ import annotations

import os
import random
import statistics
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.service import Progress

SCALE = "STORYBOARD_PACE"
"""Environment variable that scales every wait; 0.01 for tests against a fake service."""


def scale_from_environment() -> float:
    """The scale that the environment asks for; 1 where it says nothing sensible."""
    try:
        return min(max(float(os.environ.get(SCALE, "1")), 0.0001), 10.0)
    except ValueError:
        return 1.0


@dataclass(slots=True)
class Pace:
    """Seconds to wait, all multiplied by `scale` and, in polls, jittered by a tenth.

    While a request is queued it is looked at seldom. While it runs it is looked at seldom until
    most of the time has passed that requests of this run usually took, and often from then on.
    """

    scale: float = field(default_factory=scale_from_environment)
    queued: float = 25.0
    running: float = 25.0
    close: float = 7.0
    usual: float = 75.0
    """How long a request runs before anything was measured."""
    longest: float = 60.0
    """The longest wait after errors."""
    looks: tuple[float, ...] = (2.0, 8.0, 20.0, 30.0, 60.0, 60.0, 120.0, 300.0)
    """When to look for a request whose answer was lost: seconds between looks."""
    resends: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)
    """Seconds before nothing-was-sent is tried again."""
    refetches: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
    """Seconds before a download is tried again."""
    misses: tuple[float, ...] = (2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 60.0, 60.0)
    """Seconds until a clip is looked for again that is not at its address (yet)."""
    patience: float = 1800.0
    """How long the service may give no useful answer before the shot is left for another run."""
    long: float = 1800.0
    """After how long the user is told that a request is still on its way."""
    _took: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def finished(self, ran: float) -> None:
        """A request ran for so many seconds."""
        with self._lock:
            self._took.append(ran / self.scale)

    def poll(self, progress: Progress, *, seen: int, ran: float) -> float:
        """How long until the next look, after `seen` looks, at a request that `ran` so long."""
        with self._lock:
            usual = statistics.median(self._took) if len(self._took) >= 3 else self.usual
        if progress.state == "queued":
            wait = self.queued
        else:
            wait = self.running if ran / self.scale < 0.6 * usual else self.close
        return self._jittered(min(wait, 3.0**seen))

    def first_poll(self) -> float:
        """How long after it was sent a request is first looked at."""
        return self._jittered(2.0)

    def look(self, count: int) -> float | None:
        """How long until a lost request is looked for again; None: not in this run."""
        return self._one_of(self.looks, count)

    def worth_looking(self) -> float:
        """For how many seconds a lost request may still turn up by itself."""
        return self.seconds(sum(self.looks))

    def resend(self, count: int) -> float | None:
        """How long until what was not sent is sent again; None: no more."""
        return self._one_of(self.resends, count)

    def refetch(self, count: int) -> float | None:
        """How long until a download is tried again; None: no more."""
        return self._one_of(self.refetches, count)

    def missed(self, count: int) -> float | None:
        """How long until a clip that is not at its address is fetched again; None: no more."""
        return self._one_of(self.misses, count)

    def after_errors(self, count: int) -> float:
        """How long to wait after so many errors in a row."""
        return self._jittered(min(self.longest, 1.0 * 2.0 ** min(count, 10)))

    def seconds(self, plain: float) -> float:
        """A plain wait, scaled."""
        return plain * self.scale

    def _one_of(self, waits: tuple[float, ...], count: int) -> float | None:
        return self._jittered(waits[count]) if count < len(waits) else None

    def _jittered(self, seconds: float) -> float:
        return seconds * self.scale * random.uniform(0.9, 1.1)


def aged(seconds: float) -> str:
    """An age for people."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
