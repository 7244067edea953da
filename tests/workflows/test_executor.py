"""Any executor: what takes long runs on the one that is given, as much at a time as it can do."""

from __future__ import annotations

import threading
import wave
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields, replace
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import storyboard
from storyboard.errors import Interrupted
from storyboard.generating.backoff import Pace
from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import Run, Settings
from storyboard.reviewing.fixes import fixed, fixes
from storyboard.reviewing.seams import review
from storyboard.testing import FakeService
from storyboard.video.reader import read
from storyboard.workers import workers
from storyboard.workflows.finish import Finish
from tests.boards import board
from tests.counting import Counting
from tests.reviewing.test_fixes import tinted_film

QUICK = Pace(scale=0.01)
SMALL = Finish(preview=True)
SHORT = "duration: 0.2"


def hum(path: Path) -> None:
    """A second of sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.full(48_000, 900, np.int16).tobytes())


def drafts(folder: Path, *, shots: int, run: Run) -> storyboard.Generated:
    """Draw so many shots."""
    loaded = storyboard.load(board(folder, keyframes=shots + 1, shot=SHORT), draft=True)
    return storyboard.generate(
        storyboard.plan(loaded, draft=True), storyboard.Store(folder / "store"), run=run
    )


def test_a_pool_draws_as_many_drafts_at_once_as_it_has_workers(tmp_path: Path) -> None:
    """Twenty-four on twenty-four: nobody's drawing begins before all have been handed over."""
    pool = Counting(24, meetings={"drawn": 24})
    made = drafts(tmp_path, shots=24, run=Run(executor=pool))
    assert len(made.clips) == 24
    assert pool.given == {"drawn": 24}


def test_all_that_takes_long_is_done_by_the_executor(tmp_path: Path) -> None:
    """Of a film with four shots: drawn four times, three joins looked at; seams are measured
    with the pieces that show them, or by themselves."""
    pool = Counting(2)
    film = board(tmp_path, keyframes=5, shot=SHORT)
    add = film.read_text() + "audio: {music: hum.wav}\n"
    film.write_text(add)
    hum(tmp_path / "hum.wav")
    finish = replace(SMALL, poster=tmp_path / "poster.png")
    made = storyboard.render(film, draft=True, finish=finish, run=Run(executor=pool))
    assert made.complete
    segments = pool.given.pop("render")
    assert segments >= 1
    assert pool.given.pop("repeats") >= 3
    assert pool.given.pop("reviewed", 0) <= 3
    assert pool.given == {"drawn": 4, "soundtrack": 1, "poster": 1}


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    """Neither seams nor repeated frames; the second film says of its seams what the first did."""
    film = board(tmp_path, keyframes=4, shot=SHORT)
    first = storyboard.render(film, draft=True, finish=SMALL)
    pool = Counting(2)
    again = storyboard.render(film, draft=True, finish=SMALL, run=Run(executor=pool))
    assert again.report == first.report
    assert not pool.given


def test_paid_takes_are_checked_by_the_executor(tmp_path: Path) -> None:
    """Three of three at once, and each only once."""
    pool = Counting(3, meetings={"check_clip": 3})
    with FakeService() as service, service.applied():
        made = storyboard.render(
            board(tmp_path, keyframes=4),
            finish=SMALL,
            run=Run(executor=pool, max_cost=10_000_000, pace=QUICK),
        )
        assert len(service.paid) == 3
    assert made.complete
    assert pool.given["check_clip"] == 3
    known = {"check_clip", "render", "repeats", "reviewed", "measured"}
    assert set(pool.given) <= known  # of what is paid, workers see clips that have come


def test_fixes_are_worked_out_and_measured_by_the_executor(tmp_path: Path) -> None:
    """The seam is measured, its fix worked out, and it is measured again."""
    timeline, pool = tinted_film(tmp_path), Counting(2)
    report = review(timeline, executor=pool)
    looks = fixes(timeline, report, executor=pool)
    assert [seam.after.kinds for seam in fixed(timeline, report, looks, executor=pool)] == [()]
    assert pool.given == {"reviewed": 2, "looks_for": 1}


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="there is no fork here")
def test_processes_are_forked_while_opencv_has_threads(tmp_path: Path) -> None:
    """They neither hang nor die at it."""
    cv2.setNumThreads(4)
    cv2.resize(np.zeros((2000, 2000), np.float32), (4000, 4000))  # now there are some
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        assert len(drafts(tmp_path, shots=2, run=Run(executor=pool)).clips) == 2


def test_other_processes_draw_the_same(tmp_path: Path) -> None:
    """Whole films, drawn and encoded by processes and by threads: takes of the same pictures."""
    with ProcessPoolExecutor(2) as pool:
        there = drafts(tmp_path / "there", shots=2, run=Run(executor=pool))
        film = board(tmp_path / "there", shot=SHORT)
        store = storyboard.Store(tmp_path / "there" / "store")
        shown = storyboard.render(
            film, draft=True, store=store, finish=SMALL, run=Run(executor=pool)
        )
    here = drafts(tmp_path / "here", shots=2, run=Run())
    assert shown.complete
    assert there.clips.keys() == here.clips.keys()
    for key, clip in there.clips.items():
        pairs = list(zip(read(clip), read(here.clips[key]), strict=True))
        assert all(np.abs(one.astype(int) - other).mean() < 1 for one, other in pairs)


def test_processes_check_what_was_paid(tmp_path: Path) -> None:
    """Nothing of a check has to be in this process."""
    with FakeService() as service, service.applied(), ProcessPoolExecutor(1) as pool:
        made = storyboard.render(
            board(tmp_path, keyframes=2),
            finish=SMALL,
            run=Run(executor=pool, max_cost=10_000_000, pace=QUICK),
        )
    assert made.complete


class Dying(Executor):
    """Its process is killed at whatever it is given."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that broke."""
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("a process was terminated abruptly"))
        return future


def test_a_worker_that_dies_says_nothing_about_a_paid_take(tmp_path: Path) -> None:
    """It is on the disk, and in the film of the next run: fetched once, paid once."""
    film = board(tmp_path, keyframes=2)
    loaded, store = storyboard.load(film), storyboard.Store(tmp_path / "store")
    with FakeService() as service, service.applied():
        fal = storyboard.Fal(service.key)
        wanted = storyboard.plan(loaded, held=store.held())
        dead = storyboard.generate(wanted, store, service=fal, executor=Dying(), pace=QUICK)
        (failure,) = dead.failures
        assert "a process that was at work died" in str(failure.error)
        assert store.has(wanted.shots[0].picked.key) is False
        wanted = storyboard.plan(loaded, held=store.held())
        alive = storyboard.generate(wanted, store, service=fal, pace=QUICK)
        fal.close()
        assert len(service.paid) == 1
    assert alive.clips


def test_a_wish_to_stop_begins_no_further_drafts(tmp_path: Path) -> None:
    """What a worker is at is finished and kept; what none has begun is for the next run."""
    stop, begun = Stop(), threading.Event()

    class One(Counting):
        def _done(self, name: str, packed: bytes) -> Any:
            stop.wish()
            begun.wait(300)
            return super()._done(name, packed)

    class Told(One):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            future.add_done_callback(lambda one: begun.set() if one.cancelled() else None)
            return future

    with pytest.raises(Interrupted, match="nothing is on its way"):
        drafts(tmp_path, shots=3, run=Run(executor=Told(1), stop=stop))
    store = storyboard.Store(tmp_path / "store")
    assert len([key for key in store.keys() if store.has(key)]) == 1  # noqa: SIM118
    assert len(drafts(tmp_path, shots=3, run=Run()).clips) == 3


def test_without_an_executor_threads_work() -> None:
    """No process is started, so that a script needs no `__main__` guard."""
    with workers(None) as crew:
        assert isinstance(crew, ThreadPoolExecutor)
        assert crew.submit(threading.get_ident).result() != threading.get_ident()


def test_each_field_of_a_run_is_a_keyword_of_its_own() -> None:
    """`render(film, max_cost=...)` says the same as `render(film, run=Run(max_cost=...))`."""
    assert list(Settings.__annotations__) == [field.name for field in fields(Run)]


def test_a_run_without_requests_is_none() -> None:
    """A mistake of the caller's is told at once."""
    with pytest.raises(ValueError, match="jobs=0"):
        Run(jobs=0)
