"""Measure the engine: a hundred requests of 60 to 180 seconds at several account limits.

    python benchmarks/engine.py                 the table, some minutes
    python benchmarks/engine.py --limits 40     one row of it
    python benchmarks/engine.py --many 500      that many requests at once: CPU seconds

The fake service's clock runs faster than the wall's, and the engine's waits with it. The ideal is
list scheduling: the same latencies in the same order on as many slots as the account has, looked
at by somebody who sees everything at once. The engine runs in a process of its own, so that its
CPU seconds are its own.

`subscribe` in threads polls every 0.1 s, which no fast clock can follow: its status calls are
worked out from the ideal schedule, and a small run in real time shows what one call costs.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from storyboard.testing import FakeClip, FakeService, Submission
from tests.boards import board

SHORTEST, LONGEST = 60.0, 180.0
"""Seconds that a request runs."""
INTERVAL = 0.1
"""Seconds between two looks of fal-client's `subscribe`, unless it is told otherwise."""
SPEEDS = {2: 40.0, 10: 20.0, 40: 8.0}
"""By account limit, how much faster than the wall the service's clock runs."""
TINY = FakeClip(width=48, seconds=0.5)


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long each request runs, by its number."""

    seed: int

    def __call__(self, submission: Submission) -> float:
        """Seconds of the service's clock, for a fake service."""
        return self.of(submission.number)

    def of(self, number: int) -> float:
        """Seconds of the service's clock."""
        return random.Random(self.seed * 100_003 + number).uniform(SHORTEST, LONGEST)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of the engine."""

    wall: float
    """Seconds of the service's clock, from the first request accepted to the last take kept."""
    ideal: float
    looks: int
    """Status calls."""
    cpu: float
    """Seconds of the engine's process, without starting Python and importing."""
    client_looks: float
    """What `subscribe` would make."""


def ideal(latencies: Sequence[float], limit: int) -> tuple[float, float]:
    """When the last of them is done, and how long they were in the system all together."""
    slots = [0.0] * min(limit, len(latencies))
    total = 0.0
    for latency in latencies:
        done = slots[0] + latency
        heapq.heapreplace(slots, done)
        total += done
    return max(slots), total


def measure(shots: int, limit: int | None, *, speed: float, jobs: int, seed: int = 1) -> Measured:
    """Run the engine once against a service of this account limit."""
    latencies = Latencies(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeService(
            run=latencies,
            concurrency=limit,
            clock=lambda: time.monotonic() * speed,
            footage=TINY,
        ) as service,
    ):
        film = board(Path(folder), keyframes=shots + 1)
        told = _engine(film, service, speed=speed, jobs=jobs)
        assert len(service.paid) == shots, f"{len(service.paid)} paid"
        looks = len(service.requests(place="status"))
        first = service.paid[0].at / speed
    makespan, total = ideal([latencies.of(number) for number in range(shots)], limit or shots)
    wall = (told["ended"] - first) * speed
    return Measured(wall, makespan, looks, told["cpu"], total / INTERVAL)


def _engine(film: Path, service: FakeService, *, speed: float, jobs: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--engine", str(film), str(speed), str(jobs)]
    done = subprocess.run(
        command, env=os.environ | service.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def engine(film: Path, speed: float, jobs: int) -> None:
    """Generate everything, and print when it ended and what it took; in a process of its own."""
    from storyboard.fal import Fal, key
    from storyboard.generating.backoff import Pace
    from storyboard.generating.generate import generate
    from storyboard.loading.load import load
    from storyboard.planning.planner import plan
    from storyboard.store import Store

    fal = Fal(key.find())
    fal.open()
    wanted = plan(load(film))
    before = _cpu()
    made = generate(
        wanted,
        Store(film.parent / ".storyboard"),
        service=fal,
        jobs=jobs,
        pace=Pace(scale=1 / speed),
    )
    assert not made.failures, made.failures[0]
    print(json.dumps({"ended": time.monotonic(), "cpu": _cpu() - before}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def client_costs(shots: int = 8) -> tuple[float, float]:
    """CPU milliseconds of one look of `subscribe`, and its looks a second for each request.

    In real time, with requests of a tenth of the length.
    """
    latencies = Latencies(2)
    with FakeService(run=lambda s: latencies(s) / 10, footage=TINY) as service, service.applied():
        command = [sys.executable, __file__, "--client", str(shots)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        looks = len(service.requests(place="status"))
    waited = sum(latencies.of(number) / 10 for number in range(shots))
    return json.loads(done.stdout)["cpu"] / looks * 1000, looks / waited


def client(shots: int) -> None:
    """`subscribe` in threads, and print the CPU seconds; in a process of its own."""
    import fal_client

    arguments = {
        "prompt": "A ball",
        "start_image_url": "data:image/png;base64,",
        "duration": "3",
    }

    def one(_: int) -> Any:
        try:
            return fal_client.subscribe(
                "fal-ai/kling-video/o1/standard/image-to-video",
                arguments,
                with_logs=True,
                on_queue_update=lambda _: None,
            )
        except fal_client.FalClientError:  # the picture is none; looking costs the same
            return None

    before = _cpu()
    with ThreadPoolExecutor(shots) as pool:
        list(pool.map(one, range(shots)))
    print(json.dumps({"cpu": _cpu() - before}))


def table(limits: Iterable[int], shots: int) -> None:
    """Print one row for each account limit."""
    cost, rate = client_costs()
    print(f"subscribe: {cost:.2f} ms CPU a look, {rate:.1f} looks a second for each request\n")
    print("| limit | jobs | ideal | engine | ratio | looks | subscribe's | share | CPU | its CPU |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for limit in limits:
        jobs = 2 * limit
        found = measure(shots, limit, speed=SPEEDS.get(limit, 10.0), jobs=jobs)
        print(
            f"| {limit} | {jobs} | {found.ideal / 60:.1f} min | {found.wall / 60:.1f} min "
            f"| {found.wall / found.ideal:.3f} | {found.looks} | {found.client_looks:.0f} "
            f"| {found.looks / found.client_looks:.2%} | {found.cpu:.1f} s "
            f"| {found.client_looks * cost / 1000:.0f} s |",
            flush=True,
        )


def main() -> None:
    """Measure what was asked for."""
    ask = argparse.ArgumentParser(description="Measure the engine against the fake service.")
    ask.add_argument("--limits", type=int, nargs="+", default=[2, 10, 40])
    ask.add_argument("--shots", type=int, default=100)
    ask.add_argument("--many", type=int, help="so many at once, without an account limit")
    ask.add_argument("--engine", nargs=3, help=argparse.SUPPRESS)
    ask.add_argument("--client", type=int, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.engine:
        film, speed, jobs = asked.engine
        engine(Path(film), float(speed), int(jobs))
    elif asked.client:
        client(asked.client)
    elif asked.many:
        found = measure(asked.many, None, speed=2.0, jobs=asked.many)
        print(
            f"{asked.many} at once: {found.cpu:.1f} s CPU, {found.looks} looks, "
            f"{found.wall / found.ideal:.3f} of the ideal"
        )
    else:
        table(asked.limits, asked.shots)


if __name__ == "__main__":
    main()
