"""A head start: the film's pieces are encoded while other shots are still being generated.

A shot's piece can be encoded once its take and the next one of its scene have landed: only then
is it known whether its last frame is shown, or left out because the next take repeats it.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from storyboard.errors import StoryboardError
from storyboard.events import State, TakeChanged
from storyboard.workflows.conform import memory_of, standin, taken, timeline_of
from storyboard.workflows.finishing import dressed

if TYPE_CHECKING:
    from collections.abc import Collection

    from storyboard.events import Event
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.rendering.segments import Segments
    from storyboard.store import Store
    from storyboard.workflows.finish import Finish


class HeadStart(AbstractContextManager["HeadStart"]):
    """A listener that passes events on, and begins to encode what can be encoded already.

    What it begins is only ever a head start: a piece that turns out differently in the finished
    cut is encoded anew, and whatever goes wrong here is left for the finished cut to say.
    """

    def __init__(
        self, plan: Plan, store: Store, segments: Segments, *, finish: Finish, run: Run
    ) -> None:
        self._plan, self._store, self._segments = plan, store, segments
        self._finish, self._listener, self._executor = finish, run.listener, run.executor
        self._memory = memory_of(store)
        self._begun: frozenset[str] = frozenset()
        self._wake = threading.Semaphore(1)
        self._worker = ThreadPoolExecutor(1, "head-start")

    def __call__(self, event: Event) -> None:
        """Hear of an event; a landed take wakes it."""
        self._listener(event)
        landed = isinstance(event, TakeChanged) and event.state in (State.DONE, State.REUSED)
        if landed and self._useful and self._wake.acquire(blocking=False):
            self._worker.submit(self._look)

    def __exit__(self, *raised: object) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)

    @property
    def _useful(self) -> bool:
        """Not where the film is written in one go, seams are fixed, the order is another, or the
        best take is yet to be found.
        """
        seams = [shot.shot.seam for shot in self._plan.shots]
        fixes = any(seam.match_color or seam.bridge for seam in seams)
        recut = self._plan.storyboard.cut is not None
        best = any(shot.shot.best for shot in self._plan.shots)
        return not (self._finish.recipe.for_web or fixes or recut or best)

    def _look(self) -> None:
        self._wake.release()
        try:
            self._begin()
        except (StoryboardError, OSError):
            return

    def _begin(self) -> None:
        there = [shot for shot in self._plan.shots if self._store.has(shot.picked.key)]
        ready = frozenset(self._ready({shot.id for shot in there}))
        if not ready - self._begun or len(there) == len(self._plan.shots):
            return
        landed = {shot.id: taken(shot, self._store) for shot in there}
        likely = next(iter(landed.values()))
        whole = {shot.id: landed.get(shot.id) or standin(shot, likely) for shot in self._plan.shots}
        likely_cut = timeline_of(self._plan, whole, executor=self._executor, memory=self._memory)
        timeline = dressed(self._plan, likely_cut, self._finish)
        self._segments.start(timeline, shots=ready)
        self._begun = ready

    def _ready(self, landed: Collection[str]) -> list[str]:
        """The shots whose whole picture is known."""
        return [
            shot.id
            for scene in self._plan.scenes
            for shot, following in zip(scene.shots, [*scene.shots[1:], None], strict=True)
            if shot.id in landed and (following is None or following.id in landed)
        ]
