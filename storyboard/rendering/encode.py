"""Encoding stretches: a function on plain data whose output is named by the hash of its input.

So it may run twice, in another process, or on another machine that sees the same folders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.files import appearing
from storyboard.rendering.film import film, time_of
from storyboard.rendering.reels import Reels
from storyboard.video.colour import from_rgb
from storyboard.video.probing import check
from storyboard.video.recipes import H264
from storyboard.video.writer import encode

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.stretches import Stretch
    from storyboard.timeline import Timeline
    from storyboard.video.colour import Picture
    from storyboard.video.recipes import VideoRecipe


@dataclass(frozen=True, slots=True)
class SegmentJob:
    """What it takes to encode stretches that follow each other in one take."""

    timeline: Timeline
    stretches: tuple[Stretch, ...]
    paths: tuple[Path, ...]
    recipe: VideoRecipe = H264
    looks: tuple[PictureFix, ...] = ()
    threads: int = 1


def render(job: SegmentJob, watched: Callable[[], None] | None = None) -> int:
    """Encode a job's stretches; gives the number of their frames.

    Each is decoded to see that all is there before it takes its name. `watched` is called before
    each frame, and may raise what stops the work. MediaError when it can't be done.
    """
    with Reels() as reels:
        for stretch, path in zip(job.stretches, job.paths, strict=True):
            _render(job, stretch, path, _watched(watched, _frames(job, stretch, reels)))
    return sum(stretch.frames for stretch in job.stretches)


def _render(
    job: SegmentJob, stretch: Stretch, path: Path, frames: Iterator[Picture | VideoFrame]
) -> None:
    with appearing(path) as coming:
        encode(
            coming,
            frames,
            rate=job.timeline.rate,
            size=job.timeline.size,
            recipe=job.recipe,
            threads=job.threads,
        )
        check(coming, frames=stretch.frames, size=job.timeline.size)


def _watched(
    watched: Callable[[], None] | None, frames: Iterator[Picture | VideoFrame]
) -> Iterator[Picture | VideoFrame]:
    for frame in frames:
        if watched is not None:
            watched()
        yield frame


def _frames(job: SegmentJob, stretch: Stretch, reels: Reels) -> Iterator[Picture | VideoFrame]:
    if stretch.own and (takes := _own_frames(job, stretch, reels)) is not None:
        return takes
    return _composed(job, stretch, reels)


def _own_frames(job: SegmentJob, stretch: Stretch, reels: Reels) -> Iterator[VideoFrame] | None:
    """The takes' stored frames; None where they are not seen the way they are stored."""
    clip = job.timeline.clip_at(stretch.start)
    if not reels.reader(clip.media).facts.plain:
        return None
    return (
        reels.frame(clip.media, clip.media_frame(frame - clip.start))
        for frame in range(stretch.start, stretch.end)
    )


def _composed(job: SegmentJob, stretch: Stretch, reels: Reels) -> Iterator[VideoFrame]:
    """The film's own pictures; one that stands still is converted once."""
    clip = film(replace(job.timeline, sounds=()), looks=job.looks, reels=reels)
    before: Picture | None = None
    for frame in range(stretch.start, stretch.end):
        picture = clip.get_frame(time_of(frame, job.timeline))
        if before is None or not np.array_equal(picture, before):
            stored = from_rgb(picture, pix_fmt=job.recipe.pix_fmt)
        before = picture
        yield stored
