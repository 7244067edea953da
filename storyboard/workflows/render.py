"""From the file to the film: the stages, wired together. Each stage can be used alone as well."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Unpack

from storyboard import fal, notebook
from storyboard.errors import NotAllowed
from storyboard.events import Began, Noticed, Warned
from storyboard.generating.generate import generate as carry_out
from storyboard.generating.terms import USUAL_RUN
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load
from storyboard.planning import shapes
from storyboard.planning.planned import Plan
from storyboard.reviewing.oddities import oddities
from storyboard.takes.holding import Standing
from storyboard.units.money import dollars, usd
from storyboard.units.timing import decimal
from storyboard.workflows.conform import edit
from storyboard.workflows.finish import USUAL, finished, lacks
from storyboard.workflows.head_start import HeadStart
from storyboard.workflows.moved_keyframes import moved_keyframes
from storyboard.workflows.preflight import (
    Seen,
    guarded,
    looked_over,
    refuse_full_disk,
    refuse_outputs,
    refuse_too_big,
)
from storyboard.workflows.retakes import asks_for_retakes, retaken, with_retakes
from storyboard.workflows.source import StoryboardFile, plan_with, store_for
from storyboard.workflows.versions import deliveries

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.generating.conductor import Failure
    from storyboard.generating.generate import Generated
    from storyboard.generating.terms import Run, Settings
    from storyboard.loading.sources import Source
    from storyboard.rendering.pieces import Piece
    from storyboard.reviewing.fixes import Fixed
    from storyboard.reviewing.report import Report
    from storyboard.service import Service
    from storyboard.store import Store
    from storyboard.timeline import Timeline
    from storyboard.workflows.finish import Delivery, Finish, Finished

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
) -> tuple[Delivery, ...]:
    """What is written where; `MediaError` where a film, or a file beside one, can't lie there."""
    films = deliveries(storyboard, outputs, finish=finish, draft=draft, versions=versions)
    refuse_outputs(storyboard, films, store=store)
    return films


def render(
    storyboard: CheckedStoryboard | StoryboardFile | Source,
    output: Path | str | Sequence[Path | str] | None = None,
    *,
    versions: Collection[str] | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    approve: Approve | None = None,
    store: Store | None = None,
    finish: Finish = USUAL,
    variables: Mapping[str, str] | None = None,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Film:
    """Make the film of a storyboard: plan, generate what is missing, cut, assemble.

    `storyboard` is what `load` gives, or whatever it takes. `output` is the film's file, or
    several. `versions` are those that are written, by name, `film` for the film itself; left out,
    all. Every file comes from the same takes: there is one plan, and one payment.

    Paid work needs a yes: a `max_cost` (`"$2.00"`) of at least the plan's price, or an `approve`
    that returns true. Anything else raises `NotAllowed`, and nothing is spent. What the service
    refused before is sent again only with `retry`. `run` says how the work is carried out; a field
    of it (`max_cost`, `listener` ...) may be given as a keyword instead.
    """
    run = run.but(settings)
    board, store = _opened(storyboard, store, draft=draft, variables=variables)
    films = outputs_for(
        board, _paths(output), draft=draft, finish=finish, versions=versions, store=store
    )
    if not draft and asks_for_retakes(board):
        board = with_retakes(board, store, measure=True, executor=run.executor)
    made = plan_with(board, store, draft=draft, only=only, retry=retry, small=finish.preview)
    _tell(made, films, run.listener)
    refuse_too_big(made, Seen(store.folder))
    refuse_full_disk(made, store, films)
    allow(made, cap=run.accepting(made.doubts).cap, approve=approve)
    return make(made, store, films, run=run)


def _tell(made: Plan, films: Sequence[Delivery], listener: Listener) -> None:
    """Say what is worth knowing before anything is paid."""
    warn(made, listener)
    for said in _said(made, films):
        listener(Noticed(said))


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


def _paths(output: Path | str | Sequence[Path | str] | None) -> list[Path]:
    if not output:
        return []
    return [Path(output)] if isinstance(output, (str, Path)) else [Path(one) for one in output]


def _opened(
    given: CheckedStoryboard | StoryboardFile | Source,
    store: Store | None,
    *,
    draft: bool,
    variables: Mapping[str, str] | None,
) -> tuple[CheckedStoryboard, Store]:
    """The storyboard, loaded and looked over, and its store."""
    if isinstance(given, StoryboardFile):
        board, store = given.storyboard(draft=draft), store or given.store
    elif isinstance(given, CheckedStoryboard):
        board = given
    else:
        board = load(given, draft=draft, variables=variables)
    store = store or store_for(board.path, told=board.media)
    return looked_over(board, Seen(store.folder)), store


def warn(made: Plan, listener: Listener) -> None:
    """Tell the plan's warnings."""
    for warning in made.warnings:
        listener(Warned(str(warning), drawn=f"warning: {warning.drawn()}"))


def allow(made: Plan, *, cap: int | None, approve: Approve | None) -> None:
    """Nothing is paid without a yes to its price; `NotAllowed` says what to do.

    `cap` is what may be spent, in micro-dollars.
    """
    price = made.most_microusd
    if price == 0:
        return
    most = "at most " if price > made.price_microusd else ""
    if cap is not None and price > cap:
        raise NotAllowed(
            f"this costs {most}{dollars(price)}, more than `max_cost` {dollars(cap)}; "
            "raise it, or render some shots with `only`"
        )
    if cap is None and not (approve and approve(made)):
        raise NotAllowed(f"not confirmed: {most}{dollars(price)}. Nothing was spent")


def make(made: Plan, store: Store, films: Sequence[Delivery], *, run: Run = USUAL_RUN) -> Film:
    """Carry out a plan that is allowed: generate, cut, assemble each of the films.

    Pieces of the first one are encoded as soon as their takes have landed.
    """
    run.listener(Began())
    first, *others = films
    with (
        cache_of(store) as cache,
        first.finish.segments(cache, executor=run.executor) as segments,
    ):
        with HeadStart(made, store, segments, finish=first.finish, run=run) as head_start:
            got = generate(made, store, run=replace(run, listener=head_start))
        made, got = retaken(made, got, store, run=run, generate=generate)
        timeline, held = edit(made, got, store, executor=run.executor)
        _tell_moved(made, timeline, store, run.listener)
        for shot in held:
            run.listener(Noticed(f"{_missing(made, shot)}; its still is held instead", shot))
        with guarded(made.storyboard, store):
            done = finished(made, timeline, first, cache=cache, run=run, early=segments)
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
        held=held,
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


def generate(
    plan: Plan,
    store: Store,
    *,
    service: Service | None = None,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Generated:
    """Bring every take of the plan into the store, and say what could not be had.

    Where something has to be bought or collected, that is done with `service`, or with the service
    that the environment has a key for. No more is asked: who calls this has seen `plan.price`, and
    may cap it with `max_cost`. `run` says how the work is carried out; a field of it may be given
    as a keyword instead. One failed shot does not lose the others.

    Raises `PriceRose` where the service asks for more than the plan says and nothing was paid,
    `Interrupted` after a wish to stop, once what was being sent is recorded.
    """
    run = run.but(settings)
    if service is not None or not needs_service(plan):
        return carry_out(plan, store, service=service, examine=oddities, run=run)
    with closing(fal.Fal(fal.key.find())) as found:
        return carry_out(plan, store, service=found, examine=oddities, run=run)


def needs_service(made: Plan) -> bool:
    """Whether anything has to be bought or collected."""
    sent = (Standing.FLYING, Standing.UNKNOWN)
    return any(take.buys or take.standing in sent for shot in made.wanted for take in shot.takes)
