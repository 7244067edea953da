"""The engine: steps in order, a window for what spends, a stop, and a brake."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from storyboard.generating.scheduler import FINISHED, Brake, Job, Next, Stop, run


def chain(*steps: Callable[[], object], spends: bool = False) -> Job:
    """A job that does these one after the other."""

    def at(number: int) -> Next:
        steps[number]()
        return Next(lambda: at(number + 1)) if number + 1 < len(steps) else FINISHED

    return Job(lambda: at(0), spends=spends)


def go(
    jobs: list[Job], *, window: int = 2, stop: Stop | None = None, brake: Brake | None = None
) -> list[Job]:
    """Run them; gives those that are left."""
    return run(jobs, window=window, stop=Stop() if stop is None else stop, brake=brake or Brake())


def test_steps_follow_one_another() -> None:
    """Each step says which one comes next."""
    seen: list[int] = []
    assert go([chain(*(lambda n=n: seen.append(n) for n in range(5)))]) == []
    assert seen == [0, 1, 2, 3, 4]


def test_no_jobs_are_no_trouble() -> None:
    """Nothing to do."""
    assert go([]) == []


def test_a_step_waits_as_long_as_was_asked_for() -> None:
    """`after` seconds lie between two steps."""
    times: list[float] = []

    def first() -> Next:
        times.append(time.monotonic())
        return Next(second, 0.05)

    def second() -> Next:
        times.append(time.monotonic())
        return FINISHED

    go([Job(first)])
    assert times[1] - times[0] >= 0.05


def test_no_more_than_the_window_spend_at_once() -> None:
    """The others wait for their turn, and get it in order."""
    lock, now, most, order = threading.Lock(), [0], [0], []

    def job(number: int) -> Job:
        def begin() -> Next:
            with lock:
                order.append(number)
                now[0] += 1
                most[0] = max(most[0], now[0])
            return Next(end, 0.01)

        def end() -> Next:
            with lock:
                now[0] -= 1
            return FINISHED

        return Job(begin, spends=True)

    assert go([job(n) for n in range(9)], window=3) == []
    assert most[0] == 3
    assert sorted(order) == list(range(9))
    assert order[0] in (0, 1, 2)


def test_what_does_not_spend_waits_for_no_window() -> None:
    """Collecting goes on beside a full window."""
    barrier = threading.Barrier(6, timeout=300)
    assert go([chain(barrier.wait) for _ in range(6)], window=1) == []


def test_after_a_stop_running_steps_finish_and_no_others_begin() -> None:
    """What is left is given back: the next step of the running one, and what waited."""
    stop, done = Stop(), []

    def first() -> None:
        stop.wish()
        time.sleep(0.05)
        done.append("first")

    jobs = [chain(first, lambda: done.append("second"), spends=True)]
    jobs += [chain(lambda: done.append("other"), spends=True) for _ in range(3)]
    assert len(go(jobs, window=1, stop=stop)) == 4
    assert done == ["first"]


def test_after_the_brake_what_is_on_its_way_goes_on() -> None:
    """No new spending; the rest comes to its end."""
    brake, done = Brake(), []

    def first() -> None:
        brake.pull(RuntimeError("locked"))

    jobs = [chain(first, lambda: done.append("first"), spends=True)]
    jobs += [chain(lambda: done.append("other"), spends=True)]
    jobs += [chain(lambda: done.append("collected"))]
    assert len(go(jobs, window=1, brake=brake)) == 1
    assert sorted(done) == ["collected", "first"]


def test_the_first_reason_for_the_brake_stays() -> None:
    """Later ones are its consequences."""
    brake = Brake()
    brake.pull(ValueError("one"))
    brake.pull(ValueError("two"))
    assert str(brake.reason) == "one"


def test_a_bug_in_a_step_ends_the_run_once_the_others_are_done() -> None:
    """An exception is raised where the run was started; running steps finish first."""
    done = []

    def slow() -> None:
        time.sleep(0.05)
        done.append("slow")

    def bug() -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        go([chain(slow), chain(bug)])
    assert done == ["slow"]


def test_a_first_ctrl_c_is_a_wish_and_a_second_one_raises() -> None:
    """In the main thread and with Python's own handler, which is put back afterwards."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("not in the main thread")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        left = go([chain(lambda: signal.raise_signal(signal.SIGINT), lambda: None)])
        assert len(left) == 1
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

        stop = Stop()

        def twice() -> None:
            signal.raise_signal(signal.SIGINT)
            while not stop:
                time.sleep(0.01)
            signal.raise_signal(signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            go([chain(twice)], stop=stop)
    finally:
        signal.signal(signal.SIGINT, before)


def test_somebody_elses_handler_is_left_alone() -> None:
    """A program that has its own way with Ctrl-C keeps it."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("not in the main thread")
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        go([chain(lambda: signal.raise_signal(signal.SIGINT))])
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_a_step_that_waits_for_workers_keeps_no_thread() -> None:
    """A hundred wait at once, and each goes on when its own is done."""
    coming: list[Future[int]] = []
    seen: list[int] = []

    def begin() -> Next:
        future: Future[int] = Future()
        coming.append(future)
        if len(coming) == 100:
            for number, one in enumerate(coming):
                one.set_result(number)
        return Next(lambda: end(future), on=future)

    def end(future: Future[int]) -> Next:
        seen.append(future.result())
        return FINISHED

    assert go([Job(begin) for _ in range(100)]) == []
    assert sorted(seen) == list(range(100))


def test_after_a_stop_what_workers_have_begun_comes_to_its_end() -> None:
    """What none has begun is cancelled, and its job is left."""
    stop, seen = Stop(), []
    running: Future[None] = Future()
    running.set_running_or_notify_cancel()
    waiting: Future[None] = Future()
    waiting.add_done_callback(lambda _: running.set_result(None))

    def end(future: Future[None]) -> Next:
        seen.append(future.cancelled())
        return Next(lambda: FINISHED) if future.cancelled() else FINISHED

    def begin(future: Future[None]) -> Next:
        if future is waiting:
            stop.wish()
        return Next(lambda: end(future), on=future)

    left = go([Job(lambda: begin(running)), Job(lambda: begin(waiting))], stop=stop)
    assert len(left) == 1
    assert sorted(seen) == [False, True]
