"""What a page shows of a storyboard, gathered: the cut, every take, the money, what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.accounting.summary import expiring, status
from storyboard.errors import StoreError
from storyboard.generating.generate import generate
from storyboard.generating.terms import USUAL_RUN
from storyboard.page.document import Showing, ShownVersion
from storyboard.page.shelf import PageFile, Shelf, digest
from storyboard.page.tiles import RECIPE
from storyboard.rendering.assembling import assemble
from storyboard.reviewing.fixes import fixes
from storyboard.reviewing.oddities import oddities
from storyboard.reviewing.seams import review
from storyboard.workflows.choosing import chosen, known_choice
from storyboard.workflows.conform import at_sight, existing, memory_of
from storyboard.workflows.film_steps import until_stopped
from storyboard.workflows.finish import USUAL
from storyboard.workflows.finishing import dressed, reshaped
from storyboard.workflows.judge import judged_takes, known_takes, telling
from storyboard.workflows.media_of import is_placed, of_take
from storyboard.workflows.neighbours import with_known_neighbours, with_neighbours
from storyboard.workflows.remarked import remarked
from storyboard.workflows.source import plan_with
from storyboard.workflows.versions import shaped

if TYPE_CHECKING:
    from storyboard.cutting.cut import Footage
    from storyboard.generating.terms import Run
    from storyboard.loading.blocks import CheckedVersion
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.planning.planned import Plan
    from storyboard.reviewing.judgement import Judgement
    from storyboard.store import Store
    from storyboard.timeline import Timeline
    from storyboard.workflows.finish import Finish

SHELF = "page"
"""The store's folder of what pages show; can be deleted at any time."""
WIDEST = 960
"""Pixels of the film's longer side, as a page shows it."""


def shelf_of(store: Store) -> Shelf:
    """The place in a store for the files of pages."""
    return Shelf(store.folder / SHELF)


def gathered(
    storyboard: CheckedStoryboard,
    store: Store,
    *,
    draft: bool = False,
    run: Run = USUAL_RUN,
) -> Showing:
    """What there is to show. With `draft`, what is missing is drawn first: free, offline.

    What the cut needs to know of its takes is measured, as far as nobody has; the run's listener
    hears how far it is. Interrupted after a wish to stop.
    """
    if draft:
        draw_missing(storyboard, store, run=run)
    paid = chosen(plan_with(storyboard, store), store, executor=run.executor)
    shown = plan_with(storyboard, store, draft=True, small=True)
    timeline, _ = existing(shown, store, executor=run.executor, told=telling(run, "joins"))
    return _showing(paid, shown, timeline, store)


def at_first_sight(storyboard: CheckedStoryboard, store: Store) -> Showing:
    """The same without measuring anything: at once, and perhaps not yet as it will be."""
    paid = known_choice(plan_with(storyboard, store), store)
    shown = plan_with(storyboard, store, draft=True, small=True)
    timeline, settled = at_sight(shown, store)
    there = (t for one in (paid, shown) for s in one.shots for t in s.takes if store.has(t.key))
    settled = settled and all(is_placed(take, store) for take in there)
    found = _showing(paid, shown, timeline, store, measure=False)
    return replace(found, settled=settled)


def settle(storyboard: CheckedStoryboard, store: Store, *, run: Run = USUAL_RUN) -> None:
    """Measure what the cut has to know of its takes: it is kept, and known at the next sight."""
    gathered(storyboard, store, run=run)


def _showing(
    paid: Plan, shown: Plan, timeline: Timeline, store: Store, *, measure: bool = True
) -> Showing:
    path = paid.storyboard.path
    footage = _footage(paid, shown, store, measure=measure)
    keys = [take.key for shot in paid.shots for take in shot.takes]
    said = remarked(path, paid, shown)
    found = Showing(
        plan=paid,
        timeline=replace(timeline, burn_in=_drawn(shown, store)),
        footage=footage,
        about={key: _note(store, key) for key in keys if store.has(key)},
        status=status(paid, store),
        said=said,
        film=_film(timeline, USUAL, shown, store),
        versions=tuple(_version(one, timeline, shown, store) for one in shown.storyboard.versions),
        messages=(*expiring(store, path), *said.unread),
    )
    return with_known_takes(found, store)


def draw_missing(storyboard: CheckedStoryboard, store: Store, *, run: Run = USUAL_RUN) -> None:
    """Draw what is neither there nor drawn yet: free, offline."""
    shown = plan_with(storyboard, store, draft=True, small=True)
    generate(shown, store, examine=oddities, run=run)


def with_numbers(showing: Showing, store: Store, *, run: Run = USUAL_RUN) -> Showing:
    """The same with takes and seams measured; what was measured before is not measured again.

    The run's listener hears how far it is. Interrupted after a wish to stop.
    """
    return with_seams(with_takes(showing, store, run=run), store, run=run)


def with_known_takes(showing: Showing, store: Store) -> Showing:
    """The same with what the notes have of its takes. Measures nothing."""
    known = with_known_neighbours(known_takes(showing.plan, store), showing.plan, store)
    return replace(showing, judged=_by_take(known))


def with_takes(
    showing: Showing,
    store: Store,
    *,
    run: Run = USUAL_RUN,
    in_sight: Callable[[], str] | None = None,
) -> Showing:
    """The same with every take judged, and its seams to its neighbours.

    With `in_sight` the takes of the shot that it names are judged before the others.
    """
    plan, told = showing.plan, telling(run)
    own = judged_takes(plan, store, executor=run.executor, told=told, in_sight=in_sight)
    joined = telling(run, "seams of takes")
    judged = with_neighbours(own, plan, store, executor=run.executor, told=joined)
    return replace(showing, judged=_by_take(judged))


def with_takes_of(showing: Showing, store: Store, shot: str, *, run: Run = USUAL_RUN) -> Showing:
    """The same with the takes of one shot judged, by themselves."""
    plan = showing.plan.of_shots(lambda planned: planned.id == shot)
    own = judged_takes(plan, store, executor=run.executor, told=telling(run))
    return replace(showing, judged={**showing.judged, **_by_take(own)})


def with_seams(showing: Showing, store: Store, *, run: Run = USUAL_RUN) -> Showing:
    """The same with the seams of the cut measured, as `qc` does."""
    bare = replace(showing.timeline, notes=(), burn_in=())
    report = review(
        bare, executor=run.executor, memory=memory_of(store), told=telling(run, "seams")
    )
    return replace(showing, seams={seam.at: seam for seam in report.seams})


def _by_take(judged: Iterable[Judgement]) -> dict[tuple[str, int], Judgement]:
    return {(one.shot, one.take): one for one in judged}


def _drawn(shown: Plan, store: Store) -> tuple[str, ...]:
    return tuple(s.id for s in shown.shots if s.drawn and store.has(s.picked.key))


def _footage(
    paid: Plan, shown: Plan, store: Store, *, measure: bool
) -> dict[str, dict[int, Footage]]:
    found: dict[str, dict[int, Footage]] = {}
    for shot, seen in zip(paid.shots, shown.shots, strict=True):
        there = [take for take in shot.takes if store.has(take.key)]
        own = {take.number: of_take(take, store, measure=measure) for take in there}
        known = {footage.media.key for footage in own.values()}
        if seen.drawn and store.has(seen.picked.key) and seen.picked.key not in known:
            own[0] = of_take(seen.picked, store)
        found[shot.id] = own
    return found


def _note(store: Store, key: str) -> dict[str, Any]:
    try:
        return store.note(key)
    except StoreError:
        return {}


def _version(
    version: CheckedVersion, timeline: Timeline, shown: Plan, store: Store
) -> ShownVersion:
    finish = shaped(shown.storyboard, USUAL, version.name)
    return ShownVersion(version, _film(timeline, finish, shown, store))


def _film(timeline: Timeline, finish: Finish, shown: Plan, store: Store) -> PageFile:
    """The film as the page plays it: smaller, with drafts stamped as they are in an animatic."""
    small = dressed(shown, timeline, finish).smaller(longest=WIDEST)
    heard = [_stamp(sound.path) for sound in small.sounds]
    name = f"film-{digest('film', small, heard)}.mp4"
    return PageFile(name, _write_film, (small, timeline, finish, store.segments))


def _stamp(path: Path) -> tuple[str, int, int]:
    about = path.stat()
    return str(path), about.st_size, about.st_mtime_ns


def _write_film(
    path: Path,
    small: Timeline,
    whole: Timeline,
    finish: Finish,
    segments: Path,
    *,
    run: Run = USUAL_RUN,
) -> None:
    """Write the film. It is made from segments that the store keeps, so an edit is quick."""
    fixed = tuple(mark for mark in whole.seams if mark.match_color or mark.bridge)
    report = review(whole, seams=fixed, executor=run.executor) if fixed else None
    looks = fixes(reshaped(whole, finish), report, executor=run.executor) if report else ()
    segments.mkdir(parents=True, exist_ok=True)
    assemble(
        small,
        path,
        cache=segments,
        recipe=RECIPE,
        looks=looks,
        executor=run.executor,
        listener=until_stopped(run.stop, run.listener) if run.stop else run.listener,
    )
