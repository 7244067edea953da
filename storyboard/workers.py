"""Workers: what takes long is done by any executor, as many at a time as it has workers.

Work is a module's own function of plain data, so that another process or another machine that sees
the same folders can do it, and twice does no harm. Nothing that runs on workers waits for them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    ThreadPoolExecutor,
)
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from storyboard.errors import MediaError

if TYPE_CHECKING:
    from concurrent.futures import (
        Executor,
        Future,
    )

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of glibc's mallopt(3)."""
_SPARE, _LARGE = 64 << 20, 32 << 20
"""Bytes that are kept for later, and from which on a piece of memory is not: a few pictures."""


class _Rest:
    """Puts OpenCV's threads to rest for the moment of a fork: a process that is forked while they
    are there hangs or dies where it first asks OpenCV for something."""

    def __init__(self) -> None:
        self._threads = 1

    def begin(self) -> None:
        """Before the fork."""
        if "cv2" in sys.modules:
            self._threads = sys.modules["cv2"].getNumThreads()
            sys.modules["cv2"].setNumThreads(1)

    def end(self) -> None:
        """After it, on both sides."""
        if "cv2" in sys.modules:
            sys.modules["cv2"].setNumThreads(self._threads)


if hasattr(os, "register_at_fork"):
    _rest = _Rest()
    os.register_at_fork(before=_rest.begin, after_in_parent=_rest.end, after_in_child=_rest.end)


class WorkerLost(MediaError):
    """An executor took no work, dropped it, or died at it. It says nothing about the work."""


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(executor: Executor | None) -> Iterator[Executor]:
    """The executor that is given; where there is none, a thread for each core, for the block.

    Threads, since decoding, drawing and encoding leave Python alone while they work. Processes
    would be a little faster, and would run a script that has no `__main__` guard once more.
    """
    if executor is not None:
        yield executor
        return
    own = ThreadPoolExecutor(cores(), "worker")
    try:
        yield own
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def submit(
    executor: Executor,
    work: Callable[_Given, _Result],
    *given: _Given.args,
    **named: _Given.kwargs,
) -> Future[_Result]:
    """Hand work to an executor; WorkerLost where it takes none."""
    try:
        return executor.submit(work, *given, **named)
    except RuntimeError as error:  # shut down, or broken
        raise WorkerLost(f"the executor takes no work: {error}") from error


def result(future: Future[_Result]) -> _Result:
    """What the work came to; WorkerLost where its worker died, or dropped it."""
    try:
        return future.result()
    except BrokenExecutor as error:
        raise WorkerLost(f"a process that was at work died: {error}") from error
    except CancelledError as error:
        raise WorkerLost("the work was cancelled by its executor") from error


def each(
    executor: Executor | None,
    work: Callable[..., _Result],
    given: Iterable[tuple[object, ...]],
    *,
    told: Callable[[int, int], None] | None = None,
) -> list[_Result]:
    """The work done with each of these arguments, side by side; what it came to, in their order.

    `told` hears how many are done, of how many. The first error ends it, once what runs is done.
    """
    asked = list(given)
    found: list[_Result] = []
    with closing(in_turn(executor, work, asked)) as coming:
        for one in coming:
            found.append(one)
            if told:
                told(len(found), len(asked))
    return found


def in_turn(
    executor: Executor | None,
    work: Callable[..., _Result],
    given: Iterable[tuple[object, ...]],
) -> Generator[_Result]:
    """The same as it comes: what each came to, in their order, as soon as it is done.

    Where it is closed before its end, what no worker has begun is not begun.
    """
    with workers(executor) as crew:
        waiting = [submit(crew, work, *arguments) for arguments in given]
        try:
            for future in waiting:
                yield result(future)
        finally:
            for future in waiting:
                future.cancel()


@lru_cache(maxsize=1)
def keep_memory() -> bool:
    """Let glibc keep what was freed, for the life of this process; False where there is none.

    Otherwise some of each frame's memory is given back and fetched again, which is a tenth of what
    drawing a draft costs; by a worker of Dask, which is started with MALLOC_TRIM_THRESHOLD_=65536,
    all of it: 74 % more. Both thresholds, since setting one turns off what adapts the other.
    Source: mallopt(3); measured in benchmarks/draft.md and benchmarks/scale.md.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _SPARE)) and bool(mallopt(_MMAP_THRESHOLD, _LARGE))
