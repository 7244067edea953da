"""The seams of takes to those that neighbouring shots show: measured once, kept in their notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoreError
from storyboard.reviewing.judgement import TakeSeam
from storyboard.reviewing.ranking import joined
from storyboard.workers import in_turn
from storyboard.workflows.media_of import of_take

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.reviewing.judgement import Judgement
    from storyboard.store import Store

SEAMS = "seams_2"
"""The part of a take's note that has its seams to takes of the next shot, by their keys; numbered,
as what was measured in another way is measured again."""

Pair = tuple["PlannedTake", "PlannedTake"]
"""An earlier take, and a later one."""
Likeness = dict[tuple[str, str], float]
"""How alike the earlier take's last frame and the later one's first are, by both keys."""


def measured_seams(
    pairs: Iterable[Pair],
    store: Store,
    *,
    executor: Executor | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Likeness:
    """The seam of each pair. What a note has is taken from there, the rest is measured and kept.

    `told` hears how many are measured, of how many; what it raises ends it.
    """
    wanted = {(one.key, other.key): (one, other) for one, other in pairs}
    found = known_seams(wanted.values(), store)
    missing = [keys for keys in wanted if keys not in found]
    given = (tuple(of_take(take, store) for take in wanted[keys]) for keys in missing)
    with closing(in_turn(executor, joined, given)) as coming:
        for done, (keys, value) in enumerate(zip(missing, coming, strict=True), 1):
            found[keys] = value
            _keep(store, keys, value)
            if told:
                told(done, len(missing))
    return found


def known_seams(pairs: Iterable[Pair], store: Store) -> Likeness:
    """The same as far as the notes have it. Measures nothing."""
    wanted = [(one.key, other.key) for one, other in pairs]
    tables = {earlier: _table(store, earlier) for earlier, _ in wanted}
    values = {keys: tables[keys[0]].get(keys[1]) for keys in wanted}
    return {keys: float(v) for keys, v in values.items() if isinstance(v, (int, float))}


def with_neighbours(
    judged: Iterable[Judgement],
    made: Plan,
    store: Store,
    *,
    executor: Executor | None = None,
    told: Callable[[int, int], None] | None = None,
) -> tuple[Judgement, ...]:
    """What was judged, with each take's seams to the takes that its neighbours show."""
    there = tuple(_sides(made, store))
    found = measured_seams((pair for _, _, pair in there), store, executor=executor, told=told)
    return _joined(judged, there, found)


def with_known_neighbours(
    judged: Iterable[Judgement], made: Plan, store: Store
) -> tuple[Judgement, ...]:
    """The same, as far as the notes have it. Measures nothing."""
    there = tuple(_sides(made, store))
    return _joined(judged, there, known_seams((pair for _, _, pair in there), store))


def shown_take(
    shot: PlannedShot, store: Store, picks: Mapping[str, int] | None = None
) -> PlannedTake | None:
    """The take that a neighbour is taken to show: its pick, or the first one that is there."""
    there = {take.number: take for take in shot.takes if store.has(take.key)}
    picked = (picks or {}).get(shot.id, shot.picked.number)
    return there.get(picked) or next(iter(there.values()), None)


_Side = tuple[tuple[str, int], "TakeSeam", Pair]
"""A take by its shot and number; its seam, not yet measured; and the takes on both sides of it."""


def _sides(made: Plan, store: Store) -> Iterator[_Side]:
    for scene in made.scenes:
        for a, b in zip(scene.shots, scene.shots[1:], strict=False):
            if not (a.drawn or b.drawn):
                yield from _seam_of(a, b, store)


def _seam_of(a: PlannedShot, b: PlannedShot, store: Store) -> Iterator[_Side]:
    """Every take of both shots, each with the one that the other shot shows; no take with itself:
    one that covers both shots has no seam between them."""
    last, first = shown_take(a, store), shown_take(b, store)
    if last is None or first is None:
        return
    before = TakeSeam(a.id, last.number, "before", 0.0)
    after = TakeSeam(b.id, first.number, "after", 0.0)
    for take in b.takes:
        if store.has(take.key) and take.key != last.key:
            yield (b.id, take.number), before, (last, take)
    for take in a.takes:
        if store.has(take.key) and take.key != first.key:
            yield (a.id, take.number), after, (take, first)


def _joined(
    judged: Iterable[Judgement], there: Iterable[_Side], found: Likeness
) -> tuple[Judgement, ...]:
    seams: dict[tuple[str, int], list[TakeSeam]] = {}
    for name, seam, (one, other) in there:
        value = found.get((one.key, other.key))
        if value is not None:
            seams.setdefault(name, []).append(replace(seam, likeness=value))
    return tuple(replace(one, seams=tuple(seams.get((one.shot, one.take), ()))) for one in judged)


def _keep(store: Store, keys: tuple[str, str], value: float) -> None:
    with suppress(StoreError):  # a store that can't be written: measured again another time
        store.takes.amend(keys[0], {SEAMS: {**_table(store, keys[0]), keys[1]: value}})


def _table(store: Store, key: str) -> dict[str, Any]:
    found = store.note(key).get(SEAMS)
    return found if isinstance(found, dict) else {}
