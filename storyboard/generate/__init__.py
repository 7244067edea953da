"""Generating: run a plan. Reuse what is there, pick up what was sent, then send the rest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from storyboard.errors import Interrupted, StoryboardError
from storyboard.events import Listener, State, ignore
from storyboard.fal import Fal
from storyboard.generate.drawn import Sketch
from storyboard.generate.engine import Brake, Job, Stop, run
from storyboard.generate.pace import Pace
from storyboard.generate.paid import Flight
from storyboard.generate.studio import Failure, Studio
from storyboard.plan import Plan, PlannedShot, PlannedTake, Standing
from storyboard.store import Caps, Store

__all__ = ["Failure", "Generated", "Pace", "Stop", "generate"]

JOBS = 4


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run brought: the clips by key, and what could not be had."""

    clips: Mapping[str, Path]
    failures: tuple[Failure, ...] = ()
    cost: int = 0
    """Micro-dollars that this run spent or may have spent."""

    def failure(self, shot: str, take: int) -> Failure | None:
        """Why this take could not be had."""
        return next((f for f in self.failures if (f.shot, f.take) == (shot, take)), None)


def generate(
    plan: Plan,
    store: Store,
    *,
    fal: Fal | None = None,
    jobs: int = JOBS,
    max_cost: int | None = None,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
    pool: Executor | None = None,
) -> Generated:
    """Bring every take of the plan into the store, and say what could not be had.

    `fal` is needed when anything is to be bought or collected. At most `jobs` paid requests are
    on their way at once. `max_cost` caps this run, the storyboard's budget all runs together;
    both in micro-dollars. Drafts are drawn in `pool`, by default one thread for each core.

    One failed shot does not lose the others. Raises `Interrupted` after a wish to stop, once
    what was being sent is recorded.
    """
    stop = stop or Stop()
    studio = Studio(
        plan=plan,
        store=store,
        fal=fal,
        caps=Caps(max_cost, plan.storyboard.board.budget),
        listener=listener,
        pace=pace or Pace(),
        brake=Brake(),
    )
    with ExitStack() as stack:
        work = list(_work(plan))
        if any(shot.model.local and take.standing is Standing.DRAW for shot, take in work):
            store.prepare()
            pool = pool or stack.enter_context(_cores())
        wanted = [_job(studio, shot, take, pool) for shot, take in work]
        left = run([job for job in wanted if job], window=jobs, stop=stop, brake=studio.brake)
    _leave(studio, work, interrupted=bool(stop and left))
    clips = {take.key: store.clip(take.key) for _, take in work if store.has(take.key)}
    spent = store.ledger.sums(run=studio.run).total if plan.price else 0
    return Generated(clips, tuple(studio.failures), spent)


def _cores() -> Executor:
    """A thread for each core: drawing and encoding leave Python alone while they work.

    Processes would be a little faster, and would run a script that has no `__main__` guard again.
    """
    return ThreadPoolExecutor(os.cpu_count() or 1, "draft")


def _work(plan: Plan) -> list[tuple[PlannedShot, PlannedTake]]:
    return [(shot, take) for shot in plan.wanted for take in shot.takes]


def _job(studio: Studio, shot: PlannedShot, take: PlannedTake, pool: Executor | None) -> Job | None:
    if take.standing is Standing.DONE:
        studio.say(shot, take, State.REUSED)
        return None
    if shot.model.local:
        assert pool is not None
        return Job(Sketch(studio, shot, take, pool).begin)
    if take.standing is Standing.LOST:
        lost = StoryboardError("it was paid and is lost; `storyboard resolve` decides")
        studio.fail(shot, take, lost)
        return None
    studio.say(shot, take, State.WAITING)
    return Job(Flight(studio, shot, take).begin, spends=take.standing.costs)


def _leave(
    studio: Studio, work: list[tuple[PlannedShot, PlannedTake]], *, interrupted: bool
) -> None:
    """Account for what was not finished: stopped by the user, or by the brake."""
    if interrupted:
        raise Interrupted("stopped; what was sent is recorded, and goes on at the service")
    reason = studio.brake.reason
    known = {(failure.shot, failure.take) for failure in studio.failures}
    for shot, take in work:
        there = studio.store.has(take.key) or (shot.id, take.number) in known
        if not there and reason is not None:
            studio.fail(shot, take, StoryboardError(f"not sent, because: {reason}"))
