"""Retakes: how many takes there are where broken ones ask for more, and buying them.

A retake is a take like any other, with the next number: which there are follows from the store and
its notes alone, so a run that was killed goes on with the very same, and the ledger knows its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.events import Noticed
from storyboard.planning.planner import plan as plan_of
from storyboard.planning.together import joined, named
from storyboard.takes.holding import Standing
from storyboard.workflows.judge import judged_takes, known_takes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.generating.generate import Generated
    from storyboard.generating.terms import Run
    from storyboard.loading.checked import CheckedScene, CheckedShot, CheckedStoryboard
    from storyboard.planning.planned import Plan, PlannedShot
    from storyboard.reviewing.judgement import Judgement
    from storyboard.store import Store

_ASKED = (Standing.DONE, Standing.FLYING, Standing.UNKNOWN, Standing.CLAIMED, Standing.LOST)
"""How a take stands that was paid for, or may have been."""


def asks_for_retakes(storyboard: CheckedStoryboard) -> bool:
    """Whether any of its shots may be bought once more."""
    return any(shot.retakes and shot.clip is None for shot in storyboard.shots)


def with_retakes(
    storyboard: CheckedStoryboard,
    store: Store,
    *,
    measure: bool = False,
    executor: Executor | None = None,
) -> CheckedStoryboard:
    """The storyboard with one take more for each broken one, up to `retakes`, by the notes.

    A retake that was asked for once stays, whatever counts as broken by now. With `measure`, takes
    that are there and were not measured are measured first.
    """
    storyboard = _with_asked(storyboard, store)
    while True:
        made = plan_of(storyboard, held=store.held())
        asks = made.of_shots(_may_have_more)
        found = (
            judged_takes(asks, store, executor=executor) if measure else known_takes(asks, store)
        )
        known = {(one.shot, one.take): one for one in found}
        counted = {shot.id: _counted(shot, known) for shot in asks.shots}
        after = _exchanged(storyboard, {s.id: s for s in counted.values()})
        if all(counted[s.id].takes == s.takes for s in storyboard.shots if s.id in counted):
            return after
        storyboard = after


def _with_asked(storyboard: CheckedStoryboard, store: Store) -> CheckedStoryboard:
    """The storyboard with those retakes that are in the store, or on their way to it."""
    shots = {shot.id: shot for shot in storyboard.shots if _may(shot)}
    all_ = {name: _extended(shot, shot.retakes) for name, shot in shots.items()}
    asked = {}
    made = plan_of(_exchanged(storyboard, all_), held=store.held())
    for one in made.of_shots(_may_have_more).shots:
        there = [t.number for t in one.takes if t.standing in _ASKED]
        own = shots[one.id]
        asked[one.id] = _extended(own, max(0, max(there, default=0) - own.takes))
    return _exchanged(storyboard, asked)


def _extended(shot: CheckedShot, more: int) -> CheckedShot:
    return replace(shot, takes=shot.takes + more, extra=shot.extra + more)


def _may_have_more(planned: PlannedShot) -> bool:
    return _may(planned.shot)


def _may(shot: CheckedShot) -> bool:
    return bool(shot.retakes) and shot.clip is None


def _counted(planned: PlannedShot, known: Mapping[tuple[str, int], Judgement]) -> CheckedShot:
    """The shot with as many takes as its broken ones ask for; settled where nothing is open."""
    shot = planned.shot
    numbers = range(1, shot.takes + 1)
    judged = [known[shot.id, number] for number in numbers if (shot.id, number) in known]
    broken = sum(bool(set(one.kinds) & set(shot.broken)) for one in judged)
    extra = max(shot.extra, min(shot.retakes, broken))
    more = extra - shot.extra
    settled = not more and len(judged) == shot.takes
    return replace(_extended(shot, more), settled=settled)


def _exchanged(
    storyboard: CheckedStoryboard, shots: Mapping[str, CheckedShot]
) -> CheckedStoryboard:
    def of(scene: CheckedScene) -> CheckedScene:
        return replace(scene, shots=tuple(shots.get(shot.id, shot) for shot in scene.shots))

    return replace(storyboard, scenes=tuple(map(of, storyboard.scenes)))


def retaken(
    plans: Mapping[str, Plan],
    got: Generated,
    store: Store,
    *,
    run: Run,
    generate: Callable[..., Generated],
    agreed: int,
) -> tuple[dict[str, Plan], Generated]:
    """Buy what broken takes of these films ask for, and nothing beyond what was `agreed` at most.

    `got` is what was generated for all of them, `generate` brings a plan's takes. What several
    films ask for is bought once. A retake that can't be had loses nothing: its failure is among
    what was generated, and the film shows the best of what is there.
    """
    made = dict(plans)
    while due := _due(made, store, run):
        held = store.held()
        more = {film: plan_of(board, held=held, only=shots) for film, (board, shots) in due.items()}
        left = max(0, agreed - got.cost_microusd)
        bought = generate(joined(more), store, run=run.but({"max_cost_microusd": left}))
        made |= {film: _grafted(made[film], more[film], due[film][0]) for film in more}
        got = _merged(got, bought)
        if bought.failures:
            break
    return made, got


def _due(
    plans: Mapping[str, Plan], store: Store, run: Run
) -> dict[str, tuple[CheckedStoryboard, set[str]]]:
    """By film: its storyboard with the takes that broken ones ask for, and the shots of those."""
    found = {}
    for film, made in plans.items():
        if made.draft or not asks_for_retakes(made.storyboard):
            continue
        board = with_retakes(made.storyboard, store, measure=True, executor=run.executor)
        before = {shot.id: shot.takes for shot in made.storyboard.shots}
        due = {s.id for s in board.shots if s.takes > before[s.id]} & {s.id for s in made.wanted}
        for shot in sorted(due):
            words = "a take is broken; one more is bought, as agreed"
            run.listener(Noticed(words, named(film, shot)))
        if due:
            found[film] = board, due
    return found


def _grafted(made: Plan, more: Plan, board: CheckedStoryboard) -> Plan:
    """The plan with the shots that have more takes now."""
    new = {shot.id: shot for shot in more.wanted}
    scenes = (
        replace(scene, shots=tuple(new.get(shot.id, shot) for shot in scene.shots))
        for scene in made.scenes
    )
    return replace(made, storyboard=board, scenes=tuple(scenes))


def _merged(one: Generated, other: Generated) -> Generated:
    return replace(
        one,
        clips={**one.clips, **other.clips},
        failures=(*one.failures, *other.failures),
        cost_microusd=one.cost_microusd + other.cost_microusd,
    )
