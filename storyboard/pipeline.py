"""From the file to the film: the stages, wired together. Each stage can be used alone as well."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyboard import files
from storyboard.cut import Footage, cut
from storyboard.errors import MediaError, NotAllowed, ServiceError
from storyboard.events import Listener, Noticed, ignore
from storyboard.generate import JOBS, Failure, Generated, Pace, Stop, generate
from storyboard.load import Storyboard, load
from storyboard.models import dollars
from storyboard.plan import Plan, PlannedShot, Standing, plan
from storyboard.store import Store
from storyboard.timeline import Media, Timeline

STORE = "STORYBOARD_STORE"
"""Environment variable that names the store's folder."""

Approve = Callable[[Plan], bool]
"""Asked before anything is paid; sees the plan with its price."""


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film."""

    path: Path
    timeline: Timeline
    cost: int
    """Micro-dollars that this run spent."""
    held: tuple[str, ...] = ()
    """Shots that could not be had, whose still stands in for them."""
    failures: tuple[Failure, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every shot is in it."""
        return not self.held


def store_for(storyboard: Path, folder: Path | str | None = None) -> Store:
    """The store of a storyboard: the folder given, or `STORYBOARD_STORE`, or `.storyboard`."""
    return Store(folder or os.environ.get(STORE) or storyboard.parent / ".storyboard")


def plan_with(
    storyboard: Storyboard,
    store: Store,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
) -> Plan:
    """The plan of a storyboard, with what this store has of it."""
    held, earlier = store.held(), store.earlier(storyboard.path)
    return plan(storyboard, held=held, earlier=earlier, draft=draft, only=only)


def output_for(storyboard: Storyboard, output: Path | None, *, draft: bool) -> Path:
    """Where the film goes; refused where it would overwrite something it is made from."""
    suffix = ".draft.mp4" if draft else ".mp4"
    path = output or storyboard.path.with_suffix(suffix)
    try:
        files.refuse_overwrite(path, storyboard.inputs)
    except ValueError as error:
        raise MediaError(str(error)) from error
    return path


def render(
    storyboard: Storyboard | Path | str,
    output: Path | None = None,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
    max_cost: int | None = None,
    approve: Approve | None = None,
    store: Store | None = None,
    jobs: int = JOBS,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
    variables: Mapping[str, str] | None = None,
) -> Film:
    """Make the film of a storyboard: plan, generate what is missing, cut, assemble.

    Paid work needs a yes: `max_cost` (micro-dollars) of at least the plan's price, or an
    `approve` that returns true. Anything else raises `NotAllowed`, and nothing is spent.
    """
    if not isinstance(storyboard, Storyboard):
        storyboard = load(storyboard, draft=draft, variables=variables)
    path = output_for(storyboard, output, draft=draft)
    store = store or store_for(storyboard.path)
    made = plan_with(storyboard, store, draft=draft, only=only)
    allow(made, max_cost=max_cost, approve=approve)
    run = spend(made, store, jobs=jobs, max_cost=max_cost, listener=listener, stop=stop, pace=pace)
    timeline, held = edit(made, run, store)
    for shot in held:
        listener(Noticed("is not in the film; its still is held instead", shot))
    from storyboard.assemble import assemble

    assemble(timeline, path, cache=store.segments, listener=listener)
    return Film(path, timeline, run.cost, held, run.failures)


def allow(made: Plan, *, max_cost: int | None, approve: Approve | None) -> None:
    """Nothing is paid without a yes to its price; `NotAllowed` says what to do."""
    price = made.price
    if price == 0:
        return
    if max_cost is not None and price > max_cost:
        raise NotAllowed(
            f"this costs {dollars(price)}, more than --max-cost {dollars(max_cost)}; "
            "raise it, or render some shots with --only"
        )
    if max_cost is None and not (approve and approve(made)):
        raise NotAllowed(f"not confirmed: {dollars(price)}. Nothing was spent")


def spend(
    made: Plan,
    store: Store,
    *,
    jobs: int = JOBS,
    max_cost: int | None = None,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
) -> Generated:
    """Generate what the plan wants, with the service where it needs one."""
    from storyboard.fal import Fal, key

    fal = Fal(key.find()) if needs_service(made) else None
    try:
        return generate(
            made,
            store,
            fal=fal,
            jobs=jobs,
            max_cost=max_cost,
            listener=listener,
            stop=stop,
            pace=pace,
        )
    finally:
        if fal is not None:
            fal.close()


def needs_service(made: Plan) -> bool:
    """Whether anything has to be bought or collected."""
    settled = (Standing.DONE, Standing.DRAW, Standing.LOST)
    return any(take.standing not in settled for shot in made.wanted for take in shot.takes)


def edit(made: Plan, run: Generated, store: Store) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of what was generated, and the shots whose still stands in for them."""
    from storyboard.review import repeats

    footage = {shot.id: _footage(made, shot, run, store) for shot in made.shots}
    held = tuple(shot for shot, found in footage.items() if found.media.kind == "still")
    return cut(made, footage, repeats=repeats), held


def _footage(made: Plan, shot: PlannedShot, run: Generated, store: Store) -> Footage:
    picked = shot.picked
    if store.has(picked.key):
        return _take(shot, store)
    outside = made.only is not None and shot.id not in made.only
    if shot.shot.on_fail == "hold" or outside:
        return Footage(_still(shot), take=picked.number)
    failure = run.failure(shot.id, picked.number)
    if failure is None:
        raise MediaError(f"{shot.id}: take {picked.number} is not in the store")
    raise Failed(failure)


class Failed(ServiceError):
    """A shot could not be had, and nothing stands in for it: no film."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure), charged=failure.charged)
        self.failure = failure


def _take(shot: PlannedShot, store: Store) -> Footage:
    from storyboard import video

    path = store.clip(shot.picked.key)
    facts, note = video.probe(path), store.note(shot.picked.key)
    media = Media(
        path=path,
        key=shot.picked.key,
        frames=facts.frames,
        rate=facts.rate,
        size=facts.size,
        sound=facts.sound,
    )
    costs = [store.note(take.key).get("cost", 0) for take in shot.takes if store.has(take.key)]
    return Footage(media, shot.picked.number, str(note.get("request_id") or ""), sum(costs))


def _still(shot: PlannedShot) -> Footage:
    from storyboard.spec import Size
    from storyboard.timing import Rate

    start = shot.shot.start
    size = start.recipe.size or (start.still.facts.width, start.still.facts.height)
    return Footage(
        Media(
            path=start.still.path,
            key=start.digest,
            frames=1,
            rate=Rate(24),
            size=Size(*size),
            kind="still",
        )
    )
