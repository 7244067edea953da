"""A run of a storyboard in a process of its own, which can be killed at any step.

The process is forked from a server that has everything imported, so that starting it costs
next to nothing. Nothing in the package knows of it: a client that dies subclasses what it uses.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from storyboard.accounting.decisions import cancel
from storyboard.clock import REAL, Clockwork
from storyboard.depot.address import depot_at
from storyboard.depot.protocol import Depot
from storyboard.errors import Interrupted, StoryboardError
from storyboard.events import Encoding, Event, FilmChanged, FilmState, State, TakeChanged
from storyboard.fal import Fal, key, uploading
from storyboard.generating.backoff import Pace
from storyboard.generating.generate import Generated, collect, generate
from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import Run
from storyboard.ledger.door import Ledger
from storyboard.ledger.rows import Caps, Wish
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.service import Accepted
from storyboard.store import Store
from storyboard.takes.assets import AssetKind
from storyboard.takes.folder import TakesFolder
from storyboard.workflows.batch.deciding import Choice, decided
from storyboard.workflows.batch.making import make_all
from storyboard.workflows.film_steps import FilmTerms
from storyboard.workflows.finish import Finish
from storyboard.workflows.render import generate as generate_with

_IMPORTED = uploading
"""The service's own client, which a run imports when it needs it: here once for all of them."""

POINTS = (
    "before the upload",
    "after the upload",
    "before the intent",
    "after the intent",
    "after the POST",
    "before the id is on the disk",
    "after the id is on the disk",
    "before the answer is on the disk",
    "after the answer is on the disk",
    "in the download",
    "before the take is kept",
    "after its note",
    "after its clip",
    "after the ledger says kept",
)
"""Where a client can be told to die, in the order in which it gets there."""

FILM_POINTS = ("before a film", "in a film", "after a film")
"""The same of a batch, once takes are there."""

SHARED_POINTS = (
    "before the claim",
    "after the claim",
    "before its entry",
    "after its entry",
    "before its bytes are shared",
    "after its bytes are shared",
    "before its note is shared",
    "after its note is shared",
)
"""The same, where takes are shared with other machines."""

DONE, FAILED, INTERRUPTED = 0, 6, 130
"""How a client ends."""

PATIENCE = 300.0
"""Seconds that are waited for what is sure to come: only a mistake ever takes so long."""


@dataclass(frozen=True, slots=True)
class Haste:
    """A clock that runs faster than the wall's, the same in every process of this machine."""

    speed: float
    began: float
    """What `time.monotonic` said when it was `date`, in seconds since 1970."""
    date: float
    ahead: float = 0.0
    """Seconds that were jumped over."""
    wrong: float = 0.0
    """By how much its dates are off."""

    def time(self) -> float:
        """The date."""
        return self.date + self.monotonic() + self.wrong

    def monotonic(self) -> float:
        """Seconds since it began."""
        return (time.monotonic() - self.began) * self.speed + self.ahead

    def sleep(self, seconds: float) -> None:
        """Wait for so many of its seconds."""
        time.sleep(seconds / self.speed)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a client is told to do."""

    film: Path
    store: Path
    environment: Mapping[str, str]
    die: str = ""
    """At which of `POINTS`."""
    nth: int = 1
    """When it gets there for the so-manieth time."""
    scale: float = 0.002
    jobs: int = 4
    max_cost: int | None = None
    accept: tuple[str, ...] = ()
    """Models whose doubts are taken."""
    verb: str = "render"
    """`render`, `resume`, `cancel` or `batch`."""
    rows: Path | None = None
    """A batch's table."""
    output: str = ""
    """What a batch's films are called."""
    retry: bool = False
    """Whether what was refused is sent again."""
    clock: Clockwork = REAL
    folder: Path | None = None
    """Where it is started, where that matters."""
    log: Path | None = None
    """Where what it prints goes."""
    media: str = ""
    """The place for takes that several machines share."""
    waits: bool = True
    """Whether what others are buying is waited for."""
    patience: float = 1800.0
    """Of the engine, by its own seconds."""


class Client:
    """A client that was started."""

    def __init__(self, orders: Orders) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self.process: BaseProcess = context.Process(target=run, args=(orders,))
        self.process.start()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid or 0, number)

    def wait(self, timeout: float = PATIENCE) -> int:
        """How it ended: an exit code, or minus the signal that killed it."""
        self.process.join(timeout)
        code = self.process.exitcode
        if code is None:
            worked = _worked(self.process.pid or 0)
            self.kill()
            raise TimeoutError(f"the client does not end; {worked}")
        return code


def _worked(pid: int) -> str:
    """Whether a process that does not end hangs, or had no turn on a busy machine."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return f"it has worked for {(int(said[11]) + int(said[12])) / ticks:.1f} s of CPU"
    return "how much it has worked is not known"


def run(orders: Orders) -> None:
    """Do what the orders say; leaves with an exit code."""
    os.environ.update(orders.environment)
    if orders.folder is not None:
        os.chdir(orders.folder)
    if orders.log is not None:
        _print_into(orders.log)
    try:
        sys.exit(_done(orders))
    except KeyboardInterrupt:  # before it was a wish to stop: as the command line has it
        sys.exit(INTERRUPTED)


def _print_into(log: Path) -> None:
    """From here on everything that is printed goes there, also by others than Python."""
    with log.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    faulthandler.dump_traceback_later(PATIENCE - 50)  # where it hangs


def _done(orders: Orders) -> int:
    stop, die = Stop(), Death(orders.die, orders.nth)
    _interruptible(stop)
    fal = DyingFal(key.find(), die)
    store = DyingStore(orders.store, die, orders.clock, media=orders.media)
    try:
        if orders.verb == "batch":
            return _batch(orders, store, fal, stop, die)
        loaded = load(orders.film)
        wanted = plan(loaded, held=store.held(), retry=orders.retry)
        if orders.verb == "cancel":
            cancel(store, orders.film, fal)
            return DONE
        made = _made(orders, wanted, store, fal, stop, die)
    except Interrupted:
        return INTERRUPTED
    except StoryboardError as error:
        print(error, flush=True)
        return FAILED
    for failure in made.failures:
        print(failure, flush=True)
    return FAILED if made.failures else DONE


def _batch(orders: Orders, store: Store, fal: Fal, stop: Stop, die: Death) -> int:
    """A film for each row of a table."""
    assert orders.rows is not None
    terms = FilmTerms(finish=Finish(preview=True))
    run = Run(jobs=orders.jobs, pace=Pace(scale=orders.scale), stop=stop, listener=die.hear)
    batch, _ = decided(
        orders.film, orders.rows, orders.output, terms, choice=Choice(), store=store, run=run
    )
    made = make_all(batch, store, generate=partial(generate_with, service=fal), run=run)
    for film in made.films:
        print(film.name, film.state.value, film.error or "", flush=True)
    return DONE if made.complete else FAILED


def _made(
    orders: Orders, wanted: Plan, store: Store, fal: Fal, stop: Stop, die: Death
) -> Generated:
    pace = Pace(scale=orders.scale, patience=orders.patience)
    if orders.verb == "resume":
        return collect(wanted, store, service=fal, pace=pace, stop=stop, listener=die.hear)
    return generate(
        wanted,
        store,
        service=fal,
        jobs=orders.jobs,
        max_cost_microusd=orders.max_cost,
        accept=orders.accept,
        pace=pace,
        stop=stop,
        waits=orders.waits,
        listener=die.hear,
    )


def _interruptible(stop: Stop) -> None:
    """The first Ctrl-C or SIGTERM is a wish to stop, the second one ends it."""

    def heard(*_: object) -> None:
        if stop:
            os._exit(INTERRUPTED)
        stop.wish()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, heard)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where whoever runs the tests ignores it


class Death:
    """kill -9 at a point, once it is reached, or reached so often."""

    def __init__(self, point: str, nth: int = 1) -> None:
        self._point, self._left = point, nth
        self._lock = threading.Lock()

    def at(self, point: str) -> None:
        """Die if this is the point."""
        if point == self._point:
            with self._lock:
                self._left -= 1
                if self._left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: Event) -> None:
        """A listener that dies in the middle of a download, or around a film."""
        match event:
            case TakeChanged(state=State.DOWNLOADING, fraction=float(here)) if 0 < here < 1:
                self.at("in the download")
            case FilmChanged(state=FilmState.WRITING):
                self.at("before a film")
            case Encoding():
                self.at("in a film")
            case FilmChanged(state=FilmState.DONE):
                self.at("after a film")

    @contextlib.contextmanager
    def around(self, what: str) -> Iterator[None]:
        """Points before and after."""
        self.at(f"before {what}")
        yield
        self.at(f"after {what}")


def nothing() -> None:
    """What is done before a request that nobody writes down."""


class DyingFal(Fal):
    """The service, and a client that may die around each exchange."""

    def __init__(self, key: str | None, death: Death) -> None:
        super().__init__(key)
        self._death = death

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Upload, and die around it."""
        with self._death.around("the upload"):
            return super().upload(data, mime, name)

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = nothing,
    ) -> Accepted:
        """Send, and die after it."""
        with self._death.around("the POST"):
            return super().submit(endpoint, arguments, tag=tag, before=before)


class DyingLedger(SqliteLedger):
    """The ledger, and a client that may die around each line."""

    death: Death

    def intend(self, intent: str, wish: Wish, caps: Caps = Caps()) -> None:  # noqa: B008
        """Write down, and die around it."""
        with self.death.around("the intent"):
            super().intend(intent, wish, caps)

    def sent(self, intent: str, request_id: str, urls: Mapping[str, str]) -> bool:
        """Write down, and die around it."""
        with self.death.around("the id is on the disk"):
            return super().sent(intent, request_id, urls)

    def done(self, intent: str, result: Mapping[str, Any], actual: int | None) -> None:
        """Write down, and die around it."""
        with self.death.around("the answer is on the disk"):
            super().done(intent, result, actual)

    def kept(self, intent: str, detail: str = "") -> None:
        """Write down, and die after it."""
        with self.death.around("the ledger says kept"):
            super().kept(intent, detail)


class DyingTakes(TakesFolder):
    """The takes, and a client that may die between a take's note and its clip, and after both."""

    def __init__(self, folder: Path, death: Death) -> None:
        super().__init__(folder / "takes", aside=folder / "parts")
        self._death = death

    def open(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """Where it is, and die where it has just got half way."""
        path = super().open(key, kind)
        if path.with_suffix(".json").exists():
            self._death.at("after its clip" if path.exists() else "after its note")
        return path


class DyingDepot:
    """The media place, and a client that may die around each file of it."""

    def __init__(self, depot: Depot, death: Death) -> None:
        self._depot, self._death = depot, death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._depot, name)

    def create(self, name: str, data: bytes) -> bool:
        """Create, and die around it."""
        about = {"claims": "the claim", "rolls": "its entry", "takes": "its note is shared"}
        what = about.get(name.split("/")[0], "")
        if not what or name.endswith(".end.json"):
            return self._depot.create(name, data)
        with self._death.around(what):
            return self._depot.create(name, data)

    def put(self, name: str, file: Path) -> None:
        """Copy, and die around it."""
        with self._death.around("its bytes are shared"):
            self._depot.put(name, file)


class DyingStore(Store):
    """The store, and a client that may die around each file."""

    def __init__(
        self, folder: Path, death: Death, clock: Clockwork = REAL, *, media: str = ""
    ) -> None:
        depot = DyingDepot(depot_at(media, folder), death) if media else None
        super().__init__(folder, takes=DyingTakes(folder, death), media=depot, clock=clock)
        self._death = death

    @property
    def ledger(self) -> Ledger:
        """The same ledger, but one to die around."""
        made = super().ledger
        if not isinstance(made, DyingLedger):
            made.__class__ = DyingLedger
            assert isinstance(made, DyingLedger)
            made.death = self._death
        return made

    def keep(self, key: str, clip: Path, note: Mapping[str, Any]) -> Path:
        """Keep, and die before it."""
        with self._death.around("the take is kept"):
            return super().keep(key, clip, note)


def all_of(clients: Sequence[Client]) -> list[int]:
    """How they ended."""
    return [client.wait() for client in clients]
