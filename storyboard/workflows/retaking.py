"""Buying retakes: one more take where one is measured broken, within what was agreed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.events import Noticed
from storyboard.planning.planner import plan as plan_of
from storyboard.workflows.retakes import asks_for_retakes, with_retakes

if TYPE_CHECKING:
    from storyboard.generating.generate import Generated
    from storyboard.generating.terms import Run
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.planning.planned import Plan
    from storyboard.store import Store


def retaken(
    made: Plan,
    got: Generated,
    store: Store,
    *,
    run: Run,
    generate: Callable[..., Generated],
) -> tuple[Plan, Generated]:
    """Buy what broken takes ask for, and nothing beyond what the plan said at most.

    `generate` brings a plan's takes. A retake that can't be had loses nothing: its failure is
    among what was generated, and the film shows the best of what is there.
    """
    agreed = made.most_microusd
    while not made.draft and asks_for_retakes(made.storyboard):
        board = with_retakes(made.storyboard, store, measure=True, executor=run.executor)
        before = {shot.id: shot.takes for shot in made.storyboard.shots}
        due = {s.id for s in board.shots if s.takes > before[s.id]} & {s.id for s in made.wanted}
        if not due:
            break
        for shot in sorted(due):
            run.listener(Noticed("a take is broken; one more is bought, as agreed", shot))
        more = plan_of(board, held=store.held(), only=due)
        left = max(0, agreed - got.cost_microusd)
        bought = generate(more, store, run=run.but({"max_cost_microusd": left}))
        made, got = _grafted(made, more, board), _merged(got, bought)
        if bought.failures:
            break
    return made, got


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
