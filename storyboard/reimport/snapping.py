"""From a file's frames to its take's, where a program said them less exactly than they are.

Formats round: an EDL counts speeds in tenths of a frame, `.xml`, `.fcpxml` and `.mlt` count a place
in steps of the clip's speed. A clip that says what the export said of one is that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.exporting.media.source_starts import starts
from storyboard.exporting.timecodes import number_at
from storyboard.reimport.edited import EditedTransition
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.reimport.edited import EditedClip
    from storyboard.timeline import Timeline


def snapped(
    clips: Sequence[EditedClip], exported: Sequence[EditedClip], timeline: Timeline
) -> list[EditedClip]:
    """The clips with the take's frame as their first, and with speeds and places as they were
    meant.

    `exported` are those of the timeline that went out.
    """
    return [
        replace(_meant(clip, exported, timeline), opening=_opening(clip, exported))
        for clip in clips
    ]


def _opening(clip: EditedClip, exported: Sequence[EditedClip]) -> EditedTransition | None:
    """The transition into a clip, as it was where its format says nothing else."""
    over = clip.opening
    if over is None:
        return None
    before = [e.opening for e in exported if e.shot == clip.shot and e.opening]
    was = next((o for o in before if o.kind in (over.kind, *over.perhaps)), None)
    kind = was.kind if was is not None and was.frames == over.frames else over.kind
    same = was if was is not None and was.kind == kind else None
    return EditedTransition(
        kind,
        over.before,
        over.after,
        color=over.color or (same.color if same else "#000000"),
        direction=over.direction or (same.direction if same else "left"),
    )


def _meant(clip: EditedClip, exported: Sequence[EditedClip], timeline: Timeline) -> EditedClip:
    offset = _offset(clip, timeline)
    there = replace(clip, first=clip.first + offset)
    same = [e for e in exported if e.shot == clip.shot and e.frozen == clip.frozen]
    if clip.movie:
        held = {e.held for e in same}
        known = next(iter(held)) if len(held) == 1 else None
        return there if clip.held is not None else replace(there, held=known)
    near = [e for e in same if abs(e.speed - clip.speed) <= clip.near]
    if not near:
        return there
    closest = min(near, key=lambda e: (e.version != clip.version, abs(e.first - there.first)))
    rest = _beyond_step(closest.first - offset, clip.step)
    return replace(there, first=there.first + rest, speed=closest.speed)


def _beyond_step(first: Fraction, step: Fraction) -> Fraction:
    """What a format leaves out where it says this place in a file."""
    return first - whole(first / step) * step if step else Fraction(0)


def _offset(clip: EditedClip, timeline: Timeline) -> int:
    """How many frames of the take lie before its file's first one; less the label of that.

    A file that was cut at its head says so, or has a later label.
    """
    if clip.file_start is not None and clip.file_first is not None:
        return clip.file_first
    begins = whole(clip.first) if clip.file_start is None else clip.file_start
    given = [label for label in labels(clip.shot, timeline) if label <= begins]
    if not given:
        return 0
    return -max(given) if clip.file_start is None else begins - max(given)


def labels(shot: str, timeline: Timeline) -> Iterator[int]:
    """The frame numbers that a shot's takes may start at: counted in either way."""
    media = [own.media for own in timeline.of(shot)]
    named = next((one.shot for one in timeline.clips if one.media in media), shot)
    given = starts([*(note.shot for note in timeline.shots), named])
    for drop in (False, True):
        yield number_at(given[named], timeline.rate, drop=drop)
