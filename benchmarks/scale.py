"""Measure many machines: the schedule of many shots over many of them, and drafts on a cluster.

    python benchmarks/scale.py                        100 and 1,000 shots over 20 machines, minutes
    python benchmarks/scale.py --shots 10000          the large one: many minutes
    python benchmarks/scale.py --shots 1000 --shared  all machines want the very same film
    python benchmarks/scale.py --drafts 40            drafts by two processes, and by two of Dask's

Machines are played in one process by the real scheduling (`tests/generating/fleet.py`), on a clock
that stands still while one of them works. What they ask the service and the media place for is
counted there; CPU seconds are those of all machines, and of the playing.

Drafts are drawn by a process pool and by a Dask cluster in turns, the latter also with its profiler
off. CPU seconds are those of the workers: of the thread that draws, and of all others beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import distributed
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

import storyboard
from storyboard.crews.errand import versions
from storyboard.generating.terms import Run
from storyboard.ledger import disk
from tests.boards import board
from tests.generating.fleet import play

MACHINES, LIMIT, JOBS = 20, 80, 8
"""Together they have twice as many requests on their way as the account runs."""
SHOT = "duration: 0.4"
SIZE = "size: 1280x720"
WORKERS = 2
NO_PROFILE = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
"""What a cluster's owner may set: `distributed.worker.profile.enabled`."""


def machines(counts: Sequence[int], *, apart: bool, budget: bool) -> None:
    """A row for each number of shots."""
    disk.ROOM = 100_000  # the clips are tiny
    print("| shots | ideal | all home | ratio | last done | looks | place | listings | CPU |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for shots in counts:
        with tempfile.TemporaryDirectory() as folder:
            found = play(
                Path(folder),
                shots=shots,
                machines=MACHINES,
                limit=LIMIT,
                jobs=JOBS,
                apart=apart,
                budget=budget,
            )
        assert found.paid == found.keys == shots, found
        assert not found.failures, found.failures[0]
        row = (
            f"{shots}",
            f"{found.ideal / 60:.1f} min",
            f"{found.home / 60:.1f} min",
            f"{found.home / found.ideal:.3f}",
            f"{found.ended / found.ideal:.3f}",
            f"{found.looks / shots:.1f}",
            f"{found.requests / shots:.1f}",
            f"{found.place['list'] / shots:.1f}",
            f"{found.cpu / shots * 1000:.0f} ms",
        )
        print(f"| {' | '.join(row)} |", flush=True)


@contextmanager
def dask(**variables: str) -> Iterator[str]:
    """A cluster of two workers, as `dask worker` starts them; gives how it is named."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = 18786
        usual = "--host", "127.0.0.1", "--no-dashboard"
        for command in (
            ("dask_scheduler", "--port", str(port), *usual),
            (
                *("dask_worker", f"tcp://127.0.0.1:{port}", *usual),
                *("--nworkers", str(WORKERS), "--nthreads", "1"),
            ),
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]],
                cwd=folder,
                env={**os.environ, **variables},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        with distributed.Client(f"tcp://127.0.0.1:{port}", timeout=300) as client:
            client.wait_for_workers(WORKERS, timeout=300)
        yield f"dask://127.0.0.1:{port}"


@contextmanager
def pool() -> Iterator[str]:
    """Two processes of this machine."""
    yield str(WORKERS)


WAYS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "a pool of two processes": pool,
    "Dask, as it is started": dask,
    "Dask, its profiler off": lambda: dask(**NO_PROFILE),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drafts have cost."""

    wall: float
    drawing: float
    """CPU seconds of the threads that draw."""
    beside: float
    """Those of all other threads of the workers."""
    here: float
    """Those of the process that hands the work over."""

    @property
    def share(self) -> float:
        """What a worker takes beside drawing, as a part of a core."""
        return self.beside / (WORKERS * self.wall)


def drawn(way: Callable[[], AbstractContextManager[str]], drafts: int) -> Drawn:
    """So many drafts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        executor = stack.enter_context(storyboard.crew(stack.enter_context(way())))
        film = board(folder, keyframes=drafts + 1, shot=SHOT, extra=[SIZE])
        plan = storyboard.plan(storyboard.load(film, draft=True), draft=True)
        for warm in [executor.submit(versions) for _ in range(8)]:
            warm.result()
        before, began, here = _cpu(), time.monotonic(), time.process_time()
        made = storyboard.generate(
            plan, storyboard.Store(folder / "store"), run=Run(executor=executor)
        )
        assert len(made.clips) == drafts
        wall, spent = time.monotonic() - began, _cpu() - before
        here = time.process_time() - here
        each = [
            [seconds for (owner, _), seconds in spent.items() if owner == process]
            for process in {owner for owner, _ in spent}
        ]
        drawing = sum(map(max, each))
        return Drawn(wall, drawing, spent.total() - drawing, here)


def _cpu() -> Counter[tuple[int, int]]:
    """CPU seconds of each thread of each worker: neither of the scheduler, nor of who starts Dask's
    workers."""
    found: Counter[tuple[int, int]] = Counter()
    for one in psutil.Process().children(recursive=True):
        try:
            if "spawn_main" in " ".join(one.cmdline()):
                for thread in one.threads():
                    found[one.pid, thread.id] = thread.user_time + thread.system_time
        except psutil.NoSuchProcess:
            continue
    return found


def cluster(drafts: int, rounds: int) -> None:
    """A row for each way: medians of rounds in turns, and each as a multiple of the pool's."""
    measured: dict[str, list[Drawn]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            measured[name].append(drawn(way, drafts))
            print(name, measured[name][-1], file=sys.stderr, flush=True)
    print(f"| {drafts} drafts by | wall | drawing | beside it | all CPU | beside it, of a core |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    first = measured[next(iter(WAYS))]
    for name, all_of in measured.items():
        ratio = statistics.median(
            (one.drawing + one.beside) / (other.drawing + other.beside)
            for one, other in zip(all_of, first, strict=True)
        )
        row = (
            f"{statistics.median(one.wall for one in all_of):.0f} s",
            f"{statistics.median(one.drawing for one in all_of):.1f} s",
            f"{statistics.median(one.beside for one in all_of):.1f} s",
            f"{ratio:.2f}",
            f"{statistics.median(one.share for one in all_of):.1%}",
        )
        print(f"| {name} | {' | '.join(row)} |")


def main() -> int:
    """As the arguments say."""
    ask = argparse.ArgumentParser(description="Measure many machines.")
    ask.add_argument("--shots", type=int, nargs="+", default=[100, 1000])
    ask.add_argument("--shared", action="store_true", help="all want the very same film")
    ask.add_argument("--budget", action="store_true", help="and under a budget")
    ask.add_argument("--drafts", type=int, default=0)
    ask.add_argument("--rounds", type=int, default=3)
    asked = ask.parse_args()
    if asked.drafts:
        cluster(asked.drafts, asked.rounds)
    else:
        machines(asked.shots, apart=not asked.shared, budget=asked.budget)
    return 0


if __name__ == "__main__":
    sys.exit(main())
