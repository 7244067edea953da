"""Many jobs, few threads: an event heap of steps that are due, and a window for new ones.

A step is a function that runs in a thread and says what comes next, and when: after some seconds,
or as soon as others have done their work. Only the thread that runs the engine decides; steps
never start other steps, and never wait for workers.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.clock import REAL

if TYPE_CHECKING:
    from types import FrameType

    from storyboard.clock import Clockwork

THREADS = 8
_TICK = 0.5
"""Seconds between looks at the stop signal when nothing else happens."""


@dataclass(frozen=True, slots=True)
class Next:
    """What a job does next: a step, so many seconds from now; or nothing more.

    Where there is something to wait `on`, the step is the other half of the one that ends here:
    it runs as soon as that is done, also after a wish to stop, by which what no worker has begun
    is cancelled. A job that `spends` no more leaves its turn in the window to another; one that
    spends again waits for a turn.
    """

    step: Step | None = None
    after: float = 0.0
    on: Future[Any] | None = None
    spends: bool | None = None
    """None: as it was."""


Step = Callable[[], Next]
FINISHED = Next()


@dataclass(frozen=True, slots=True)
class Job:
    """A chain of steps. One that spends waits for its turn in the window."""

    first: Step
    spends: bool = False


class Stop:
    """The wish to stop: set from anywhere, a signal handler too; looked at by the engine."""

    def __init__(self) -> None:
        self._wished = threading.Event()

    def wish(self) -> None:
        """No new steps from now on; those that run are finished."""
        self._wished.set()

    def __bool__(self) -> bool:
        return self._wished.is_set()


@dataclass(slots=True)
class Brake:
    """Stops new spending in the whole run, and remembers why."""

    reason: Exception | None = None

    def pull(self, reason: Exception) -> None:
        """No job that spends is started any more."""
        self.reason = self.reason or reason


def run(
    jobs: Sequence[Job], *, window: int, stop: Stop, brake: Brake, clock: Clockwork = REAL
) -> list[Job]:
    """Run all jobs to their ends; gives those that were not started or not finished.

    At most `window` jobs that spend are on their way at once. After `stop`, running steps are
    finished and no others begun; after the brake is pulled, jobs that are on their way go on.
    An exception in a step is a bug: it ends the run, once the running steps are finished.
    """
    engine = _Engine(jobs, window, stop, brake, clock)
    threads = min(THREADS, max(1, len(jobs)))
    with _interrupts(stop), ThreadPoolExecutor(threads, "storyboard") as pool:
        engine.turn(pool)
    return engine.left()


@contextmanager
def _interrupts(stop: Stop) -> Iterator[None]:
    """Let a first Ctrl-C be a wish to stop, where nobody else has said what it is to be.

    As an exception it could strike between two lines anywhere, and a step's answer be lost.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def heard(number: int, frame: FrameType | None) -> None:
        if stop:
            signal.default_int_handler(number, frame)
        stop.wish()

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


_Answer = tuple[Job, Next | BaseException] | Future[Any]
"""What a step came to, or what a step waited for."""


class _Engine:
    def __init__(
        self, jobs: Sequence[Job], window: int, stop: Stop, brake: Brake, clock: Clockwork
    ) -> None:
        self._clock = clock
        self._waiting = deque(job for job in jobs if job.spends)
        self._window, self._stop, self._brake = window, stop, brake
        self._order = itertools.count()
        self._due: list[tuple[float, int, Job, Step]] = []
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._spending = self._running = 0
        self._awaited: dict[Future[Any], tuple[Job, Step]] = {}
        self._halves: deque[tuple[Job, Step]] = deque()
        """Steps whose other half has run, and whose workers are done."""
        self._unfinished: list[Job] = []
        for job in jobs:
            if not job.spends:
                self._schedule(job, job.first, 0.0)

    def left(self) -> list[Job]:
        """The jobs that have not come to their end."""
        return [*self._unfinished, *(job for _, _, job, _ in self._due), *self._waiting]

    def turn(self, pool: ThreadPoolExecutor) -> None:
        """Until nothing runs and nothing is due, or until stopped and nothing runs."""
        failed: BaseException | None = None
        while True:
            halted = bool(self._stop) or failed is not None
            if halted:
                self._cancel()
            else:
                self._begin_waiting()
            self._begin_due(pool, halted=halted)
            if not self._busy and (halted or not self._due):
                break
            if not self._busy:
                self._clock.sleep(self._pause(halted=False))
                continue
            try:
                answer = self._answers.get(timeout=self._pause(halted=halted))
            except queue.Empty:
                continue
            failed = self._take(answer) or failed
        if failed is not None:
            raise failed

    @property
    def _busy(self) -> bool:
        """Whether a step runs, or has run in half."""
        return bool(self._running or self._awaited or self._halves)

    def _cancel(self) -> None:
        """Let the workers begin nothing more for steps that wait for them."""
        for future in list(self._awaited):
            future.cancel()

    def _take(self, given: _Answer) -> BaseException | None:
        """What a step came to, or that workers are done; gives the exception if it was one."""
        if isinstance(given, Future):
            self._halves.append(self._awaited.pop(given))
            return None
        job, answer = given
        self._running -= 1
        if isinstance(answer, Next) and answer.step is not None:
            if answer.spends is not None and answer.spends is not job.spends:
                self._turned(job, answer.step, answer.after)
            elif answer.on is None:
                self._schedule(job, answer.step, answer.after)
            else:
                self._awaited[answer.on] = job, answer.step
                answer.on.add_done_callback(self._answers.put)
            return None
        self._spending -= job.spends
        if isinstance(answer, BaseException):
            self._unfinished.append(job)
            return answer
        return None

    def _turned(self, job: Job, step: Step, after: float) -> None:
        """A job leaves its turn in the window, or waits for one again."""
        self._spending -= job.spends
        turned = Job(step, spends=not job.spends)
        if turned.spends:
            self._waiting.append(turned)
        else:
            self._schedule(turned, step, after)

    def _begin_waiting(self) -> None:
        while self._waiting and self._spending < self._window and self._brake.reason is None:
            job = self._waiting.popleft()
            self._spending += 1
            self._schedule(job, job.first, 0.0)

    def _begin_due(self, pool: ThreadPoolExecutor, *, halted: bool) -> None:
        """Begin what is due, second halves first; of a run that ends those alone."""
        now = self._clock.monotonic()
        while self._running < THREADS:
            if self._halves:
                job, step = self._halves.popleft()
            elif not halted and self._due and self._due[0][0] <= now:
                _, _, job, step = heapq.heappop(self._due)
            else:
                return
            self._running += 1
            pool.submit(self._step, job, step)

    def _step(self, job: Job, step: Step) -> None:
        try:
            self._answers.put((job, step()))
        except BaseException as error:
            self._answers.put((job, error))

    def _schedule(self, job: Job, step: Step, after: float) -> None:
        heapq.heappush(self._due, (self._clock.monotonic() + after, next(self._order), job, step))

    def _pause(self, *, halted: bool) -> float:
        if halted or not self._due or self._running >= THREADS:
            return _TICK
        return min(_TICK, max(0.0, self._due[0][0] - self._clock.monotonic()))
