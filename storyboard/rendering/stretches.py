"""Where the film is divided: stretches of whole frames, each encoded once and kept.

    clips        |------ sh010 ------||------ sh020 ------|
    transition                   |=======|
    words           |=====|
    stretches    |--|-----|------|=======|----------------|

A stretch is a take's own frames throughout, or it has something to compose. No stretch ends
inside a transition, and what changes one shot leaves the other shots' stretches as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.rendering import lettering

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.timeline import Clip, Timeline


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of film frames that is encoded as one segment."""

    start: int
    frames: int
    own: bool
    """Whether every picture is a take's own frame, with nothing over it."""
    shots: frozenset[str]
    """The shots that are seen."""

    @property
    def end(self) -> int:
        """The film frame after the last one."""
        return self.start + self.frames


def stretches(timeline: Timeline, *, looks: Sequence[PictureFix] = ()) -> tuple[Stretch, ...]:
    """The whole film in stretches, in order and without gaps."""
    covered = [stretch for stretch in lettering.changes(timeline) if not stretch.untouched]
    edges = {0, timeline.frames}
    edges |= {clip.start for clip in timeline.clips}
    edges |= {edge for words in covered for edge in (words.start, words.end)}
    edges |= {edge for look in looks for edge in (look.start, look.end)}
    inside = {edge for t in timeline.transitions for edge in edges if t.start < edge < t.end}
    edges |= {edge for t in timeline.transitions for edge in (t.start, t.end)}
    kept = sorted(edge for edge in edges - inside if 0 <= edge <= timeline.frames)
    dressed = [(words.start, words.end) for words in covered]
    dressed += [(look.start, look.end) for look in looks]
    return tuple(_stretch(timeline, start, end, dressed=dressed) for start, end in pairwise(kept))


def _stretch(
    timeline: Timeline, start: int, end: int, *, dressed: Sequence[tuple[int, int]]
) -> Stretch:
    transition = timeline.transition_at(start)
    clips = timeline.seen(start, end)
    own = (
        transition is None
        and not any(first < end and start < last for first, last in dressed)
        and all(_shown_as_is(clip, timeline) for clip in clips)
    )
    return Stretch(start, end - start, own, frozenset(clip.shot for clip in clips))


def _shown_as_is(clip: Clip, timeline: Timeline) -> bool:
    return clip.media.kind == "take" and clip.media.size.same_shape(timeline.size)
