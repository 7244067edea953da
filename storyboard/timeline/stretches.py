"""Where the film is divided: stretches of whole frames, each made once and kept.

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

if TYPE_CHECKING:
    from storyboard.timeline import Clip, Timeline, Words


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of film frames that is joined from pieces of its own."""

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


@dataclass(frozen=True, slots=True)
class Covered:
    """A range of film frames under the same words, `end` not included.

    While words fade, and under a burn-in with its timecode, the pixels still differ by frame.
    """

    start: int
    end: int
    words: tuple[Words, ...] = ()
    burn_in: str | None = None
    """The shot whose burn-in is shown."""

    @property
    def untouched(self) -> bool:
        """Whether nothing lies over the picture."""
        return not self.words and self.burn_in is None


def covered(timeline: Timeline) -> tuple[Covered, ...]:
    """What lies over the whole film, in order and without gaps."""
    last = timeline.frames
    marked = {clip.start for clip in timeline.clips if timeline.burn_in}
    marked |= {word.start for word in timeline.words}
    marked |= {word.start + word.frames for word in timeline.words}
    edges = sorted({0, last} | {edge for edge in marked if 0 < edge < last})
    found: list[Covered] = []
    for start, end in pairwise(edges):
        now = Covered(start, end, timeline.words_at(start), timeline.burn_in_at(start))
        before = found[-1] if found else None
        if before and (before.words, before.burn_in) == (now.words, now.burn_in):
            found[-1] = Covered(before.start, end, now.words, now.burn_in)
        else:
            found.append(now)
    return tuple(found)


def stretches(timeline: Timeline, *, fixed: Sequence[tuple[int, int]] = ()) -> tuple[Stretch, ...]:
    """The whole film in stretches, in order and without gaps.

    `fixed` are ranges of film frames, ends not included, whose pictures are changed in other ways.
    """
    dressed = [(one.start, one.end) for one in covered(timeline) if not one.untouched]
    dressed += fixed
    edges = {0, timeline.frames}
    edges |= {clip.start for clip in timeline.clips}
    edges |= {edge for both in dressed for edge in both}
    inside = {edge for t in timeline.transitions for edge in edges if t.start < edge < t.end}
    edges |= {edge for t in timeline.transitions for edge in (t.start, t.end)}
    kept = sorted(edge for edge in edges - inside if 0 <= edge <= timeline.frames)
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
    plain = clip.media.kind == "take" and not clip.drawn
    return plain and clip.media.size.same_shape(timeline.size)
