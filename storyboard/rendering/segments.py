"""A film's segments: which are there, which are being encoded, and which still have to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from storyboard.errors import Interrupted, MediaError
from storyboard.events import Encoding, log
from storyboard.rendering.encode import SegmentJob, render
from storyboard.rendering.segment_keys import key_of
from storyboard.rendering.stretches import stretches
from storyboard.video.probing import count
from storyboard.video.recipes import H264
from storyboard.workers import cores, result, submit, threads_each

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.stretches import Stretch
    from storyboard.timeline import Clip, Timeline
    from storyboard.video.recipes import VideoRecipe

_MOST_JOBS = 8
"""An encoder's look-ahead takes memory; beyond this, each encoder gets more threads instead."""
_TOLD_EVERY = 0.25
"""Seconds between two words about how far the film is."""


@dataclass(frozen=True, slots=True)
class Segment:
    """An encoded stretch."""

    path: Path
    start: int
    frames: int


@dataclass(slots=True)
class _Watch:
    """What a thread that encodes calls before each frame: it counts, and stops when told to."""

    stop: Event
    frames: int = 0

    def __call__(self) -> None:
        if self.stop.is_set():
            raise Interrupted("stopped while the film was encoded; what is finished is kept")
        self.frames += 1


class Segments:
    """The stretches of one film, encoded into a folder as soon as their takes are there."""

    def __init__(
        self,
        folder: Path,
        *,
        recipe: VideoRecipe = H264,
        looks: Sequence[PictureFix] = (),
        jobs: int | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.folder = folder
        self.recipe = recipe
        self.rendered = 0
        """How many stretches were encoded; the others were there."""
        self._looks = tuple(looks)
        self._ours = executor is None
        self._executor = executor or ThreadPoolExecutor(jobs or min(cores(), _MOST_JOBS))
        self._stop = Event()
        self._kept: set[str] = set()
        self._running: dict[str, Future[int]] = {}
        self._watches: dict[Future[int], _Watch] = {}

    def start(self, timeline: Timeline, *, shots: Collection[str] | None = None) -> None:
        """Begin to encode the stretches in which only these shots are seen; None: all of them.

        It may be called again and again while takes land. A stretch that turns out differently
        in the finished timeline is encoded anew, and the early one stays unused.
        """
        ready = None if shots is None else frozenset(shots)
        missing = {
            key: stretch
            for key, stretch in self._named(timeline)
            if (ready is None or stretch.shots <= ready) and not self._there(key, stretch)
        }
        chains = _chains(timeline, missing)
        busy = sum(not future.done() for future in set(self._running.values()))
        threads = threads_each(self._executor, len(chains) + busy)
        for chain in chains:
            job = SegmentJob(
                timeline,
                tuple(chain.values()),
                tuple(map(self._path, chain)),
                self.recipe,
                self._looks,
                threads,
            )
            self._running.update(dict.fromkeys(chain, self._submit(job)))
            self.rendered += len(chain)

    def finish(self, timeline: Timeline, *, listener: Listener = log) -> tuple[Segment, ...]:
        """All segments of the film, in order; waits for those that are missing."""
        self.start(timeline)
        named = self._named(timeline)
        waiting: Counter[Future[int]] = Counter()
        for key, stretch in named:
            if key in self._running:
                waiting[self._running[key]] += stretch.frames
        self._tell(timeline.frames, waiting, listener)
        return tuple(
            Segment(self._path(key), stretch.start, stretch.frames) for key, stretch in named
        )

    def wait(self) -> None:
        """Wait for all that was begun; MediaError when any of it can't be encoded."""
        for future in self._running.values():
            result(future)

    def close(self) -> None:
        """Give up what is not finished; nothing half-made is left behind."""
        self._stop.set()
        left = [future for future in self._running.values() if not future.cancel()]
        if isinstance(self._executor, ThreadPoolExecutor):
            wait(left)
        if self._ours:
            self._executor.shutdown()

    def __enter__(self) -> Segments:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _tell(self, total: int, waiting: Counter[Future[int]], listener: Listener) -> None:
        """Wait for these, and say how many frames are there: those of half-done stretches too."""
        left, told = set(waiting), -1
        while True:
            done = total - sum(waiting[future] - self._part(future, waiting) for future in left)
            if done != told:
                listener(Encoding(done, total))
            told = done
            if not left:
                return
            ready, left = wait(left, timeout=_TOLD_EVERY, return_when=FIRST_COMPLETED)
            for future in ready:
                result(future)

    def _part(self, future: Future[int], waiting: Counter[Future[int]]) -> int:
        watch = self._watches.get(future)
        return min(watch.frames, waiting[future] - 1) if watch else 0

    def _submit(self, job: SegmentJob) -> Future[int]:
        """Only threads of this process can be told to stop, and tell how far they are."""
        if isinstance(self._executor, ThreadPoolExecutor):
            watch = _Watch(self._stop)
            begun = submit(self._executor, render, job, watch)
            self._watches[begun] = watch
            return begun
        return submit(self._executor, render, job)

    def _named(self, timeline: Timeline) -> list[tuple[str, Stretch]]:
        return [
            (key_of(timeline, stretch, recipe=self.recipe, looks=self._looks), stretch)
            for stretch in stretches(timeline, looks=self._looks)
        ]

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.{self.recipe.container}"

    def _there(self, key: str, stretch: Stretch) -> bool:
        """Whether the segment is being made, or was kept from before and is whole."""
        begun = self._running.get(key)
        if begun is not None and begun.done() and (begun.cancelled() or begun.exception()):
            del self._running[key]  # perhaps its take is there by now
        if key not in self._running and key not in self._kept:
            path = self._path(key)
            try:
                whole = path.exists() and count(path) == stretch.frames
            except MediaError:
                whole = False
            if not whole:
                return False
            path.touch()
            self._kept.add(key)
        return True


def _chains(timeline: Timeline, missing: dict[str, Stretch]) -> list[dict[str, Stretch]]:
    """The stretches to encode, those that begin in one clip together, the longest first.

    A take is one long group of frames: who begins at its end has to decode it from its start.
    """
    chains: dict[Clip, dict[str, Stretch]] = {}
    for key, stretch in missing.items():
        chains.setdefault(timeline.clip_at(stretch.start), {})[key] = stretch
    return sorted(
        chains.values(), key=lambda chain: -sum(stretch.frames for stretch in chain.values())
    )
