"""A film's segments: which are there, which are being encoded, and which still have to be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from storyboard.audio.mix import length
from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.errors import Interrupted, MediaError
from storyboard.events import Encoding, log
from storyboard.rendering.encode import SegmentJob, render
from storyboard.rendering.kept import kept
from storyboard.rendering.memory import Memory
from storyboard.rendering.pieces import pieces
from storyboard.rendering.segment_keys import key_of
from storyboard.rendering.soundtrack import SoundWatch, soundtrack
from storyboard.video.probing import count
from storyboard.video.recipes import H264
from storyboard.workers import cores, result, submit

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.pieces import Piece
    from storyboard.rendering.reels import Reels
    from storyboard.rendering.soundtrack import Soundtrack
    from storyboard.timeline import Clip, Timeline
    from storyboard.video.recipes import VideoRecipe

_MOST_JOBS = 8
"""An encoder's look-ahead takes memory; beyond this, each encoder gets more threads instead."""
NOTHING: Mapping[int, Callable[[Reels], None]] = MappingProxyType({})

_TOLD_EVERY = 0.25
"""Seconds between two words about how far the film is."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Packets for a piece of the film: an encoded file, or a run of a take's own."""

    key: str
    """What it is made of, as 64 hexadecimal digits."""
    path: Path
    start: int
    frames: int
    piece: Piece
    sums: tuple[int, ...] = ()
    """What its frames are as the take's decoder has them, where its packets are kept."""


@dataclass(slots=True)
class _Watch:
    """What a thread that encodes calls before each frame: it counts, and stops when told to."""

    stop: Event
    frames: int = 0

    def __call__(self) -> None:
        if self.stop.is_set():
            raise Interrupted("stopped while the film was encoded; what is finished is kept")
        self.frames += 1


@dataclass(frozen=True, slots=True)
class SoundOnItsWay:
    """The film's sound, which is made beside its pieces."""

    made: Future[Soundtrack | None]
    seconds: int
    """The film's length."""
    watch: SoundWatch | None = None
    """Where it is; None where another process makes it."""

    def wait(self, listener: Listener) -> Soundtrack | None:
        """Wait for it, and say how far it is."""
        told = None
        while not wait([self.made], timeout=_TOLD_EVERY).done:
            if self.watch is not None:
                at = self.watch.done, min(self.watch.sample // SAMPLE_RATE, self.seconds)
                if at != told:
                    listener(Encoding(at[1], self.seconds, f"seconds of sound {at[0]}"))
                told = at
        return result(self.made)


class Segments:
    """The stretches of one film, encoded into a folder as soon as their takes are there."""

    def __init__(
        self,
        folder: Path,
        *,
        recipe: VideoRecipe = H264,
        looks: Sequence[PictureFix] = (),
        keep: bool = False,
        jobs: int | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.folder = folder
        self.recipe = recipe
        self.keep = keep
        """Whether takes keep their packets where they can."""
        self.rendered = 0
        """How many stretches were encoded; the others were there."""
        self._memory = Memory(folder)
        self._looks = tuple(looks)
        self._ours = executor is None
        self._executor = executor or ThreadPoolExecutor(jobs or min(cores(), _MOST_JOBS))
        self._stop = Event()
        self._found: set[str] = set()
        self._again: set[str] = set()
        self._spoilt: set[str] = set()
        self._running: dict[str, Future[int]] = {}
        self._watches: dict[Future[int], _Watch] = {}

    def start(
        self,
        timeline: Timeline,
        *,
        shots: Collection[str] | None = None,
        asides: Mapping[int, Callable[[Reels], None]] = NOTHING,
        clips: Callable[[int], bool] | None = None,
    ) -> None:
        """Begin to encode the stretches in which only these shots are seen; None: all of them.

        It may be called again and again while takes land. A stretch that turns out differently
        in the finished timeline is encoded anew, and the early one stays unused. `asides` are done
        where the film frame before theirs is made, if it is. Where only some `clips` are asked
        for, by their number in the film, what begins in others is left out.
        """
        ready = None if shots is None else frozenset(shots)
        named = self._named(timeline, shots=ready)
        if ready is not None:
            named = [(key, piece) for key, piece in named if piece.stretch.shots <= ready]
        self._begin(timeline, named, asides, clips)

    def _begin(
        self,
        timeline: Timeline,
        named: Sequence[tuple[str, Piece]],
        asides: Mapping[int, Callable[[Reels], None]],
        clips: Callable[[int], bool] | None = None,
    ) -> None:
        missing = {key: piece for key, piece in named if not self._there(key, piece)}

        def clip_of(piece: Piece) -> Clip:
            return timeline.clip_at(piece.stretch.start)

        for chain in _chains(timeline, missing):
            if clips and not clips(timeline.clips.index(clip_of(next(iter(chain.values()))))):
                continue
            paths = tuple(self._path(key, piece) for key, piece in chain.items())
            ends = {clip_of(piece).end for piece in chain.values()}
            aside = tuple(work for at, work in asides.items() if at in ends)
            job = SegmentJob(timeline, tuple(chain.values()), paths, self._looks, aside)
            self._running.update(dict.fromkeys(chain, self._submit(job)))
            self.rendered += sum(not piece.kept for piece in chain.values())

    def finish(
        self,
        timeline: Timeline,
        *,
        listener: Listener = log,
        asides: Mapping[int, Callable[[Reels], None]] = NOTHING,
    ) -> tuple[Segment, ...]:
        """All segments of the film, in order; waits for those that are missing."""
        while True:
            named = self._named(timeline)
            self._begin(timeline, named, asides)
            waiting: Counter[Future[int]] = Counter()
            for key, piece in named:
                if key in self._running:
                    waiting[self._running[key]] += piece.stretch.frames
            self._tell(timeline.frames, waiting, listener)
            gone = {key for key, piece in named if not _marked(self._path(key, piece))}
            found = [self._segment(key, piece) for key, piece in named if key not in gone]
            damaged = {one.piece.media.key for one in found if one.piece.media and not one.sums}
            if not damaged and not gone:
                return tuple(found)
            self._spoilt |= damaged  # decoders may show them differently: they are encoded
            if not damaged:
                self._expect_again(gone)
            for key in gone:
                self._found.discard(key)
                self._running.pop(key, None)

    def _expect_again(self, gone: Collection[str]) -> None:
        """Pieces that were removed meanwhile; MediaError where they were made again already."""
        if self._again.intersection(gone):
            raise MediaError(
                f"what was made of the film is not in {self.folder}: somebody removes it, or who "
                "made it sees another folder of this name"
            )
        self._again.update(gone)

    def _segment(self, key: str, piece: Piece) -> Segment:
        start, frames, path = piece.stretch.start, piece.stretch.frames, self._path(key, piece)
        if piece.media is None:
            return Segment(key, path, start, frames, piece)
        sums = tuple(kept(path, frames) or ())
        return Segment(key, piece.media.path, start, frames, piece, sums)

    def sound(self, timeline: Timeline) -> SoundOnItsWay:
        """Have the film's sound made by whoever makes the pieces."""
        watch = SoundWatch(self._stop) if isinstance(self._executor, ThreadPoolExecutor) else None
        more: Any = {"told": watch} if watch else {}
        container = self.recipe.container
        given = (timeline, self.folder)
        made = submit(self._executor, soundtrack, *given, container=container, **more)
        return SoundOnItsWay(made, length(timeline) // SAMPLE_RATE, watch)

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

    def _named(
        self, timeline: Timeline, *, shots: Collection[str] | None = None
    ) -> list[tuple[str, Piece]]:
        """The film's pieces with their keys; pieces that are alike share one."""
        divided = pieces(
            timeline,
            recipe=self.recipe,
            looks=self._looks,
            keep=self.keep,
            shots=shots,
            spoilt=self._spoilt,
            memory=self._memory,
        )
        return [(key_of(timeline, piece, looks=self._looks), piece) for piece in divided]

    def _path(self, key: str, piece: Piece) -> Path:
        return self.folder / f"{key}.{'kept' if piece.kept else piece.recipe.container}"

    def _there(self, key: str, piece: Piece) -> bool:
        """Whether the segment is being made, or was kept from before and is whole."""
        begun = self._running.get(key)
        if begun is not None and begun.done() and (begun.cancelled() or begun.exception()):
            del self._running[key]  # perhaps its take is there by now
        if key not in self._running and key not in self._found:
            path = self._path(key, piece)
            if not _whole(path, piece, self._memory):
                return False
            self._found.add(key)
        return True


def _marked(path: Path) -> bool:
    """Mark a segment as used just now; False where it is gone."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except OSError:  # another user's, which may be read
        return path.exists()
    return True


def _whole(path: Path, piece: Piece, memory: Memory) -> bool:
    """Whether what was made before is there: its frames are counted once."""
    if piece.kept:
        return kept(path, piece.stretch.frames) is not None
    try:
        counted = ["frames", path.name, path.stat().st_size]
        if (known := memory.recall(counted)) is None:
            known = count(path)
            memory.keep(counted, known)
    except (MediaError, OSError):
        return False
    return bool(known == piece.stretch.frames)


def _chains(timeline: Timeline, missing: dict[str, Piece]) -> list[dict[str, Piece]]:
    """The pieces to make, those that begin in one clip together, the longest first.

    A take is one long group of frames: who begins at its end has to decode it from its start.
    """
    chains: dict[Clip, dict[str, Piece]] = {}
    for key, piece in missing.items():
        chains.setdefault(timeline.clip_at(piece.stretch.start), {})[key] = piece
    return sorted(
        chains.values(), key=lambda chain: -sum(piece.stretch.frames for piece in chain.values())
    )
