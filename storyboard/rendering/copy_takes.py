"""Joining takes as they are, without encoding: only where that gives exactly the planned film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.rendering.segments import Segment
from storyboard.rendering.stretches import stretches
from storyboard.video.containers import reading
from storyboard.video.probing import check, probe
from storyboard.video.reader import Reader
from storyboard.video.recipes import RECIPES

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.stretches import Stretch
    from storyboard.timeline import Clip, Timeline
    from storyboard.video.probing import VideoFacts
    from storyboard.video.recipes import VideoRecipe

_TAGS = {name: row.tag for name, row in RECIPES.items() if row.container == "mp4"}
"""Codecs that are joined as they are, and what an MP4 file calls them."""


class Unjoinable(MediaError):
    """Why takes can't be joined as they are."""


def takes_as_segments(
    timeline: Timeline, *, looks: Sequence[PictureFix] = ()
) -> tuple[tuple[Segment, ...], VideoRecipe]:
    """The takes as segments, and the recipe that they are joined by; Unjoinable says why not."""
    parts = stretches(timeline, looks=looks)
    clips = [_untouched(timeline, part) for part in parts]
    order = [_order(clip) for clip in clips]
    facts = [_agreeing(clip, timeline) for clip in clips]
    if len({(fact.codec, fact.pix_fmt) for fact in facts}) > 1 or facts[0].codec not in _TAGS:
        raise Unjoinable("the takes have different codecs, or one that is not copied")
    recipe = replace(RECIPES["h264"], tag=_TAGS[facts[0].codec], reorder=max(order))
    segments = (
        Segment(clip.media.path, part.start, part.frames)
        for clip, part in zip(clips, parts, strict=True)
    )
    return tuple(segments), recipe


def same_pictures(path: Path, timeline: Timeline) -> None:
    """Decode a copied film; MediaError unless each shot begins and ends on its take's pictures."""
    check(path, frames=timeline.frames, rate=timeline.rate, size=timeline.size)
    with Reader(path) as film:
        for clip in timeline.clips:
            with Reader(clip.media.path) as take:
                for offset in (0, clip.frames - 1):
                    seen = film.picture(clip.start + offset)
                    if (seen != take.picture(clip.media_frame(offset))).any():
                        raise MediaError(f"{clip.shot} doesn't show its take's frames when copied")


def _untouched(timeline: Timeline, part: Stretch) -> Clip:
    clip = timeline.clip_at(part.start)
    if not part.own or (part.start, part.frames) != (clip.start, clip.frames):
        raise Unjoinable(f"{clip.shot} needs more than its take's own frames")
    if not clip.one_to_one or clip.first != 0:
        raise Unjoinable(f"{clip.shot} is retimed, held, or cut at its start")
    return clip


def _agreeing(clip: Clip, timeline: Timeline) -> VideoFacts:
    facts = probe(clip.media.path)
    if (facts.rate, facts.size) != (timeline.rate, timeline.size):
        raise Unjoinable(f"{clip.shot} has another size or rate than the film")
    if not (facts.plain and facts.steady and facts.colour.bt709):
        raise Unjoinable(f"{clip.shot} is turned, unsteady, or not tagged as BT.709")
    return facts


def _order(clip: Clip) -> int:
    """How far a take's frames come before their turn, when what is cut off can be left out.

    Frames are stored in the order of decoding. Only its end can be left out, and the frames that
    are cut off need not lie there.
    """
    with reading(clip.media.path) as container:
        packets = container.demux(container.streams.video[0])
        times = [packet.pts for packet in packets if packet.size and packet.pts is not None]
    shown = {pts: number for number, pts in enumerate(sorted(times))}
    order = [shown[pts] for pts in times]
    if any(number >= clip.frames for number in order[: clip.frames]):
        raise Unjoinable(f"{clip.shot} needs the frames at its end that the film leaves out")
    return max(place - number for place, number in enumerate(order[: clip.frames]))
