"""Running a storyboard against the fake service, in this process, and what came of it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storyboard.clock import REAL, Clockwork
from storyboard.depot.protocol import Depot
from storyboard.errors import StoryboardError
from storyboard.events import Event, Noticed, TakeChanged
from storyboard.fal import Fal, key
from storyboard.generating.backoff import Pace
from storyboard.generating.generate import Generated, collect, generate
from storyboard.generating.scheduler import Stop
from storyboard.ledger.place import LEDGER, LedgerFolder
from storyboard.ledger.rows import Row
from storyboard.ledger.user_record import VARIABLE
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService, Fault
from storyboard.testing.acts import Act, nginx
from storyboard.testing.faults import Injection
from storyboard.testing.visits import Place

SMALL = FakeClip(width=64)
"""Clips that are made and decoded in no time."""

QUICK = 0.002
"""Of the engine's waits."""


LONG, SHORT = 3000.0, 30.0
"""The engine's patience, by its own seconds: where news is sure to come, and where it is not."""


def quick(patience: float = LONG) -> Pace:
    """The engine's waits, all of them, but short."""
    return Pace(scale=QUICK, patience=patience)


def patient() -> Pace:
    """The engine's waits as they are, for a clock that is moved by whoever sleeps."""
    return Pace(scale=1.0)


@dataclass(frozen=True, slots=True)
class Outage:
    """A service that is not there for questions."""

    faults: list[Injection]
    over: Callable[[], None]

    def withdraw(self) -> None:
        """It is there again."""
        for fault in self.faults:
            fault.withdraw()
        self.over()


@dataclass(slots=True)
class Set:
    """A storyboard, its store, and the service; `events` is what the last run told."""

    film: Path
    service: FakeService
    folder: Path
    clock: Clockwork = REAL
    events: list[Event] = field(default_factory=list)
    patience: float = LONG
    media: Depot | str | None = None
    """The place for takes that other machines see, too."""
    state: Path | None = None
    """This machine's own record of what was sent, where there are several machines."""

    @property
    def store(self) -> Store:
        """The store, opened anew."""
        place = LedgerFolder(self.folder, clock=self.clock, state=self.state)
        return Store(self.folder, place=place, media=self.media, clock=self.clock)

    def tamper(self, statement: str, *values: object) -> None:
        """Write into the ledger's file behind its back."""
        with contextlib.closing(sqlite3.connect(self.folder / LEDGER)) as db, db:
            db.execute(statement, values)

    @property
    def paid(self) -> int:
        """How often the service was paid."""
        return len(self.service.paid)

    def plan(self, *, retry: bool = False) -> Plan:
        """The plan as it is now."""
        store = self.store
        loaded = load(self.film)
        earlier = store.earlier(loaded.path)
        return plan(loaded, held=store.held(), earlier=earlier, retry=retry)

    def render(
        self,
        *,
        jobs: int = 8,
        max_cost: int | None = None,
        pace: Pace | None = None,
        stop: Stop | None = None,
        hear: Callable[[Event], None] | None = None,
        store: Store | None = None,
        retry: bool = False,
        accept: Collection[str] = (),
        waits: bool = True,
    ) -> Generated:
        """Generate what the plan wants."""
        with self._heard(hear) as (fal, listener):
            return generate(
                self.plan(retry=retry),
                store or self.store,
                service=fal,
                jobs=jobs,
                max_cost_microusd=max_cost,
                accept=accept,
                pace=pace or quick(self.patience),
                stop=stop,
                waits=waits,
                listener=listener,
            )

    def collect(self, *, pace: Pace | None = None) -> Generated:
        """Bring home what is on its way, and buy nothing."""
        with self._heard(None) as (fal, listener):
            return collect(
                self.plan(),
                self.store,
                service=fal,
                pace=pace or quick(self.patience),
                listener=listener,
            )

    @contextlib.contextmanager
    def _heard(
        self, hear: Callable[[Event], None] | None
    ) -> Iterator[tuple[Fal, Callable[[Event], None]]]:
        self.events.clear()

        def listener(event: Event) -> None:
            self.events.append(event)
            if hear:
                hear(event)

        with self.service.applied():
            fal = Fal(key.find())
            try:
                yield fal, listener
            finally:
                fal.close()

    def other_machine(self) -> None:
        """From now on as on another machine, where nobody has written down what was sent."""
        shutil.rmtree(self.service.environment[VARIABLE])

    def wrong(
        self, place: Place, act: Act, *, times: int | None = 1, skip: int = 0, host: str = ""
    ) -> None:
        """Let something go wrong at the service."""
        self.service.inject(Fault(place, act, times=times, skip=skip, host=host))

    def outage(self) -> Outage:
        """From now on nothing can be learned about any request, until it is withdrawn.

        Nobody waits long for that: no news can come.
        """
        self.patience = SHORT
        places: tuple[Place, ...] = ("status", "result", "history")
        faults = [Fault(place, nginx(503), times=None) for place in places]
        return Outage([self.service.inject(fault) for fault in faults], self._awake)

    def _awake(self) -> None:
        self.patience = LONG

    def rows(self) -> list[Row]:
        """The ledger's rows."""
        return self.store.rows()

    def states(self) -> list[str]:
        """The states of the ledger's rows, oldest first."""
        return [row.state for row in self.rows()]

    @property
    def notices(self) -> list[str]:
        """What the last run told the user besides the states."""
        return [event.message for event in self.events if isinstance(event, Noticed)]

    def told(self, shot: str = "sh010") -> list[str]:
        """The states that the last run told of a shot, each once in a row."""
        states = [
            event.state.value
            for event in self.events
            if isinstance(event, TakeChanged) and event.shot == shot
        ]
        return [now for before, now in zip(["", *states], states, strict=False) if now != before]


def delivered(made: Generated) -> bool:
    """Whether everything came, and is a file."""
    return not made.failures and all(path.is_file() for path in made.clips.values())


def failure(made: Generated) -> StoryboardError:
    """The error of the only failure."""
    (only,) = made.failures
    return only.error


def nothing_leaked(folder: Path, service: FakeService, printed: str) -> None:
    """The key is in no file, was sent to nobody else, and was not printed; nobody left here."""
    assert service.escapes == []
    assert service.leaks == []
    halves = [part.encode() for part in (service.key, *service.key.split(":"))]
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(half in content for half in halves), f"the key is in {path}"
    assert not any(half.decode() in printed for half in halves)
