"""A few frames around a seam as a small file of its own, to be seen again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.page.tiles import RECIPE, within
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.video.writer import encode

if TYPE_CHECKING:
    from storyboard.timeline import SeamMark, Timeline
    from storyboard.video.colour import Picture

AROUND = 12
"""Frames on either side of the seam."""
_LONGEST = 480


def around(timeline: Timeline, seam: SeamMark) -> tuple[Timeline, int]:
    """The two shots of a seam as a small timeline of their own, and the seam's frame in it."""
    clips = timeline.of(seam.before, seam.after)
    start = clips[0].start
    moved = tuple(replace(clip, start=clip.start - start) for clip in clips)
    return (
        replace(
            timeline.bare().reshaped(within(timeline.size, _LONGEST)),
            title="",
            clips=moved,
            sounds=(),
            scenes=(),
            seams=(),
            shots=(),
        ),
        seam.at - start,
    )


def span(small: Timeline, at: int) -> tuple[int, int]:
    """The first frame that is seen, and the one after the last."""
    return max(0, at - AROUND), min(small.frames, at + AROUND)


def write_loop(path: Path, small: Timeline, at: int) -> None:
    """Write what `around` gives. MediaError where a take can't be read."""
    encode(path, _frames(small, at), rate=small.rate, size=small.size, recipe=RECIPE, threads=1)


def _frames(small: Timeline, at: int) -> Iterator[Picture]:
    with Reels() as reels:
        for frame in range(*span(small, at)):
            yield compose(small, frame, reels=reels)
