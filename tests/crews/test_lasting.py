"""An executor that outlives its workers: another try, and in the end this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

import pytest

from storyboard.crews import lasting
from storyboard.crews.crew import Fate, PlainCrew
from storyboard.crews.lasting import LastingExecutor
from storyboard.workers import WorkerLost, result

LONG = 300
"""Seconds after which a test has failed."""
DEAD = BrokenProcessPool("a process died")


class Holding(Executor):
    """Takes work, and does it when it is told to."""

    def __init__(self) -> None:
        self.held: list[tuple[Callable[[], Any], Future[Any]]] = []
        self.closed = threading.Event()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Later."""
        future: Future[Any] = Future()
        self.held.append((fn, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """No more."""
        self.closed.set()

    def do(self, number: int = 0) -> None:
        """One of what it holds."""
        work, future = self.held.pop(number)
        future.set_result(work())

    def die(self) -> None:
        """With all that it holds."""
        held, self.held = self.held, []
        for _, future in held:
            future.set_exception(DEAD)


class Watched(PlainCrew):
    """A crew that says itself how it fares."""

    watched = True

    def __init__(self, executor: Executor) -> None:
        super().__init__(executor)
        self.words = ""
        self.looked = threading.Event()

    def trouble(self) -> str:
        """What a test has said."""
        if self.words:
            self.looked.set()
        return self.words


@contextmanager
def lasts(*crews: PlainCrew) -> Iterator[tuple[LastingExecutor, list[str]]]:
    """One that can hire these, one after the other; and what is said meanwhile."""
    waiting = list(crews)
    said: list[str] = []

    def hire() -> PlainCrew:
        if not waiting:
            raise OSError("nobody is left")
        return waiting.pop(0)

    executor = LastingExecutor(hire, name="the farm", tell=said.append)
    try:
        yield executor, said
    finally:
        executor.shutdown(cancel_futures=True)


def me() -> str:
    """Which thread does it."""
    return threading.current_thread().name


def test_work_goes_to_the_crew_and_comes_back() -> None:
    """With its arguments, its result, its error."""
    there = Holding()
    with lasts(PlainCrew(there)) as (executor, said):
        good, bad = executor.submit(divmod, 7, 2), executor.submit(divmod, 7, 0)
        assert not good.done()
        there.do()
        work, future = there.held.pop()
        with pytest.raises(ZeroDivisionError) as raised:
            work()
        future.set_exception(raised.value)
        assert good.result(LONG) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            bad.result(LONG)
    assert said == []
    assert there.closed.is_set()


def test_a_crew_that_dies_is_hired_anew() -> None:
    """What it held is tried again there, and nothing is said."""
    first, second = Holding(), Holding()
    with lasts(PlainCrew(first), PlainCrew(second)) as (executor, said):
        futures = [executor.submit(pow, 2, number) for number in range(3)]
        first.die()
        assert len(second.held) == 3
        for _ in futures:
            second.do()
        assert [one.result(LONG) for one in futures] == [1, 2, 4]
        assert first.closed.wait(LONG)
    assert said == []


def test_where_nobody_can_be_hired_the_rest_is_done_here_and_said_once() -> None:
    """By threads of this process."""
    only = Holding()
    with lasts(PlainCrew(only)) as (executor, said):
        futures = [executor.submit(me) for _ in range(3)]
        only.do()
        only.die()
        names = [one.result(LONG) for one in futures]
        assert executor.submit(me).result(LONG).startswith("worker")
    assert names[0] == "MainThread"
    assert all(name.startswith("worker") for name in names[1:])
    assert said == [
        "the workers of the farm are gone (a process died); the rest is done on this machine"
    ]


def test_work_at_which_workers_die_again_and_again_is_lost() -> None:
    """It is not done here: it would end this process as well."""
    crews = [Holding() for _ in range(4)]
    with lasts(*map(PlainCrew, crews)) as (executor, said):
        future = executor.submit(me)
        for crew in crews[:3]:
            crew.die()
        with pytest.raises(WorkerLost, match="3 workers died at it"):
            result(future)
        after = executor.submit(pow, 2, 3)
        crews[2].do() if crews[2].held else crews[3].do()
        assert after.result(LONG) == 8
    assert said == []


def test_a_crew_that_says_that_it_is_gone_is_left() -> None:
    """What it was at is done here; what it still says of it later is taken, and changes nothing."""
    there = Holding()
    crew = Watched(there)
    with lasts(crew) as (executor, said):
        futures = [executor.submit(me) for _ in range(2)]
        crew.words = "no worker"
        assert {one.result(LONG)[:6] for one in futures} == {"worker"}
        there.do()
        assert futures[0].result() != "MainThread"
    assert said == [
        "the workers of the farm are gone (no worker); the rest is done on this machine"
    ]


def test_what_was_dropped_is_handed_over_again_and_in_the_end_done_here() -> None:
    """Its executor cancels it, and nobody asked for that."""
    there = Holding()
    with lasts(PlainCrew(there)) as (executor, _):
        future = executor.submit(me)
        for _ in range(lasting.MOST_DROPPED):
            there.held.pop()[1].cancel()
        assert future.result(LONG).startswith("worker")


def test_work_that_nobody_is_at_can_be_cancelled() -> None:
    """And who waits for it wakes up; what somebody is at goes on."""
    there = Holding()
    with lasts(PlainCrew(there)) as (executor, _):
        waiting, begun = executor.submit(me), executor.submit(me)
        there.held[1][1].set_running_or_notify_cancel()
        assert waiting.cancel()
        assert waiting.cancel()
        assert not begun.cancel()
        assert wait([waiting], LONG).done == {waiting}
        there.do(1)
        assert begun.result(LONG) == "MainThread"


def test_nothing_is_taken_after_the_end() -> None:
    """And what was not begun is cancelled."""
    there = Holding()
    with lasts(PlainCrew(there)) as (executor, _):
        left = executor.submit(me)
    assert left.cancelled()
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(me)


def test_an_error_of_the_work_says_nothing_of_the_workers() -> None:
    """Only what executors raise of themselves does."""
    crew = PlainCrew(Holding())
    assert crew.fate(OSError("disk full")) is Fate.WELL
    assert crew.fate(DEAD) is Fate.DIED
