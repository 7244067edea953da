"""Making the films of a batch: their takes in one go, each film as soon as its takes are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble, Interrupted, StoryboardError
from storyboard.events import (
    Began,
    Encoding,
    Explained,
    FilmChanged,
    FilmState,
    Noticed,
    State,
    TakeChanged,
)
from storyboard.generating.generate import Generated
from storyboard.generating.scheduler import Stop
from storyboard.planning.together import BETWEEN, named, shares
from storyboard.units.money import dollars, usd
from storyboard.workflows.batch.batch_manifest import BatchManifest, ManifestEntry, said_before
from storyboard.workflows.batch.made_of import made_of
from storyboard.workflows.film_steps import cache_of, cut_of, until_stopped, written
from storyboard.workflows.gauging import gauged
from storyboard.workflows.retakes import asks_for_retakes, retaken

if TYPE_CHECKING:
    from concurrent.futures import Future
    from decimal import Decimal

    from storyboard.events import Event, Listener
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan, PlannedTake
    from storyboard.store import Store
    from storyboard.workflows.batch.deciding import BatchPlan, RowFilm
    from storyboard.workflows.film_steps import Film


@dataclass(frozen=True, slots=True)
class BatchFilm:
    """What became of one film of a batch."""

    name: str
    row: int
    """The number of its row, from 1."""
    path: Path
    state: FilmState
    share_microusd: int = 0
    """Its share of what its takes cost, whenever they were bought, in micro-dollars. What several
    films of the table show is divided evenly among them."""
    error: StoryboardError | None = None
    """Why it could not be made."""
    film: Film | None = None
    """What was written; None where nothing had to be, or could be."""

    @property
    def share(self) -> Decimal:
        """The same in US dollars."""
        return usd(self.share_microusd)


@dataclass(frozen=True, slots=True)
class Batch:
    """The films of a table, made."""

    films: tuple[BatchFilm, ...]
    """Those that were asked for, in the order of their rows."""
    cost_microusd: int
    """Micro-dollars that this run spent."""
    manifest: Path
    """The file that says what became of each film of the table; one for spreadsheets is beside
    it."""

    def __repr__(self) -> str:
        good = sum(film.state.is_good for film in self.films)
        return f"<Batch {good} of {len(self.films)} films, {dollars(self.cost_microusd)}>"

    @property
    def cost(self) -> Decimal:
        """US dollars that this run spent."""
        return usd(self.cost_microusd)

    @property
    def complete(self) -> bool:
        """Whether every film is there, with all of its shots."""
        return all(film.state.is_good for film in self.films)


def make_all(
    batch: BatchPlan, store: Store, *, generate: Callable[..., Generated], run: Run
) -> Batch:
    """Carry out a batch that is allowed; `generate` brings a plan's takes.

    A film that can't be made stops no other. `Interrupted` after a wish to stop, once what was
    being sent is recorded; films that are written by then are in the manifest.
    """
    stop = Stop() if run.stop is None else run.stop
    heard = _alone(run.listener)
    run = replace(run, stop=stop, listener=heard)
    run.listener(Began())
    first = batch.made[0].film
    run = replace(run, clock=run.clock or store.clock)
    with (
        gauged(batch.plan, first.files[0].finish, run) as run,
        cache_of(store) as cache,
        _Making(batch, store, cache, run) as making,
    ):
        got = generate(batch.plan, store, run=replace(run, listener=making))
        left = {film.name: film.film.plan for film in making.left}
        agreed = batch.plan.most_microusd
        after, got = retaken(left, got, store, run=run, generate=generate, agreed=agreed)
        for film in making.left:
            making.begin(film, after[film.name], _own(film.name, got))
        return making.ended(got)


def _alone(listener: Listener) -> Listener:
    """The listener, which hears one event at a time, from whichever thread."""
    lock = threading.Lock()

    def hear(event: Event) -> None:
        with lock:
            listener(event)

    return hear


def _own(film: str, got: Generated) -> Generated:
    """What of all that was generated concerns one film, its shots called as it calls them."""
    begin = f"{film}{BETWEEN}"
    failures = tuple(
        replace(failure, shot=failure.shot.removeprefix(begin))
        for failure in got.failures
        if failure.shot.startswith(begin)
    )
    return Generated(got.clips, failures)


class _Making(AbstractContextManager["_Making"]):
    """Hears of takes that land, and writes films as soon as theirs are there, one at a time."""

    def __init__(self, batch: BatchPlan, store: Store, cache: Path, run: Run) -> None:
        self._batch, self._store, self._cache, self._run = batch, store, cache, run
        self._books = _Books(batch, store)
        self._coming = {
            film.name: {take.key for shot in film.film.plan.wanted for take in shot.takes}
            for film in batch.made
            if not asks_for_retakes(film.film.plan.storyboard)
        }
        """By film, the takes that it waits for, if it begins as soon as they are there."""
        self._keys = {
            (take.shot, take.number): take.key
            for shot in batch.plan.wanted
            for take in shot.takes
            if take.own
        }
        self._begun: dict[str, Future[BatchFilm]] = {}
        self._worker = ThreadPoolExecutor(1, "films")

    def __enter__(self) -> _Making:
        for film in self._batch.made:
            film.path.parent.mkdir(parents=True, exist_ok=True)
        self._batch.folder.mkdir(parents=True, exist_ok=True)
        self._books.write()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._worker.shutdown(wait=True, cancel_futures=error is not None)
        self._books.write()

    def __call__(self, event: Event) -> None:
        """Hear of an event. What a take is made for is told of it once, for the first film."""
        if not isinstance(event, TakeChanged):
            self._run.listener(event)
            return
        key = self._keys.get((event.shot, event.take))
        if key is None and event.state is not State.FAILED:
            return
        self._run.listener(event)
        if key is not None and event.state in (State.DONE, State.REUSED):
            self._landed(key)

    def _landed(self, key: str) -> None:
        for film in self.left:
            waits = self._coming.get(film.name)
            if waits is None:
                continue
            waits.discard(key)
            if not waits:
                self.begin(film, film.film.plan, Generated({}))

    @property
    def left(self) -> list[RowFilm]:
        """The films that are not begun yet."""
        return [film for film in self._batch.made if film.name not in self._begun]

    def begin(self, film: RowFilm, plan: Plan, got: Generated) -> None:
        """Have a film written, by the plan and of the takes that there are now."""
        self._begun[film.name] = self._worker.submit(self._film, film, plan, got)

    def ended(self, got: Generated) -> Batch:
        """All films, once each is written, or can't be."""
        wait(self._begun.values())  # one that can't go on stops no other
        made = [self._begun[film.name].result() for film in self._batch.made]
        self._books.spent(got.cost_microusd)
        shares = self._books.shares()
        films = tuple(replace(film, share_microusd=shares[film.name]) for film in made)
        return Batch(films, got.cost_microusd, self._books.manifest.paths[0])

    def _film(self, film: RowFilm, plan: Plan, got: Generated) -> BatchFilm:
        run = self._run
        if run.stop:
            raise Interrupted(
                "stopped; not every film is written. What was paid for is in the store"
            )
        try:
            found = self._written(film, plan, got)
        except Interrupted:
            raise
        except (StoryboardError, OSError) as error:
            told = error if isinstance(error, StoryboardError) else files.trouble(error)
            found = BatchFilm(film.name, film.row.number, film.path, FilmState.FAILED, error=told)
            self._books.failed(found)
        detail = str(found.error or "")
        run.listener(FilmChanged(film.name, found.state, str(film.path), detail))
        return found

    def _written(self, film: RowFilm, plan: Plan, got: Generated) -> BatchFilm:
        """The film, written unless it is there of the very same."""
        run, store = self._of(film), self._store
        cut = cut_of(plan, got, store, run=run)
        about, number = made_of(cut, film.film.files), film.row.number
        if self._books.has(film, about):
            there = BatchFilm(film.name, number, film.path, FilmState.THERE)
            self._books.there(there, about, float(cut.timeline.seconds))
            return there
        self._run.listener(FilmChanged(film.name, FilmState.WRITING, str(film.path)))
        one = written(cut, got, store, film.film.files, cache=self._cache, run=run)
        state = FilmState.DONE if one.complete else FilmState.INCOMPLETE
        found = BatchFilm(film.name, number, film.path, state, film=one)
        self._books.written(found, about if one.complete else "")
        return found

    def _of(self, film: RowFilm) -> Run:
        """The run, whose listener hears of which film an event is; it ends with a wish to stop."""
        assert self._run.stop is not None
        heard = until_stopped(self._run.stop, self._run.listener)

        def hear(event: Event) -> None:
            if isinstance(event, Encoding):
                event = replace(event, film=film.name)
            elif isinstance(event, (Noticed, Explained)):
                event = replace(event, shot=_among(film.name, event.shot))
            heard(event)

        return replace(self._run, listener=hear)


def _among(film: str, shots: str) -> str:
    """The shots of an event as they are called among those of other films."""
    return ", ".join(named(film, shot) for shot in shots.split(", ")) if shots else film


@dataclass(slots=True)
class _Books:
    """The manifest, which is written as films come."""

    batch: BatchPlan
    store: Store
    manifest: BatchManifest = field(init=False)
    before: Mapping[str, ManifestEntry] = field(init=False)
    _costs: dict[str, int] = field(default_factory=dict)
    _every: int = 1
    """After so many films it is written again: a long table is not written for each of them."""
    _waiting: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        batch = self.batch
        self.manifest = BatchManifest(batch.folder, batch.path, batch.rows_file)
        self.before = said_before(batch.folder)
        self._every = max(1, len(batch.films) // 200)
        self.manifest.films = {film.name: self._first(film) for film in batch.films}

    def _first(self, film: RowFilm) -> ManifestEntry:
        """What is said of a film before anything is done; of one that is left out, as before."""
        path = self.manifest.path_of(film.path)
        new = ManifestEntry(film.name, film.row.number, path, film.row.values)
        was = self.before.get(path)
        if film.name in self.batch.wanted:
            return replace(new, made_of=was.made_of, sha256=was.sha256) if was else new
        old = replace(was, film=film.name, row=film.row.number) if was else None
        return old or replace(new, state=FilmState.LEFT)

    def has(self, film: RowFilm, about: str) -> bool:
        """Whether a film is there, made of the very same, and nobody wrote over it."""
        was = self.before.get(self.manifest.path_of(film.path))
        own = (path for one in film.film.files for path in (one.path, *one.finish.beside(one.path)))
        return (
            was is not None
            and was.made_of == about
            and all(path.is_file() for path in own if path.suffix not in (".srt", ".vtt"))
            and files.sha256(film.path) == was.sha256
        )

    def there(self, film: BatchFilm, about: str, seconds: float) -> None:
        """A film was there."""
        was = self.before[self.manifest.path_of(film.path)]
        self._note(film, made_of=about, sha256=was.sha256, beside=was.beside, seconds=seconds)

    def written(self, found: BatchFilm, about: str) -> None:
        """A film was written."""
        assert found.film is not None
        one = found.film
        lost = "; ".join(str(failure) for failure in one.failures)
        held = f"held as a still: {', '.join(one.held)}" if one.held else ""
        self._note(
            found,
            made_of=about,
            sha256=files.sha256(found.path),
            beside=tuple(map(self.manifest.path_of, one.beside)),
            seconds=float(one.timeline.seconds),
            error="; ".join(filter(None, (held, lost))),
        )

    def failed(self, found: BatchFilm) -> None:
        """A film could not be made."""
        self._note(found, error=str(found.error), made_of="", sha256="")

    def _note(self, found: BatchFilm, **more: object) -> None:
        with self._lock:
            entry = self.manifest.films[found.name]
            self.manifest.films[found.name] = replace(entry, state=found.state, **more)  # type: ignore[arg-type]
            self._waiting += 1
        if self._waiting >= self._every:
            self.write()

    def spent(self, microusd: int) -> None:
        """What the run cost."""
        self.manifest.spent_microusd = microusd

    def write(self) -> None:
        """Put it on the disk as it is now."""
        with self._lock:
            self._waiting = 0
            for name, share in self.shares().items():
                entry = self.manifest.films[name]
                self.manifest.films[name] = replace(entry, share_microusd=share)
            self.manifest.write()

    def shares(self) -> dict[str, int]:
        """By film of the whole table, its share of what its takes cost."""
        return shares({film.name: film.film.plan for film in self.batch.films}, self._cost)

    def _cost(self, take: PlannedTake) -> int:
        if take.key not in self._costs and self.store.has(take.key):
            with suppress(FileTrouble, ValueError):
                self._costs[take.key] = int(self.store.note(take.key).get("cost", 0))
        return self._costs.get(take.key, 0)
