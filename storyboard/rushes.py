"""Rushes: the film's pieces are encoded while other shots are still being generated.

A shot's piece can be encoded once its take and the next one of its scene have landed: only then
is it known whether its last frame is shown, or left out because the next take repeats it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType

from storyboard.assemble import Segments
from storyboard.cut import Footage
from storyboard.errors import StoryboardError
from storyboard.events import Event, Listener, State, TakeChanged
from storyboard.plan import Plan, PlannedShot
from storyboard.timeline import Timeline

FootageOf = Callable[[PlannedShot], Footage | None]
"""A shot's footage, or None while its take has not landed."""

Cutter = Callable[[dict[str, Footage]], Timeline]
"""The timeline of this footage (by shot id), which may stand in for takes yet to come."""


class Rushes(AbstractContextManager["Rushes"]):
    """A listener that passes events on, and begins to encode what can be encoded already.

    What it begins is only ever a head start: a piece that turns out differently in the finished
    cut is encoded anew, and whatever goes wrong here is left for the finished cut to say.
    """

    def __init__(
        self,
        plan: Plan,
        segments: Segments,
        *,
        footage: FootageOf,
        standin: Callable[[PlannedShot, Footage], Footage],
        cutter: Cutter,
        listener: Listener,
    ) -> None:
        self._plan, self._segments = plan, segments
        self._footage, self._standin, self._cutter = footage, standin, cutter
        self._listener = listener
        self._begun: frozenset[str] = frozenset()
        self._wake = threading.Semaphore(1)
        self._desk = ThreadPoolExecutor(1, "rushes")

    def __call__(self, event: Event) -> None:
        """Hear of an event; a landed take wakes the desk."""
        self._listener(event)
        landed = isinstance(event, TakeChanged) and event.state in (State.DONE, State.REUSED)
        if landed and self._wake.acquire(blocking=False):
            self._desk.submit(self._look)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._desk.shutdown(wait=True, cancel_futures=True)

    def _look(self) -> None:
        self._wake.release()
        try:
            self._begin()
        except (StoryboardError, OSError):
            return

    def _begin(self) -> None:
        found = {shot.id: self._footage(shot) for shot in self._plan.shots}
        landed = {name: footage for name, footage in found.items() if footage is not None}
        ready = frozenset(self._ready(landed))
        if not ready - self._begun or len(landed) == len(found):
            return
        likely = next(iter(landed.values()))
        whole = {
            shot.id: landed.get(shot.id) or self._standin(shot, likely) for shot in self._plan.shots
        }
        self._segments.start(self._cutter(whole), shots=ready)
        self._begun = ready

    def _ready(self, landed: dict[str, Footage]) -> list[str]:
        """The shots whose whole picture is known."""
        return [
            shot.id
            for scene in self._plan.scenes
            for shot, following in zip(scene.shots, [*scene.shots[1:], None], strict=True)
            if shot.id in landed and (following is None or following.id in landed)
        ]
