"""Faults: what goes wrong between a client and the service, on purpose.

A fault is a place, an act (`storyboard.testing.acts`), and how often:

    service.inject(Fault("status", acts.answer(500), times=2))
    service.inject(Fault("submit", acts.drop(accepted=True), skip=1))
    service.inject(Fault("download", acts.truncate(1000)))
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.testing.acts import Hold, OfConnection
from storyboard.testing.visits import PLACES

if TYPE_CHECKING:
    from storyboard.testing.acts import Act
    from storyboard.testing.visits import Place, Visit


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong at one place of the service.

    Attributes:
        place: which kind of request it meets (see `storyboard.testing.Place`).
        act: what it does with it: one of `storyboard.testing.acts`, or your own.
        times: how often; None: from now on.
        skip: how many requests it lets pass first.
        when: meets only the visits this returns True for; `visit.job` is set for requests about
            a job that exists.
        host: meets only requests to this host.
    """

    place: Place
    act: Act
    times: int | None = 1
    skip: int = 0
    when: Callable[[Visit], bool] | None = None
    host: str = ""

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f"no place {self.place!r}; there are {', '.join(PLACES)}")
        if isinstance(self.act, OfConnection) and self.place != "connect":
            raise ValueError(
                f"a connection fails before anyone knows that it is for {self.place!r}; "
                'say which host instead: Fault("connect", ..., host="queue.fal.run")'
            )


class Injection:
    """A fault at work in a service.

    Attributes:
        fault: what was injected.
        hits: how many requests it has met.
        met: set once it has met a request; wait for it to know that a client has got there.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.hits = 0
        self.met = threading.Event()
        self._seen = 0
        self._withdrawn = False
        self._lock = threading.Lock()

    def release(self) -> None:
        """Let go of the requests that a `hold` is holding, now and later."""
        if isinstance(self.fault.act, Hold):
            self.fault.act.released.set()

    def withdraw(self) -> None:
        """Meet no further requests, and release those that are held."""
        self._withdrawn = True
        self.release()

    def meets(self, visit: Visit) -> bool:
        """Return whether the fault strikes this visit, and count it."""
        fault = self.fault
        if visit.place != fault.place or fault.host not in ("", visit.request.host):
            return False
        if fault.when is not None and not fault.when(visit):
            return False
        with self._lock:
            self._seen += 1
            spent = fault.times is not None and self.hits >= fault.times
            if self._withdrawn or spent or self._seen <= fault.skip:
                return False
            self.hits += 1
        self.met.set()
        return True
