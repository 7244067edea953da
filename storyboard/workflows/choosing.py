"""`pick: best` made a number: the best of the takes that are there, by what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.reviewing.ranking import Candidate, best
from storyboard.workflows.judge import judged_takes, known_takes
from storyboard.workflows.neighbours import known_seams, measured_seams, shown_take

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.planning.planned import Plan, PlannedScene, PlannedShot, PlannedTake
    from storyboard.reviewing.judgement import Judgement
    from storyboard.store import Store
    from storyboard.workflows.neighbours import Pair


def chosen(made: Plan, store: Store, *, executor: Executor | None = None) -> Plan:
    """The plan with a number for each `pick: best` of which a take is there.

    Those shots are gone through in the order of the film. A take's seams are those to the take of
    the shot before, which is chosen by then, and to the one after: its pick, or its first take.
    What was measured before is taken from the notes.
    """
    asks = _asking(made, store)
    judged = (
        judged_takes(made.of_shots(asks.__contains__), store, executor=executor) if asks else ()
    )
    seams = measured_seams(_pairs(made, asks, store), store, executor=executor)
    return _chosen_of(made, asks, judged, seams, store)


def known_choice(made: Plan, store: Store) -> Plan:
    """The same by what the notes have: a shot of which anything is missing keeps its `pick: best`.

    Measures nothing.
    """
    asks = _asking(made, store)
    judged, pairs = (
        known_takes(made.of_shots(asks.__contains__), store),
        tuple(_pairs(made, asks, store)),
    )
    seams = known_seams(pairs, store)
    missing = {take.key for shot in asks for take in _there(shot, store)}
    missing -= {one.key for one in judged}
    for keys in ((one.key, other.key) for one, other in pairs):
        missing.update(() if keys in seams else keys)
    known = [s for s in asks if missing.isdisjoint(take.key for take in _there(s, store))]
    return _chosen_of(made, known, judged, seams, store)


def is_open(shot: PlannedShot, store: Store) -> bool:
    """Whether the best of its takes is still to be found."""
    return shot.shot.best and len(_there(shot, store)) > 1


def _asking(made: Plan, store: Store) -> list[PlannedShot]:
    return [shot for shot in made.shots if is_open(shot, store)]


def _chosen_of(
    made: Plan,
    asks: Sequence[PlannedShot],
    judged: Iterable[Judgement],
    seams: Mapping[tuple[str, str], float],
    store: Store,
) -> Plan:
    known = {(one.shot, one.take): one for one in judged}
    picks = {shot.id: number for shot in made.shots if (number := _only(shot, store))}
    for scene in made.scenes if asks else ():
        _choose(scene, [shot for shot in scene.shots if shot in asks], known, seams, store, picks)
    return _with(made, picks)


def _there(shot: PlannedShot, store: Store) -> list[PlannedTake]:
    return [take for take in shot.takes if take.number and store.has(take.key)]


def _only(shot: PlannedShot, store: Store) -> int | None:
    """The take of a shot that leaves nothing to choose."""
    there = _there(shot, store) if shot.shot.best else []
    return there[0].number if len(there) == 1 else None


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
        before = shown_take(scene.shots[place - 1], store, picks) if place else None
        later = scene.shots[place + 1 :]
        after = shown_take(later[0], store, picks) if later else None
        candidates = []
        for take in _there(shot, store):
            judgement = known[shot.id, take.number]
            pairs = [(a.key, b.key) for a, b in ((before, take), (take, after)) if a and b]
            found = tuple(seams[keys] for keys in pairs if keys in seams)
            candidates.append(Candidate(take.number, judgement.kinds, found, judgement.numbers.end))
        picks[shot.id] = best(candidates)


def _pairs(made: Plan, asks: Sequence[PlannedShot], store: Store) -> Iterator[Pair]:
    """Takes of neighbours of which one asks for its best."""
    for scene in made.scenes:
        for a, b in zip(scene.shots, scene.shots[1:], strict=False):
            if (a in asks or b in asks) and not (a.drawn or b.drawn):
                for one in (take for take in a.takes if store.has(take.key)):
                    yield from ((one, x) for x in b.takes if store.has(x.key))
