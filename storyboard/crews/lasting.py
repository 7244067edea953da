"""An executor that outlives its workers. A worker that dies is another try, by others of its crew;
where the whole crew is gone, what is left is done by threads of this process, and that is said.

Work may be done twice by it: what it writes appears whole, under a name that says what it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    InvalidStateError,
    ThreadPoolExecutor,
)
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.crews.crew import Fate
from storyboard.units.timing import counted
from storyboard.workers import WorkerLost, cores

if TYPE_CHECKING:
    from storyboard.crews.crew import Crew

MOST_DROPPED = 3
"""Work that nobody did so many times, and nobody died at, is done here."""
MOST_HIRED = 4
"""So many crews may break, one after the other."""
LOOK = 1.0
"""Seconds between two looks at how a crew fares."""

Tell = Callable[[str], None]


class _Given(Future[Any]):
    """Work that was handed over: what it came to, whoever did it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work = work
        self.there: Future[Any] | None = None
        """Its future at those who are at it now."""
        self.deaths = self.dropped = 0
        self.at_home = False
        """Whether this process has taken it over."""
        self.unwanted = False

    def cancel(self) -> bool:
        """False where somebody is at it already, or it is done."""
        if self.cancelled():
            return True
        self.unwanted = True
        if self.there is not None and not self.there.cancel():
            self.unwanted = self.cancelled()
            return self.unwanted
        return super().cancel() and not self.set_running_or_notify_cancel()

    def end(self, there: Future[Any]) -> None:
        """Take over what it came to, unless it has come to something already."""
        error = there.exception()
        with suppress(InvalidStateError):
            if error is None:
                self.set_result(there.result())
            else:
                self.set_exception(error)


class LastingExecutor(Executor):
    """Work for a crew, for as long as there is one."""

    def __init__(self, hire: Callable[[], Crew], *, name: str, tell: Tell) -> None:
        """`hire` gives a crew, and is called again where one broke. `tell` hears, once, that all
        of them are gone; `name` is what they are called there."""
        self._hire, self._name, self._tell = hire, name, tell
        self._lock = threading.Lock()
        self._open: set[_Given] = set()
        self._crew: Crew | None = hire()
        self._hired = 1
        self._here: ThreadPoolExecutor | None = None
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="crew", daemon=True)
        if self._crew.watched:
            self._watch.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand it over."""
        if self._closing.is_set():
            raise RuntimeError("cannot schedule new futures after shutdown")
        given = _Given(partial(fn, *args, **kwargs))
        with self._lock:
            self._open.add(given)
        given.add_done_callback(self._forget)
        self._send(given)
        return given

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let everybody go."""
        self._closing.set()
        with self._lock:
            left, crew, here = list(self._open), self._crew, self._here
        for given in left if cancel_futures else ():
            given.cancel()
        if crew is not None:
            crew.leave()
        if here is not None:
            here.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _forget(self, given: Future[Any]) -> None:
        with self._lock:
            self._open.discard(given)

    def _send(self, given: _Given) -> None:
        """To the crew, or to a thread of this process where it is gone."""
        crew = self._crew
        while crew is not None:
            if self._closing.is_set():
                self._lose(given, "it was shut down")
                return
            try:
                self._follow(given, crew.executor.submit(given.work), crew)
                return
            except Exception as error:  # broken, shut down, or away: whatever it says
                crew = self._other(crew, error)
        self._do_here(given)

    def _follow(self, given: _Given, there: Future[Any], crew: Crew | None) -> None:
        given.there = there
        there.add_done_callback(partial(self._ended, given, crew))

    def _ended(self, given: _Given, crew: Crew | None, there: Future[Any]) -> None:
        """What a worker says: taken over, but where it says nothing about the work."""
        error: BaseException | None
        if there.cancelled():
            fate, error = Fate.WELL if given.unwanted else Fate.DROPPED, CancelledError()
        else:
            error = there.exception()
            fate = crew.fate(error) if crew and error else Fate.WELL
        if fate is not Fate.WELL:
            if there is given.there and crew is not None:
                self._again(given, crew, fate, error)
        elif not there.cancelled():
            given.end(there)

    def _again(self, given: _Given, crew: Crew, fate: Fate, error: BaseException | None) -> None:
        """Another try, unless too many workers died at it."""
        given.deaths += fate is Fate.DIED
        given.dropped += fate is Fate.DROPPED
        if given.deaths >= crew.tries:
            self._lose(given, f"{counted(given.deaths, 'worker')} died at it: {error}")
            return
        if isinstance(error, BrokenExecutor):
            self._other(crew, error)
        if given.dropped >= MOST_DROPPED:
            self._do_here(given)
        else:
            self._send(given)

    @staticmethod
    def _lose(given: _Given, why: str) -> None:
        with suppress(InvalidStateError):
            given.set_exception(WorkerLost(why))

    def _other(self, broken: Crew, error: BaseException) -> Crew | None:
        """The crew in place of one that takes no work any more; None where there is none."""
        with self._lock:
            if self._crew is not broken or self._closing.is_set():
                return self._crew
            self._crew = None
            if isinstance(error, BrokenExecutor) and self._hired < MOST_HIRED:
                with suppress(Exception):
                    self._crew = self._hire()
                    self._hired += 1
            crew = self._crew
        threading.Thread(target=broken.leave, name="leave", daemon=True).start()
        if crew is None:
            self._all_gone(f"{error}" or type(error).__name__)
        return crew

    def _watching(self) -> None:
        while not self._closing.wait(LOOK):
            crew = self._crew
            if crew is None:
                return
            if words := crew.trouble():
                with self._lock:
                    self._crew = None
                self._all_gone(words)
                crew.leave()
                return

    def _all_gone(self, why: str) -> None:
        """What nobody is at any more is done here."""
        self._tell(
            f"the workers of {self._name} are gone ({why}); the rest is done on this machine"
        )
        with self._lock:
            left = list(self._open)
        for given in left:
            self._do_here(given)

    def _do_here(self, given: _Given) -> None:
        with self._lock:
            if given.at_home or given.done():
                return
            given.at_home = True
            if self._here is None:
                self._here = ThreadPoolExecutor(cores(), "worker")
            here = self._here
        try:
            self._follow(given, here.submit(given.work), None)
        except RuntimeError as error:  # shut down meanwhile
            self._lose(given, str(error))
