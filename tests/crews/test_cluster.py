"""A real Dask cluster on loopback: its workers, killed; its scheduler, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import distributed
import pytest

import storyboard
from storyboard.crews import errand
from storyboard.crews.cluster import Cluster
from storyboard.crews.crew import Fate
from storyboard.crews.lasting import LastingExecutor
from storyboard.depot.on_disk import FolderDepot
from storyboard.errors import StoryboardError
from storyboard.generating.terms import Run
from storyboard.workflows.finish import Finish
from tests.boards import board

if sys.platform == "win32":
    pytest.skip("processes are killed here", allow_module_level=True)

LONG = 300
"""Seconds after which a test has failed."""
BLIND = """
import os
import sys

HIDDEN = os.environ["HIDDEN"]

def refused(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "os.rename", "os.mkdir"):
        if arguments and str(arguments[0]).startswith(HIDDEN):
            raise FileNotFoundError(f"{arguments[0]}: not on this machine")

sys.addaudithook(refused)
"""
ENVIRONMENT = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "120s",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
}


def until(there: Callable[[], Any], what: str) -> Any:
    """What is there, once it is."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} in {LONG} s")


class Started:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack, self._folder = stack, folder
        self.scheduler = self._begin("dask_scheduler", "--port", "0", "--no-dashboard")
        self.address = until(self._address, "no scheduler")

    def worker(self, *more: str, **variables: str) -> subprocess.Popen[bytes]:
        """One more of one thread, which nobody starts again."""
        usual = "--no-nanny", "--nthreads", "1", "--no-dashboard"
        return self._begin("dask_worker", *usual, *more, **variables)

    def _begin(self, command: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        file = self._folder / "scheduler.json"
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", f"distributed.cli.{command}", "--host", "127.0.0.1"),
                *("--scheduler-file", str(file), *arguments),
            ],
            cwd=self._folder,
            env={**os.environ, **ENVIRONMENT, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(process.wait, LONG)
        self._stack.callback(process.kill)
        return process

    def _address(self) -> str:
        file = self._folder / "scheduler.json"
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            return ""


@contextmanager
def working(
    workers: int, folder: Path, *, patience: float, apart: Path | None = None
) -> Iterator[Any]:
    """So many workers as an executor, with the cluster, their processes and what is said. Those of
    machines that are `apart` may not look into this folder, and have a cache and a place."""
    with ExitStack() as stack:
        started = Started(folder, stack)
        more, variables = _blind(folder, apart) if apart else ((), {})
        processes = [started.worker(*more, **variables) for _ in range(workers)]
        media = FolderDepot(folder / "place") if apart else None
        said: list[str] = []

        def hire() -> Cluster:
            crew = Cluster(started.address, media=media, patience=patience)
            until(lambda: len(crew._client.nthreads()) == workers, "not all workers")
            return crew

        until(lambda: _answer(started.address) == "", "no worker")
        executor = LastingExecutor(hire, name="dask", tell=said.append)
        stack.callback(executor.shutdown, cancel_futures=True)
        yield executor, started, processes, said


def _blind(folder: Path, home: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """What keeps a worker from looking into a folder of this machine."""
    (folder / "blind.py").write_text(BLIND)
    return ("--preload", "blind.py"), {"HIDDEN": str(home), "XDG_CACHE_HOME": str(folder / "cache")}


def _answer(address: str) -> str:
    """Why nobody can be hired there; empty where somebody can."""
    try:
        Cluster(address, patience=60).leave()
    except StoryboardError as error:
        return str(error)
    return ""


def draw(folder: Path, executor: Executor | None, *, shots: int) -> storyboard.Generated:
    """Drafts of so many shots, short ones."""
    film = board(folder, keyframes=shots + 1, shot="duration: 0.5")
    loaded = storyboard.load(film, draft=True)
    store = storyboard.Store(folder / "store")
    return storyboard.generate(
        storyboard.plan(loaded, draft=True), store, run=Run(executor=executor)
    )


def drawn_beside(folder: Path, executor: Executor, *, shots: int) -> Callable[[], Any]:
    """The same in a thread; gives what waits for its end."""
    made: list[Any] = []

    def work() -> None:
        try:
            made.append(draw(folder, executor, shots=shots))
        except BaseException as error:
            made.append(error)

    thread = threading.Thread(target=work)
    thread.start()

    def end() -> Any:
        thread.join(LONG)
        assert not thread.is_alive()
        if isinstance(made[0], BaseException):
            raise made[0]
        return made[0]

    return end


def being_drawn(folder: Path) -> list[Path]:
    """Files that somebody is writing frames into."""
    return list((folder / "store" / "parts").glob(".coming-*"))


def same_bytes(one: storyboard.Generated, other: storyboard.Generated) -> bool:
    """Whether both have the same takes, byte for byte."""
    assert not one.failures
    assert not other.failures
    return one.clips.keys() == other.clips.keys() and all(
        one.clips[key].read_bytes() == other.clips[key].read_bytes() for key in one.clips
    )


def test_a_worker_that_is_killed_in_mid_draft_is_another_try(tmp_path: Path) -> None:
    """By the other worker. The takes are byte for byte those that threads draw."""
    there, here = tmp_path / "there", tmp_path / "here"
    with working(2, tmp_path, patience=60) as (executor, _, processes, said):
        end = drawn_beside(there, executor, shots=3)
        until(lambda: len(being_drawn(there)) == 2, "nobody draws")
        processes[0].send_signal(signal.SIGKILL)
        made = end()
    assert said == []
    assert same_bytes(made, draw(here, None, shots=3))


def test_workers_that_see_no_folder_of_here_make_the_same_film(tmp_path: Path) -> None:
    """Drawn and encoded by names of media, one worker killed in mid-draft: byte for byte the film
    that threads make."""
    there, here, cache = tmp_path / "there", tmp_path / "here", tmp_path / "cache"
    words = "duration: 0.4, captions: [{at: 0, duration: 0.2, text: Away}]"
    films = [board(folder, keyframes=4, shot=words) for folder in (there, here)]
    with (
        working(2, tmp_path, patience=60, apart=there) as (executor, _, processes, said),
        ThreadPoolExecutor(1) as beside,
    ):
        coming = beside.submit(animatic, films[0], executor)
        until(lambda: list(cache.glob("storyboard/carried/work-*/*/.coming-*")), "nobody draws")
        processes[0].send_signal(signal.SIGKILL)
        made = coming.result(LONG)
    assert said == []
    assert made == animatic(films[1], None)


def animatic(film: Path, executor: Executor | None) -> bytes:
    """A film of drafts, whole."""
    made = storyboard.render(
        film, draft=True, finish=Finish(preview=True), run=Run(executor=executor)
    )
    assert made.complete
    return made.path.read_bytes()


def test_what_a_lost_cluster_leaves_is_done_here(tmp_path: Path) -> None:
    """Its scheduler is killed while a draft is drawn: the same bytes, and it is said once."""
    there, here = tmp_path / "there", tmp_path / "here"
    with working(1, tmp_path, patience=1) as (executor, started, _, said):
        end = drawn_beside(there, executor, shots=2)
        until(lambda: being_drawn(there), "nobody draws")
        started.scheduler.send_signal(signal.SIGKILL)
        made = end()
    assert same_bytes(made, draw(here, None, shots=2))
    (words,) = said
    assert words == "the workers of dask are gone (no scheduler); the rest is done on this machine"


def test_workers_have_the_same_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others would make other bytes: refused when they are hired, or later at the work."""
    here = errand.versions()
    other = tuple((name, "0.1" if name == "av" else said) for name, said in here)
    assert errand.unlike(here, here) == ""
    assert errand.unlike(other, here) == f"av {dict(here)['av']}, not 0.1"
    with pytest.raises(errand.OtherVersions, match="a worker has av"):
        errand.performed(other, errand.packed(dict))
    assert errand.performed(here, errand.packed(dict)) == {}
    crew = object.__new__(Cluster)
    assert crew.fate(errand.OtherVersions("a worker has av")) is Fate.DROPPED
    killed: Any = distributed.KilledWorker
    assert crew.fate(killed("task", None, 3)) is Fate.DIED
    assert crew.fate(OSError("disk full")) is Fate.WELL
