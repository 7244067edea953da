"""Encoding a film's stretches: in parallel, each once, and before the whole film is there.

`render` is a function on plain data whose output is named by the hash of its input, so it may run
twice, in another process, or on another machine that sees the same folders.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from types import TracebackType

import numpy as np
from av.video.frame import VideoFrame

from storyboard.assemble.keys import key_of
from storyboard.assemble.stretches import Stretch, stretches
from storyboard.errors import Interrupted, MediaError
from storyboard.events import Encoding, Listener, ignore
from storyboard.film import Look, Reels, film, time_of
from storyboard.timeline import Timeline
from storyboard.video import (
    H264,
    Picture,
    Recipe,
    appearing,
    check,
    encode,
    from_rgb,
    probe,
    wrapped,
)

_MOST_JOBS = 8
"""An encoder's look-ahead takes memory; beyond this, each encoder gets more threads instead."""


@dataclass(frozen=True, slots=True)
class Segment:
    """An encoded stretch."""

    path: Path
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class Job:
    """What it takes to encode one stretch."""

    timeline: Timeline
    stretch: Stretch
    path: Path
    recipe: Recipe = H264
    looks: tuple[Look, ...] = ()
    threads: int = 1


def render(job: Job, stopped: Callable[[], bool] | None = None) -> Path:
    """Encode one stretch, decode it to see that all is there, and give it its name.

    Interrupted when `stopped` says so; MediaError when it can't be done.
    """
    with appearing(job.path) as coming:
        encode(
            coming,
            _until(stopped, _frames(job)),
            rate=job.timeline.rate,
            size=job.timeline.size,
            recipe=job.recipe,
            threads=job.threads,
        )
        check(coming, frames=job.stretch.frames, size=job.timeline.size, quick=True)
    return job.path


class Segments:
    """The stretches of one film, encoded into a folder as soon as their takes are there."""

    def __init__(
        self,
        folder: Path,
        *,
        recipe: Recipe = H264,
        looks: Sequence[Look] = (),
        jobs: int | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.folder = folder
        self.recipe = recipe
        self.rendered = 0
        """How many stretches were encoded; the others were there."""
        self._looks = tuple(looks)
        self._jobs = jobs or min(cores(), _MOST_JOBS)
        self._executor = executor
        self._own = None if executor else ThreadPoolExecutor(self._jobs)
        self._stop = Event()
        self._kept: set[str] = set()
        self._running: dict[str, Future[Path]] = {}

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
        with wrapped(self.folder, "used"):
            self.folder.mkdir(parents=True, exist_ok=True)
        threads = max(1, cores() // max(1, min(self._jobs, len(missing) + len(self._running))))
        longest_first = sorted(missing.items(), key=lambda item: -item[1].frames)
        for key, stretch in longest_first:
            job = Job(timeline, stretch, self._path(key), self.recipe, self._looks, threads)
            self._running[key] = self._submit(job)
            self.rendered += 1

    def finish(self, timeline: Timeline, *, listener: Listener = ignore) -> tuple[Segment, ...]:
        """All segments of the film, in order; waits for those that are missing."""
        self.start(timeline)
        named = self._named(timeline)
        waiting = {
            self._running[key]: stretch.frames for key, stretch in named if key in self._running
        }
        done = timeline.frames - sum(waiting.values())
        listener(Encoding(done, timeline.frames))
        for future in as_completed(waiting):
            _result(future)
            done += waiting[future]
            listener(Encoding(done, timeline.frames))
        return tuple(
            Segment(self._path(key), stretch.start, stretch.frames) for key, stretch in named
        )

    def close(self) -> None:
        """Give up what is not finished; nothing half-made is left behind."""
        self._stop.set()
        for future in self._running.values():
            future.cancel()
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Segments:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, job: Job) -> Future[Path]:
        """Only threads of this process can be told to stop."""
        if self._own is not None:
            return self._own.submit(render, job, self._stop.is_set)
        assert self._executor is not None
        return self._executor.submit(render, job)

    def _named(self, timeline: Timeline) -> list[tuple[str, Stretch]]:
        return [
            (key_of(timeline, stretch, recipe=self.recipe, looks=self._looks), stretch)
            for stretch in stretches(timeline, looks=self._looks)
        ]

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.{self.recipe.container}"

    def _there(self, key: str, stretch: Stretch) -> bool:
        """Whether the segment is being made, or was kept from before and is whole."""
        if key not in self._running and key not in self._kept:
            path = self._path(key)
            try:
                whole = path.exists() and probe(path).frames == stretch.frames
            except MediaError:
                whole = False
            if not whole:
                return False
            path.touch()
            self._kept.add(key)
        return True


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _result(future: Future[Path]) -> Path:
    try:
        return future.result()
    except BrokenExecutor as error:
        raise MediaError(f"a process that encoded the film died: {error}") from error


def _until(
    stopped: Callable[[], bool] | None, frames: Iterator[Picture | VideoFrame]
) -> Iterator[Picture | VideoFrame]:
    for frame in frames:
        if stopped is not None and stopped():
            raise Interrupted("stopped while the film was encoded; what is finished is kept")
        yield frame


def _frames(job: Job) -> Iterator[Picture | VideoFrame]:
    with Reels() as reels:
        if job.stretch.own and (takes := _own_frames(job, reels)) is not None:
            yield from takes
        else:
            yield from _composed(job, reels)


def _own_frames(job: Job, reels: Reels) -> Iterator[VideoFrame] | None:
    """The takes' stored frames; None where they are not seen the way they are stored."""
    clip = job.timeline.clip_at(job.stretch.start)
    if not reels.reader(clip.media).facts.plain:
        return None
    return (
        reels.frame(clip.media, clip.media_frame(frame - clip.start))
        for frame in range(job.stretch.start, job.stretch.end)
    )


def _composed(job: Job, reels: Reels) -> Iterator[VideoFrame]:
    """The film's own pictures; one that stands still is converted once."""
    clip = film(replace(job.timeline, sounds=()), looks=job.looks, reels=reels)
    before: Picture | None = None
    for frame in range(job.stretch.start, job.stretch.end):
        picture = clip.get_frame(time_of(frame, job.timeline))
        if before is None or not np.array_equal(picture, before):
            stored = from_rgb(picture, pix_fmt=job.recipe.pix_fmt)
        before = picture
        yield stored
