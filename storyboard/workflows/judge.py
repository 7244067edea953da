"""Takes, judged: what was measured of each, once, and kept in its note."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from storyboard.errors import Interrupted, StoreError
from storyboard.events import Measuring
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.reviewing.judgement import Judgement, Subject, measured, noted, with_numbers
from storyboard.workers import cores, in_turn
from storyboard.workflows.media_of import of_take

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.reviewing.judging import TakeNumbers
    from storyboard.store import Store


def judged_takes(
    made: Plan,
    store: Store,
    *,
    executor: Executor | None = None,
    told: Callable[[int, int], None] | None = None,
    in_sight: Callable[[], str] | None = None,
) -> tuple[Judgement, ...]:
    """Every take of a plan that is in the store, drafts left out, in the plan's order.

    What its note has is taken from there; the rest is measured, as many at a time as `executor` has
    workers, and each written into its note where the store can be written. It is measured in the
    plan's order, too; with `in_sight`, which says the shot that somebody looks at, that one's are
    the next. `told` hears how many are measured, of how many; what it raises ends it.
    """
    takes = [
        (shot, take, _subject(shot, take, store, measure=True))
        for shot, take in _there(made, store)
    ]
    known = [noted(store.note(take.key), subject) for _, take, subject in takes]
    missing = {n: takes[n] for n, found in enumerate(known) if found is None}
    with closing(_measured(missing, executor, in_sight)) as coming:
        for done, (number, numbers) in enumerate(coming, 1):
            known[number] = numbers
            _keep(store, takes[number][1].key, takes[number][2], numbers)
            if told:
                told(done, len(missing))
    return tuple(
        Judgement(shot.id, take.number, take.key, numbers)
        for (shot, take, _), numbers in zip(takes, known, strict=True)
        if numbers is not None
    )


_Asked = tuple["PlannedShot", "PlannedTake", Subject]


def _measured(
    asked: Mapping[int, _Asked], executor: Executor | None, in_sight: Callable[[], str] | None
) -> Generator[tuple[int, TakeNumbers]]:
    """What each of these takes comes to, by its number, as soon as it is measured.

    With `in_sight` only a handful is handed over at once, so that what is next can be another.
    """
    left = dict(asked)
    while left:
        numbers = list(left)
        if in_sight:
            seen = in_sight()
            numbers = sorted(left, key=lambda number: left[number][0].id != seen)[: cores()]
        given = ((left[number][2],) for number in numbers)
        with closing(in_turn(executor, measured, given)) as coming:
            yield from zip(numbers, coming, strict=True)
        for number in numbers:
            del left[number]


def known_takes(made: Plan, store: Store) -> tuple[Judgement, ...]:
    """What the notes have of a plan's takes. Measures nothing."""
    found = []
    for shot, take in _there(made, store):
        numbers = noted(store.note(take.key), _subject(shot, take, store, measure=False))
        if numbers is not None:
            found.append(Judgement(shot.id, take.number, take.key, numbers))
    return tuple(found)


def telling(run: Run, what: str = "takes") -> Callable[[int, int], None]:
    """Tells the run's listener how many are measured; Interrupted after a wish to stop."""

    def told(done: int, total: int) -> None:
        run.listener(Measuring(done, total, what))
        if run.stop and done < total:
            raise Interrupted(f"stopped while {what} were measured; what is measured is kept")

    return told


def _there(made: Plan, store: Store) -> Iterator[tuple[PlannedShot, PlannedTake]]:
    for shot in made.shots:
        if not shot.drawn:
            yield from ((shot, take) for take in shot.takes if store.has(take.key))


def _subject(shot: PlannedShot, take: PlannedTake, store: Store, *, measure: bool) -> Subject:
    footage = of_take(take, store, measure=measure)
    own = take.number == OWN_CLIP  # it need not show the keyframes
    stills = (None, None) if own else (shot.shot.start, shot.shot.end)
    return Subject(footage.media, footage.first, footage.end, *stills)


def _keep(store: Store, key: str, subject: Subject, numbers: TakeNumbers) -> None:
    with suppress(StoreError):  # a store that can't be written: measured again another time
        store.takes.amend(key, with_numbers(store.note(key), subject, numbers))
