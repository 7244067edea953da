"""Many machines that share a media place and an account, played in one process by the real
scheduling, on a clock that stands still while any of them works: hours pass in moments.
"""

from __future__ import annotations

import heapq
import random
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from storyboard.depot.protocol import Deposited
from storyboard.errors import ServiceError
from storyboard.events import Event, State, TakeChanged
from storyboard.generating.backoff import Pace
from storyboard.generating.generate import generate
from storyboard.generating.terms import Run
from storyboard.ledger.place import LedgerFolder
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.service import (
    Accepted,
    Advance,
    CancelReply,
    Listed,
    Outcome,
    Progress,
    nothing_before,
    tell_nobody,
)
from storyboard.store import Store
from storyboard.testing.jobs import FakeJob, Schedule, Submission
from storyboard.units.sizes import Size
from storyboard.video.recipes import QUICK
from storyboard.video.writer import write
from tests.boards import still

SHORTEST, LONGEST = 60.0, 180.0
"""Seconds that a request runs."""
STILLS = 25
"""So many pictures are there; the words make each shot another one."""
PAGE = 1000
"""Names on a page of a listing, as buckets give them."""


class SharedClock:
    """What time it is on all machines. It goes on to the next moment at which one of them has
    something to do, once all of them wait for it."""

    def __init__(self, machines: int) -> None:
        self.now = 0.0
        self._awake = machines
        self._order = count()
        self._asleep: list[tuple[float, int, threading.Event]] = []
        self._lock = threading.Lock()

    def time(self) -> float:
        """The date."""
        return 1_800_000_000.0 + self.now

    def monotonic(self) -> float:
        """The time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait for a moment; the others work meanwhile."""
        woken = threading.Event()
        with self._lock:
            heapq.heappush(self._asleep, (self.now + seconds, next(self._order), woken))
            self._rest()
        woken.wait()

    def leave(self) -> None:
        """A machine has nothing to do any more."""
        with self._lock:
            self._rest()

    def _rest(self) -> None:
        """One fewer is awake; the last one lets time go on."""
        self._awake -= 1
        if not self._awake and self._asleep:
            at, _, woken = heapq.heappop(self._asleep)
            self.now, self._awake = at, 1
            woken.set()


class CountingDepot:
    """A media place in memory, which counts what it is asked for as a bucket would."""

    where = "memory://place"

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._files: dict[str, bytes] = {}
        self._folders: defaultdict[str, dict[str, int]] = defaultdict(dict)
        """Sizes by name, by the first part of the name: what a listing is made from."""
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """It is there."""

    def create(self, name: str, data: bytes) -> bool:
        """For the first one."""
        with self._lock:
            self.asked["create"] += 1
            return name not in self._files and self._keep(name, data)

    def put(self, name: str, file: Path) -> None:
        """A copy."""
        data = file.read_bytes()
        with self._lock:
            self.asked["put"] += 1
            self._keep(name, data)

    def _keep(self, name: str, data: bytes) -> bool:
        self._files[name] = data
        self._folders[_first(name)][name] = len(data)
        return True

    def read(self, name: str) -> bytes | None:
        """As it is."""
        with self._lock:
            self.asked["read"] += 1
            return self._files.get(name)

    def fetch(self, name: str, to: Path) -> bool:
        """A copy."""
        with self._lock:
            self.asked["fetch"] += 1
            data = self._files.get(name)
        if data is not None:
            to.write_bytes(data)
        return data is not None

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        with self._lock:
            self.asked["has"] += 1
            return name in self._files

    def names(self, under: str) -> list[Deposited]:
        """A page for each thousand of them."""
        with self._lock:
            listed = self._folders[_first(under)].items()
            found = [Deposited(name, size, "1") for name, size in listed if name.startswith(under)]
            self.asked["list"] += 1 + len(found) // PAGE
        return sorted(found, key=lambda one: one.name)

    def remove(self, name: str) -> None:
        """Gone."""
        with self._lock:
            self._files.pop(name, None)
            self._folders[_first(name)].pop(name, None)


def _first(name: str) -> str:
    return name.split("/")[0]


class LimitedService:
    """A service that is an object: an account that runs so many requests at once."""

    def __init__(self, clock: SharedClock, *, limit: int, seed: int = 1) -> None:
        self.clock, self._seed = clock, seed
        self.asked: Counter[str] = Counter()
        self.jobs: list[FakeJob] = []
        self._schedule = Schedule(clock.monotonic, concurrency=limit)
        self._lock = threading.Lock()
        self._uploads: dict[str, bytes] = {}
        self._clip = _clip()

    def latency(self, number: int) -> float:
        """How long a request runs, by its number."""
        return random.Random(self._seed * 100_003 + number).uniform(SHORTEST, LONGEST)

    def close(self) -> None:
        """There is nothing to close."""

    def hidden(self, text: str) -> str:
        """There is no key."""
        return text

    def account(self, salt: str) -> str:
        """One for all machines."""
        return f"mine {salt}"

    def price(self, endpoint: str, unit: str = "second") -> int:
        """Less than the table says."""
        return 1

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Kept under its name."""
        address = f"https://service.example/{name}"
        with self._lock:
            self.asked["upload"] += 1
            self._uploads[address] = data
        return address

    def picture(self, address: str) -> bytes:
        """What was uploaded."""
        self.asked["picture"] += 1
        return self._uploads[address]

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = nothing_before,
    ) -> Accepted:
        """Written down, then paid."""
        before()
        with self._lock:
            number = len(self.jobs)
            sent = Submission(
                f"made-{number}", endpoint, dict(arguments), {}, self.clock.now, number
            )
            job = FakeJob(sent, run=self.latency(number))
            self.jobs.append(job)
            self._schedule.add(job)
        return self.accepted(endpoint, sent.request_id)

    def accepted(self, endpoint: str, request_id: str) -> Accepted:
        """It needs no addresses."""
        return Accepted(endpoint, request_id)

    def progress(self, request: Accepted) -> Progress:
        """As the schedule has it."""
        self.asked["status"] += 1
        word = self._schedule.state(self._job(request.request_id))
        states = {"IN_QUEUE": "queued", "IN_PROGRESS": "running", "COMPLETED": "completed"}
        return Progress(states[word], word)  # type: ignore[arg-type]

    def result(self, request: Accepted) -> Outcome:
        """A clip."""
        return Outcome({"clip": request.request_id}, f"memory://{request.request_id}")

    def outcome_of(self, answer: Mapping[str, Any]) -> Outcome | None:
        """In its own words."""
        return Outcome(answer, f"memory://{answer['clip']}") if "clip" in answer else None

    def cancel(self, request: Accepted) -> CancelReply:
        """Nobody asks for it here."""
        raise ServiceError(f"{request.request_id} is not to be cancelled")

    def find(
        self, endpoint: str, *, since: float | None = None, request_id: str | None = None
    ) -> Iterator[Listed]:
        """All that it accepted, the newest first."""
        self.asked["history"] += 1
        for job in reversed(list(self.jobs)):
            if request_id in (None, job.submission.request_id):
                yield Listed(
                    job.submission.request_id,
                    endpoint,
                    self.clock.time() - self.clock.now + job.submission.at,
                    job.submission.arguments,
                )

    def is_there(self, address: str) -> bool:
        """It loses nothing."""
        return True

    def download(
        self,
        address: str,
        path: Path,
        *,
        expected: int | None = None,
        advance: Advance = tell_nobody,
    ) -> tuple[str, ...]:
        """One and the same picture for all."""
        path.write_bytes(self._clip)
        return ()

    def _job(self, request_id: str) -> FakeJob:
        return self.jobs[int(request_id.removeprefix("made-"))]


def _clip() -> bytes:
    """Three seconds of one colour, few frames of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        frames = (np.full((64, 64, 3), 90, np.uint8) for _ in range(30))
        write(path, frames, rate=Fraction(10), size=Size(64, 64), recipe=QUICK)
        return path.read_bytes()


@dataclass(slots=True)
class Fleet:
    """What came of a run of many machines."""

    shots: int
    machines: int
    paid: int
    """Requests that were sent."""
    keys: int
    """Different ones among them."""
    home: float
    """Seconds until the last take was at home with whoever bought it."""
    ended: float
    """Seconds until the last machine was done."""
    ideal: float
    """Seconds that list scheduling takes, on as many slots as the account has."""
    looks: int
    """Status calls."""
    place: Mapping[str, int]
    """What the media place was asked for."""
    cpu: float
    """CPU seconds of all machines, and of the playing."""
    failures: Sequence[str] = ()

    @property
    def requests(self) -> int:
        """What the media place was asked for, all together."""
        return sum(self.place.values())


@dataclass(slots=True)
class _Heard:
    """When the last take came home."""

    clock: SharedClock
    at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.DONE:
            with self.lock:
                self.at = max(self.at, self.clock.now)


def play(
    folder: Path,
    *,
    shots: int,
    machines: int,
    limit: int,
    jobs: int,
    budget: bool = False,
    apart: bool = False,
) -> Fleet:
    """All machines want the same film at once, or each its own part of it, where they are `apart`.

    The account runs `limit` requests at once, each machine sends at most `jobs`.
    """
    clock, depot = SharedClock(machines), CountingDepot()
    service, heard = LimitedService(clock, limit=limit), _Heard(clock)
    films = [
        long_board(folder / f"film{number}", shots // machines, first=number, budget=budget)
        for number in range(machines if apart else 0)
    ] or [long_board(folder / "film", shots, budget=budget)] * machines
    plans = {film: plan(load(film)) for film in dict.fromkeys(films)}
    run = Run(jobs=jobs, listener=heard, clock=clock, pace=Pace(scale=1.0))

    def machine(number: int) -> list[str]:
        home = folder / f"machine{number}"
        place = LedgerFolder(home / "store", clock=clock, state=home / "state")
        store = Store(home / "store", media=depot, place=place, clock=clock)
        try:
            return _made(plans[films[number]], store, service, run)
        finally:
            clock.leave()

    began = time.process_time()
    with ThreadPoolExecutor(machines) as pool:
        failures = [words for found in pool.map(machine, range(machines)) for words in found]
    latencies = [service.latency(number) for number in range(len(service.jobs))]
    return Fleet(
        shots=shots,
        machines=machines,
        paid=len(service.jobs),
        keys=len({str(job.submission.arguments["prompt"]) for job in service.jobs}),
        home=heard.at,
        ended=clock.now,
        ideal=ideal(latencies, limit),
        looks=service.asked["status"],
        place=dict(depot.asked),
        cpu=time.process_time() - began,
        failures=failures,
    )


def _made(wanted: Plan, store: Store, service: LimitedService, run: Run) -> list[str]:
    with ThreadPoolExecutor(1, "worker") as one:
        made = generate(wanted, store, service=service, run=run.but({"executor": one}))
    return [str(failure) for failure in made.failures]


def ideal(latencies: Sequence[float], limit: int) -> float:
    """When the last of these is done, each begun in its turn on as many slots as there are."""
    slots = [0.0] * limit
    for latency in latencies:
        heapq.heapreplace(slots, slots[0] + latency)
    return max(slots)


def long_board(folder: Path, shots: int, *, first: int = 0, budget: bool = False) -> Path:
    """A storyboard of many shots between few stills."""
    for number in range(STILLS):
        still(folder / f"{number}.png", number)
    head = ["version: 1", "defaults: {duration: 3}", *(["budget: $99999"] if budget else [])]
    lines = [*head, "keyframes:"]
    for number in range(shots):
        lines.append(f"- image: {number % STILLS}.png")
        lines.append(f"  shot: The ball rolls to tree {first}-{number}")
    lines.append("- image: 0.png")
    path = folder / "film.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path
