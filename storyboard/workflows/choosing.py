"""`pick: best` made a number: the best of the takes that are there, by what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoreError
from storyboard.reviewing.ranking import Candidate, best, joined
from storyboard.workers import each
from storyboard.workflows.judge import judged_takes
from storyboard.workflows.media_of import of_take

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.planning.planned import Plan, PlannedScene, PlannedShot, PlannedTake
    from storyboard.reviewing.judgement import Judgement
    from storyboard.store import Store

SEAMS = "seams"
"""The part of a take's note that has its seams to takes of the next shot."""

_Pair = tuple["PlannedShot", "PlannedTake", "PlannedShot", "PlannedTake"]


def chosen(made: Plan, store: Store, *, executor: Executor | None = None) -> Plan:
    """The plan with a number for each `pick: best` of which a take is there.

    Those shots are gone through in the order of the film. A take's seams are those to the take of
    the shot before, which is chosen by then, and to the one after: its pick, or its first take.
    What was measured before is taken from the notes.
    """
    asks = [shot for shot in made.shots if shot.shot.best and len(_there(shot, store)) > 1]
    if not asks:
        return _with(made, {s.id: n for s in made.shots if (n := _only(s, store))})
    known = {
        (one.shot, one.take): one for one in judged_takes(_of(made, asks), store, executor=executor)
    }
    seams = _seams(made, asks, store, executor)
    picks = {s.id: n for s in made.shots if (n := _only(s, store))}
    for scene in made.scenes:
        _choose(scene, [s for s in scene.shots if s in asks], known, seams, store, picks)
    return _with(made, picks)


def _there(shot: PlannedShot, store: Store) -> list[PlannedTake]:
    return [take for take in shot.takes if take.number and store.has(take.key)]


def _only(shot: PlannedShot, store: Store) -> int | None:
    """The take of a shot that leaves nothing to choose."""
    there = _there(shot, store) if shot.shot.best else []
    return there[0].number if len(there) == 1 else None


def _of(made: Plan, shots: Sequence[PlannedShot]) -> Plan:
    """The plan with these shots alone."""
    scenes = (replace(s, shots=tuple(x for x in s.shots if x in shots)) for s in made.scenes)
    return replace(made, scenes=tuple(scenes))


def _with(made: Plan, picks: Mapping[str, int]) -> Plan:
    """The plan with these picks."""
    scenes = (
        replace(scene, shots=tuple(_picked(shot, picks.get(shot.id)) for shot in scene.shots))
        for scene in made.scenes
    )
    return replace(made, scenes=tuple(scenes)) if picks else made


def _picked(shot: PlannedShot, number: int | None) -> PlannedShot:
    if number is None:
        return shot
    return replace(shot, shot=replace(shot.shot, pick=number, best=False))


def _choose(
    scene: PlannedScene,
    asks: Sequence[PlannedShot],
    known: Mapping[tuple[str, int], Judgement],
    seams: Mapping[tuple[str, str], float],
    store: Store,
    picks: dict[str, int],
) -> None:
    """Choose for the shots of a scene, each after the one before it."""
    for shot in asks:
        place = scene.shots.index(shot)
        before = _seen(scene.shots[place - 1], store, picks) if place else None
        after = _seen(scene.shots[place + 1], store, picks) if shot is not scene.shots[-1] else None
        candidates = []
        for take in _there(shot, store):
            judgement = known[shot.id, take.number]
            pairs = ((before, take.key), (take.key, after))
            found = tuple(seams[a, b] for a, b in pairs if a and b and (a, b) in seams)
            candidates.append(Candidate(take.number, judgement.kinds, found, judgement.numbers.end))
        picks[shot.id] = best(candidates)


def _seen(shot: PlannedShot, store: Store, picks: Mapping[str, int]) -> str | None:
    """The key of the take that a neighbour is taken to show."""
    there = {take.number: take.key for take in shot.takes if store.has(take.key)}
    picked = picks.get(shot.id, shot.picked.number)
    return there.get(picked) or next(iter(there.values()), None)


def _seams(
    made: Plan, asks: Sequence[PlannedShot], store: Store, executor: Executor | None
) -> dict[tuple[str, str], float]:
    """Every seam between takes of neighbours of which one asks for its best, by both keys."""
    pairs = {(one[1].key, one[3].key): one for one in _pairs(made, asks, store)}
    found = {keys: value for keys in pairs if (value := _noted(store, *keys)) is not None}
    missing = [keys for keys in pairs if keys not in found]
    given = (
        (of_take(one, store), of_take(other, store))
        for a, one, b, other in (pairs[keys] for keys in missing)
    )
    for keys, value in zip(missing, each(executor, joined, given), strict=True):
        found[keys] = value
        with suppress(StoreError):  # a store that can't be written: measured again another time
            seams = {**_table(store, keys[0]), keys[1]: value}
            store.takes.amend(keys[0], {SEAMS: seams})
    return found


def _pairs(made: Plan, asks: Sequence[PlannedShot], store: Store) -> Iterator[_Pair]:
    for scene in made.scenes:
        for a, b in zip(scene.shots, scene.shots[1:], strict=False):
            if (a in asks or b in asks) and not (a.drawn or b.drawn):
                for one in (take for take in a.takes if store.has(take.key)):
                    yield from ((a, one, b, x) for x in b.takes if store.has(x.key))


def _table(store: Store, key: str) -> dict[str, Any]:
    found = store.note(key).get(SEAMS)
    return found if isinstance(found, dict) else {}


def _noted(store: Store, earlier: str, later: str) -> float | None:
    value = _table(store, earlier).get(later)
    return float(value) if isinstance(value, (int, float)) else None
