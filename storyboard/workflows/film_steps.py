"""The steps of a film, of one or of many: prepared, allowed, generated, cut, written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storyboard import notebook
from storyboard.errors import Interrupted, NotAllowed, OverBudget
from storyboard.events import Encoding, Noticed, Warned
from storyboard.generating.terms import USUAL_RUN
from storyboard.planning import shapes
from storyboard.planning.planned import Plan
from storyboard.units.money import dollars, usd
from storyboard.units.timing import decimal
from storyboard.workflows.conform import edit
from storyboard.workflows.finish import USUAL
from storyboard.workflows.finishing import finished, lacks
from storyboard.workflows.foreseen import expected_wait
from storyboard.workflows.moved_keyframes import moved_keyframes
from storyboard.workflows.preflight import (
    Seen,
    guarded,
    refuse_full_disk,
    refuse_outputs,
    refuse_too_big,
)
from storyboard.workflows.retakes import asks_for_retakes, with_retakes
from storyboard.workflows.source import plan_with
from storyboard.workflows.versions import deliveries

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.audio.mastering import Level
    from storyboard.events import Event, Listener
    from storyboard.generating.conductor import Failure
    from storyboard.generating.generate import Generated
    from storyboard.generating.scheduler import Stop
    from storyboard.generating.terms import Run
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.rendering.pieces import Piece
    from storyboard.rendering.segments import Segments
    from storyboard.reviewing.fixes import Fixed
    from storyboard.reviewing.report import Report
    from storyboard.store import Store
    from storyboard.timeline import Timeline
    from storyboard.workflows.finish import Delivery, Finish
    from storyboard.workflows.finishing import Finished
    from storyboard.workflows.source import StoreContents

AnyOutput = str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None
"""The film's file, or several; None: the usual one."""

Approve = Callable[[Plan], bool]
"""Asked before anything is paid; sees the plan with its price."""


@dataclass(frozen=True, slots=True)
class WrittenVersion:
    """Another film from the same takes."""

    name: str
    """The version's, or `film`."""
    path: Path
    timeline: Timeline
    beside: tuple[Path, ...] = ()
    """Files written beside it: subtitles."""


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film."""

    path: Path
    timeline: Timeline
    cost_microusd: int
    """Micro-dollars that this run spent."""
    report: Report
    """What was measured at its seams."""
    fixes: tuple[Fixed, ...] = ()
    """Seams that were fixed, before and after."""
    held: tuple[str, ...] = ()
    """Shots that could not be had, whose still stands in for them."""
    failures: tuple[Failure, ...] = ()
    beside: tuple[Path, ...] = ()
    """Files written beside it: subtitles, a poster."""
    level: Level | None = None
    """What its sound measures; None where nothing sounds."""
    pieces: tuple[Piece, ...] = ()
    """What it was joined from: takes' own packets, and what was encoded, with the reason."""
    others: tuple[WrittenVersion, ...] = ()
    """What else was written in the same run: versions, and the film under other names."""

    @property
    def cost(self) -> Decimal:
        """US dollars that this run spent."""
        return usd(self.cost_microusd)

    @property
    def loudness_missed(self) -> str:
        """What is to be said of a loudness that was asked for and not reached; else nothing."""
        asked = self.timeline.loudness
        return "" if asked is None or self.level is None else self.level.missed(asked)

    def __repr__(self) -> str:
        length = decimal(self.timeline.seconds, 2)
        return f"<Film {str(self.path)!r}, {length} s, {dollars(self.cost_microusd)}>"

    def _repr_html_(self) -> str:
        """The film as a notebook's player."""
        return notebook.player(self.path, self.timeline.title)

    @property
    def complete(self) -> bool:
        """Whether every shot is in it."""
        return not self.held


def outputs_for(
    storyboard: CheckedStoryboard,
    outputs: Sequence[Path] = (),
    *,
    draft: bool = False,
    finish: Finish = USUAL,
    versions: Collection[str] | None = None,
    store: Store | None = None,
    new_folders: bool = False,
) -> tuple[Delivery, ...]:
    """What is written where; `MediaError` where a film, or a file beside one, can't lie there."""
    films = deliveries(storyboard, outputs, finish=finish, draft=draft, versions=versions)
    refuse_outputs(storyboard, films, store=store, new_folders=new_folders)
    return films


@dataclass(frozen=True, slots=True)
class FilmTerms:
    """What is terms of a film besides its storyboard: the same of one film and of many."""

    versions: Collection[str] | None = None
    draft: bool = False
    only: Collection[str] | None = None
    retry: bool = False
    finish: Finish = USUAL

    def __post_init__(self) -> None:
        if isinstance(self.versions, str):  # one, and not its letters
            object.__setattr__(self, "versions", (self.versions,))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A film that is decided and priced: its plan, and every file that is written."""

    plan: Plan
    files: tuple[Delivery, ...]

    @property
    def remarks(self) -> Iterator[str]:
        """What is worth knowing of the files before anything is paid."""
        return _said(self.plan, self.files)


def prepared(
    board: CheckedStoryboard,
    store: Store,
    outputs: Sequence[Path],
    terms: FilmTerms,
    *,
    run: Run = USUAL_RUN,
    known: StoreContents | None = None,
    new_folders: bool = False,
) -> Prepared:
    """The film's plan and files. `known` is what the store has, where that was asked before; with
    `new_folders`, missing folders are made later.

    MediaError where a file can't be written under its name.
    """
    draft, finish = terms.draft, terms.finish
    films = outputs_for(
        board,
        outputs,
        draft=draft,
        finish=finish,
        versions=terms.versions,
        store=store,
        new_folders=new_folders,
    )
    if not draft and asks_for_retakes(board):
        board = with_retakes(board, store, measure=True, executor=run.executor)
    made = plan_with(
        board,
        store,
        draft=draft,
        only=terms.only,
        retry=terms.retry,
        small=finish.preview,
        known=known,
    )
    return Prepared(made, films)


def _said(made: Plan, films: Sequence[Delivery]) -> Iterator[str]:
    """What is worth knowing of the files before anything is paid."""
    if said := _cut_off(made, films[0].finish):
        yield said
    for film in films:
        yield from lacks(film, made.size)


def _cut_off(made: Plan, finish: Finish) -> str:
    """What a size that the storyboard does not know leaves out."""
    known = {version.size for version in made.storyboard.versions}
    if finish.size is None or finish.size in known:
        return ""
    return shapes.much(made.size, finish.size, finish.reframe or "crop")


def warn(made: Plan, listener: Listener) -> None:
    """Tell the plan's warnings."""
    for warning in made.warnings:
        listener(Warned(str(warning), drawn=f"warning: {warning.drawn()}"))


def agree(
    made: Plan, store: Store, films: Sequence[Prepared], *, approve: Approve | None, run: Run
) -> None:
    """Say all that is worth knowing before anything is paid, and have it allowed.

    `made` is the plan of all that these films ask for. `InvalidStoryboard`, `MediaError` or
    `NotAllowed` say why nothing is done.
    """
    warn(made, run.listener)
    for said in dict.fromkeys(said for film in films for said in film.remarks):
        run.listener(Noticed(said))
    refuse_too_big(made, Seen(store.folder))
    refuse_full_disk(made, store, [(film.plan, film.files) for film in films])
    files = [(film.plan, file.finish) for film in films for file in film.files]
    elsewhere = run.executor is not None
    waiting = expected_wait(made, store, jobs=run.jobs, films=files, elsewhere=elsewhere)
    if waiting is not None:
        run.listener(waiting)
    allow(made, cap=run.accepting(made.doubts).cap, approve=approve)


def allow(made: Plan, *, cap: int | None, approve: Approve | None) -> None:
    """Nothing is paid without a yes to its price; `NotAllowed` says what to do.

    `cap` is what may be spent, in micro-dollars.
    """
    price = made.most_microusd
    if price == 0:
        return
    most = "at most " if price > made.price_microusd else ""
    if cap is not None and price > cap:
        raise OverBudget(
            f"this costs {most}{dollars(price)}, more than `max_cost` {dollars(cap)}; "
            "raise it, or render some shots with `only`"
        )
    if cap is None and not (approve and approve(made)):
        raise NotAllowed(f"not confirmed: {most}{dollars(price)}. Nothing was spent")


@dataclass(frozen=True, slots=True)
class WholeCut:
    """A film that is cut, and not written yet."""

    plan: Plan
    timeline: Timeline
    held: tuple[str, ...]
    """Shots whose still stands in for them."""


def cut_of(made: Plan, got: Generated, store: Store, *, run: Run) -> WholeCut:
    """The cut of what was generated; what stands in for a shot is told."""
    timeline, held = edit(made, got, store, executor=run.executor)
    _tell_moved(made, timeline, store, run.listener)
    for shot in held:
        run.listener(Noticed(f"{_missing(made, shot)}; its still is held instead", shot))
    return WholeCut(made, timeline, held)


def written(
    cut: WholeCut,
    got: Generated,
    store: Store,
    films: Sequence[Delivery],
    *,
    cache: Path,
    run: Run,
    early: Segments | None = None,
) -> Film:
    """Write each of the files of a cut."""
    made, timeline = cut.plan, cut.timeline
    first, *others = films
    with guarded(made.storyboard, store):
        done = finished(made, timeline, first, cache=cache, run=run, early=early)
        more = tuple(
            _version(
                other, finished(made, timeline, other, cache=cache, run=run, report=done.report)
            )
            for other in others
        )
    return Film(
        path=first.path,
        timeline=done.timeline,
        cost_microusd=got.cost_microusd,
        report=done.report,
        fixes=done.fixes,
        held=cut.held,
        failures=got.failures,
        beside=done.beside,
        level=done.level,
        pieces=done.pieces,
        others=more,
    )


def _version(film: Delivery, done: Finished) -> WrittenVersion:
    return WrittenVersion(film.name, film.path, done.timeline, done.beside)


def _tell_moved(made: Plan, timeline: Timeline, store: Store, listener: Listener) -> None:
    """Say which keyframes of the film's takes lie elsewhere than they were ordered."""
    shown = {(clip.shot, clip.take) for clip in timeline.clips}
    for moved in moved_keyframes(made, store):
        if (moved.shot, moved.take) in shown:
            listener(Noticed(moved.words, moved.shot))


def _missing(made: Plan, shot: str) -> str:
    asked = made.only is None or shot in made.only
    return "could not be had" if asked else "was not asked for"


def paths(output: AnyOutput) -> list[Path]:
    """The films that are named: none, one, or several."""
    if not output:
        return []
    if isinstance(output, (str, os.PathLike)):
        return [Path(output)]
    return [Path(one) for one in output]


def until_stopped(stop: Stop, listener: Listener) -> Listener:
    """A listener that ends the writing of a film, too, once somebody wishes to stop."""

    def hear(event: Event) -> None:
        if stop and isinstance(event, Encoding):
            raise Interrupted("stopped; the film is not written. What was paid for is in the store")
        listener(event)

    return hear


@contextmanager
def cache_of(store: Store) -> Iterator[Path]:
    """The store's folder of segments; a passing one where the store can't be written."""
    try:
        store.segments.mkdir(parents=True, exist_ok=True)
        writable = os.access(store.segments, os.W_OK)
    except OSError:
        writable = False
    if writable:
        yield store.segments
        return
    with TemporaryDirectory(prefix="storyboard-") as folder:
        yield Path(folder)
