"""Measure many machines: the schedule of many shots over many of them, and drafts on a cluster.

    python benchmarks/scale.py                        100 and 1,000 shots over 20 machines, minutes
    python benchmarks/scale.py --shots 10000          the large one: many minutes
    python benchmarks/scale.py --shots 1000 --shared  all machines want the very same film
    python benchmarks/scale.py --drafts 40            drafts by two processes, and by two of Dask's

Machines are played in one process by the real scheduling (`tests/generating/fleet.py`), on a clock
that stands still while one of them works. What they ask the service and the media place for is
counted there; CPU seconds are those of all machines, and of the playing.

Drafts are drawn by a process pool and by a Dask cluster in turns, the latter also with the glibc
settings that Dask starts its workers with. CPU seconds are those of the workers alone.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
AS_DASK_HAS_IT = "import storyboard.crews.errand as e\ne.keep_memory = lambda: False\n"
"""What a worker is preloaded with to leave the thresholds alone."""


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
def dask(*preloaded: str) -> Iterator[str]:
    """A cluster of two workers, as `dask worker` starts them; gives how it is named."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "preloaded.py").write_text("\n".join(preloaded))
        port = 18786
        usual = "--host", "127.0.0.1", "--no-dashboard"
        for command in (
            ("dask_scheduler", "--port", str(port), *usual),
            (
                *("dask_worker", f"tcp://127.0.0.1:{port}", *usual, "--nworkers", "2"),
                *("--nthreads", "1", "--preload", str(folder / "preloaded.py")),
            ),
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        with distributed.Client(f"tcp://127.0.0.1:{port}", timeout=300) as client:
            client.wait_for_workers(2, timeout=300)
        yield f"dask://127.0.0.1:{port}"


@contextmanager
def pool() -> Iterator[str]:
    """Two processes of this machine."""
    yield "2"


WAYS: dict[str, Callable[[], object]] = {
    "a pool of two processes": pool,
    "Dask, thresholds set by us": dask,
    "Dask, thresholds as it sets them": lambda: dask(AS_DASK_HAS_IT),
}


def drawn(way: Callable[[], object], drafts: int) -> tuple[float, float]:
    """Seconds, and CPU seconds of the workers, for so many drafts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        named = stack.enter_context(way())  # type: ignore[arg-type]
        executor = stack.enter_context(storyboard.crew(named))
        film = board(folder, keyframes=drafts + 1, shot=SHOT, extra=[SIZE])
        plan = storyboard.plan(storyboard.load(film, draft=True), draft=True)
        for warm in [executor.submit(versions) for _ in range(8)]:
            warm.result()
        before, began = _cpu(), time.monotonic()
        made = storyboard.generate(
            plan, storyboard.Store(folder / "store"), run=Run(executor=executor)
        )
        assert len(made.clips) == drafts
        return time.monotonic() - began, _cpu() - before


def _cpu() -> float:
    """CPU seconds of the workers: neither of the scheduler, nor of who starts Dask's workers."""
    found = 0.0
    for one in psutil.Process().children(recursive=True):
        try:
            if "spawn_main" not in " ".join(one.cmdline()):
                continue
            used = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += used.user + used.system
    return found


def cluster(drafts: int, rounds: int) -> None:
    """A row for each way, medians of interleaved rounds."""
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            measured[name].append(drawn(way, drafts))
    print(f"| {drafts} drafts by | wall | CPU | CPU a draft |\n| --- | ---: | ---: | ---: |")
    for name, all_of in measured.items():
        wall, cpu = (statistics.median(one[number] for one in all_of) for number in (0, 1))
        print(f"| {name} | {wall:.0f} s | {cpu:.1f} s | {cpu / drafts:.2f} s |")


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
