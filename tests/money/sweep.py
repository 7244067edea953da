"""Every system call at which a run can be cut short or told that the disk fails, one by one.

    python -m tests.money.sweep                      all calls, kill, ENOSPC and EIO
    python -m tests.money.sweep --every 5            each fifth point
    python -m tests.money.sweep --faults KILL

Runs a render under `strace --inject`, lets the n-th call of a kind kill it or fail, runs it again
without, and counts payments at the service. Needs Linux, strace, and the right to trace.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService
from tests.boards import board

KILLED = ("fsync", "fdatasync", "rename", "pwrite64", "write", "sendto", "recvfrom", "connect",
          "ftruncate", "unlink", "flock")  # fmt: skip
FAILING = ("fsync", "fdatasync", "rename", "pwrite64", "ftruncate")
"""The calls that write to the disk: these fail with ENOSPC and EIO."""

_CLIENT = """
import sys
from pathlib import Path
from tests.money.client import Orders, run
import os
run(Orders(Path(sys.argv[1]), Path(sys.argv[2]), dict(os.environ), scale=0.0005, jobs=1))
"""


@dataclass(frozen=True, slots=True)
class Point:
    """One system call: which one, and what happens to it."""

    call: str
    number: int
    fault: str
    """KILL, ENOSPC or EIO."""

    @property
    def injection(self) -> str:
        """As strace takes it."""
        what = "signal=SIGKILL" if self.fault == "KILL" else f"error={self.fault}"
        return f"inject={self.call}:{what}:when={self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a point: how the first run ended, and what was paid and delivered."""

    point: Point
    first: int
    paid: int
    clips: int
    held: int
    """Requests that were written down and never sent: for the user to decide."""

    @property
    def sound(self) -> bool:
        """Paid once and there; or never sent, and held."""
        return (self.paid, self.clips) == (1, 1) or (self.paid, self.clips, self.held) == (0, 0, 1)


def can_trace() -> bool:
    """Whether strace is here and may trace."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False)
    return tried.returncode == 0


def counted(service: FakeService) -> Counter[str]:
    """How often an undisturbed run makes each call."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "trace")
        calls = ",".join(KILLED)
        _run(Path(folder), service, ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={calls}"])
        return Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE))


def points(counts: Counter[str], faults: tuple[str, ...], *, every: int = 1) -> Iterator[Point]:
    """The points of a sweep. strace counts calls in each thread: so many are enough."""
    number = 0
    for fault in faults:
        for call in KILLED if fault == "KILL" else FAILING:
            for when in range(1, counts[call] + 1):
                number += 1
                if number % every == 0:
                    yield Point(call, when, fault)


def swept(service: FakeService, point: Point) -> Outcome:
    """Run into the point, and run again without."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        before = len(service.paid)
        first = _run(
            place, service, ["strace", "-f", "-qq", "-o", os.devnull, "-e", point.injection]
        )
        _run(place, service, [])
        store = Store(place / ".storyboard")
        held = sum(row.state == "SENDING" for row in store.rows())
        clips = sum(1 for _ in (store.folder / "takes").glob("*.mp4"))
        return Outcome(point, first, len(service.paid) - before, clips, held)


def _run(place: Path, service: FakeService, tracer: list[str]) -> int:
    film = place / "film.yaml"
    if not film.exists():
        # Words of its own: another point's request would be collected, not bought.
        board(place, keyframes=2)
        film.write_text(film.read_text().replace("The ball", f"The ball of {place.name}"))
    command = [*tracer, sys.executable, "-c", _CLIENT, str(film), str(place / ".storyboard")]
    environment = os.environ | service.environment | {"PYTHONDONTWRITEBYTECODE": "1"}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, env=environment, cwd=root, capture_output=True, timeout=600, check=False
    )
    return done.returncode


def main() -> int:
    """Sweep, and print what came of it."""
    ask = argparse.ArgumentParser(description="Cut a render short at each system call.")
    ask.add_argument("--every", type=int, default=1)
    ask.add_argument("--faults", nargs="+", default=["KILL", "ENOSPC", "EIO"])
    asked = ask.parse_args()
    if not can_trace():
        print("strace is not here, or may not trace")
        return 2
    began, outcomes = time.monotonic(), []
    with FakeService(footage=FakeClip(width=64)) as service:
        for point in points(counted(service), tuple(asked.faults), every=asked.every):
            outcomes.append(outcome := swept(service, point))
            if not outcome.sound:
                print(f"NOT SOUND: {outcome}", flush=True)
    for fault in asked.faults:
        these = [o for o in outcomes if o.point.fault == fault]
        ended = sum(o.first != 0 for o in these)
        bad, held = sum(not o.sound for o in these), sum(o.held for o in these)
        print(f"{fault}: {len(these)} points, {ended} ended the first run, {held} held, {bad} bad")
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if any(not outcome.sound for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
