"""Writing the film: segments encoded once and kept, joined by copying, verified, then named.

stretches     where the film is divided
keys          what names a stretch's pixels
segments      encoding stretches, in parallel and early
soundtrack    the sound, once for the whole film
join          packets into one file
verify        the last look before the file takes its name
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from storyboard.assemble.join import join
from storyboard.assemble.segments import Segment, Segments
from storyboard.assemble.soundtrack import soundtrack
from storyboard.assemble.stretches import Stretch, stretches
from storyboard.assemble.verify import verify
from storyboard.errors import MediaError
from storyboard.events import Listener, ignore
from storyboard.film import Look
from storyboard.timeline import Timeline
from storyboard.video import H264, Recipe, appearing

__all__ = ["Film", "Segment", "Segments", "Stretch", "assemble", "stretches"]


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film on disk."""

    path: Path
    frames: int
    segments: int
    rendered: int
    """How many of its segments were encoded for it; the others were kept from before."""


def assemble(
    timeline: Timeline,
    output: Path,
    *,
    cache: Path,
    recipe: Recipe = H264,
    looks: Sequence[Look] = (),
    jobs: int | None = None,
    executor: Executor | None = None,
    segments: Segments | None = None,
    listener: Listener = ignore,
) -> Film:
    """Write the film of a timeline; it appears under its name whole and verified, or not at all.

    `cache` is the folder in which segments are kept. `segments` are those that were begun while
    takes were still being generated. MediaError when anything can't be read, made or written.
    """
    if not timeline.clips:
        raise MediaError("there is nothing to show: the timeline has no clips")
    cache.mkdir(parents=True, exist_ok=True)
    work = segments or Segments(cache, recipe=recipe, looks=looks, jobs=jobs, executor=executor)
    try:
        pieces = work.finish(timeline, listener=listener)
    finally:
        if segments is None:
            work.close()
    sound = soundtrack(timeline, cache, recipe=work.recipe)
    with appearing(output) as coming:
        joined = join(coming, pieces, rate=timeline.rate, recipe=work.recipe, sound=sound)
        verify(coming, timeline, pieces, joined, sound=sound is not None)
    return Film(output, joined.frames, len(pieces), work.rendered)
