"""Making pieces of a film: a function on plain data whose output is named by its input's hash.

So it may run twice, in another process, or on another machine that sees the same folders. Packets
that are kept as they are are decoded here, once; their note is the output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.rendering import planes
from storyboard.rendering.compose import compose
from storyboard.rendering.kept import keep
from storyboard.rendering.reels import Reels
from storyboard.rendering.segment_keys import key_of
from storyboard.video.colour import from_rgb
from storyboard.video.probing import check
from storyboard.video.writer import encode

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.pieces import Piece
    from storyboard.timeline import Media, Timeline
    from storyboard.timeline.stretches import Stretch
    from storyboard.video.colour import Picture
    from storyboard.video.stored import PacketRun

_Frame = TypeVar("_Frame")

_MOST_THREADS = 4
_FRAMES_A_THREAD = 120
"""Below that a second thread costs more than it gives: many segments are encoded at once anyway."""


@dataclass(frozen=True, slots=True)
class SegmentJob:
    """What it takes to make pieces that follow each other in one take."""

    timeline: Timeline
    pieces: tuple[Piece, ...]
    paths: tuple[Path, ...]
    """Their segments, and the notes of those that are kept."""
    looks: tuple[PictureFix, ...] = ()
    aside: tuple[Callable[[Reels], None], ...] = ()
    """What is done after that, while its takes are open, and where their end is decoded."""


RECENT = 16
"""Frames of a take that need not be decoded again for what is done aside."""


def render(job: SegmentJob, watched: Callable[[], None] | None = None) -> int:
    """Make a job's pieces; gives the number of their frames.

    Each is decoded to see that all is there before it takes its name. `watched` is called before
    each frame, and may raise what stops the work. MediaError when it can't be done. Where packets
    to be kept are damaged, a note says so, and no other piece is made.
    """
    strict = any(piece.kept for piece in job.pieces)
    with Reels(strict=strict, recent=RECENT if job.aside else 0) as reels:
        for piece, path in zip(job.pieces, job.paths, strict=True):
            if piece.media is not None and piece.run is not None:
                taken = _watched(watched, _taken(piece.media, piece.run, reels))
                if not keep(path, taken, size=job.timeline.size):
                    break
            else:
                _encode(job, piece, path, _watched(watched, _frames(job, piece, reels)))
        for work in job.aside:
            work(reels)
    return sum(piece.stretch.frames for piece in job.pieces)


def _encode(
    job: SegmentJob, piece: Piece, path: Path, frames: Iterator[Picture | VideoFrame]
) -> None:
    """Encode a piece, and find the encoder's packets again on the disk, whole and decodable.

    MediaError where this machine would draw other letters than the one that has named it, and
    where a font was changed while it drew.
    """
    if key_of(job.timeline, piece, looks=job.looks) != path.stem:
        raise MediaError(
            f"{path.name}: this machine has other fonts, or other versions of what draws, than "
            "the one that makes the film; `font` names one for all machines"
        )
    with appearing(path) as coming:
        sent = encode(
            coming,
            frames,
            rate=job.timeline.rate,
            size=job.timeline.size,
            recipe=piece.recipe,
            threads=threads_for(piece.stretch.frames),
        )
        check(coming, frames=piece.stretch.frames, size=job.timeline.size, packets=sent.digest)
        if key_of(job.timeline, piece, looks=job.looks) != path.stem:
            raise MediaError("a font has changed since it was read; run the command again")


def threads_for(frames: int) -> int:
    """The encoder's threads for so many frames.

    Only what is encoded decides it: x264's bytes depend on how many threads it has.
    """
    return max(1, min(_MOST_THREADS, frames // _FRAMES_A_THREAD))


def _taken(media: Media, run: PacketRun, reels: Reels) -> Iterator[VideoFrame]:
    """The frames of packets that are kept."""
    return (reels.frame(media, run.first + number) for number in range(run.frames))


def _watched(watched: Callable[[], None] | None, frames: Iterator[_Frame]) -> Iterator[_Frame]:
    for frame in frames:
        if watched is not None:
            watched()
        yield frame


def _frames(job: SegmentJob, piece: Piece, reels: Reels) -> Iterator[Picture | VideoFrame]:
    if piece.stretch.own and (takes := _own_frames(job, piece.stretch, reels)) is not None:
        return takes
    return _composed(job, piece, reels)


def _own_frames(job: SegmentJob, stretch: Stretch, reels: Reels) -> Iterator[VideoFrame] | None:
    """The takes' stored frames; None where they are not seen the way they are stored."""
    clip = job.timeline.clip_at(stretch.start)
    if not reels.reader(clip.media).facts.plain:
        return None
    return (
        reels.frame(clip.media, clip.media_frame(frame - clip.start))
        for frame in range(stretch.start, stretch.end)
    )


def _composed(job: SegmentJob, piece: Piece, reels: Reels) -> Iterator[VideoFrame]:
    """The film's own pictures, in planes where that goes; what stands still is converted once."""
    if piece.recipe.pix_fmt == planes.FORMAT and planes.in_planes(
        job.timeline, piece.stretch, looks=job.looks, reels=reels
    ):
        for frame in range(piece.stretch.start, piece.stretch.end):
            yield planes.composed(job.timeline, frame, reels=reels)
        return
    before: Picture | None = None
    for frame in range(piece.stretch.start, piece.stretch.end):
        picture = compose(job.timeline, frame, reels=reels, looks=job.looks)
        if before is None or not np.array_equal(picture, before):
            stored = from_rgb(picture, pix_fmt=piece.recipe.pix_fmt)
        before = picture
        yield stored
