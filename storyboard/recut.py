"""Recutting: a finished timeline in another order, with other lengths and speeds. Pure.

It needs no plan and no take that is not there already: whatever an editor did to the cut, the
requests stay what they were, and nothing is paid again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from storyboard.errors import MediaError
from storyboard.spec import CutShot
from storyboard.spec.transition import Transition as Written
from storyboard.timeline import (
    Clip,
    SceneMark,
    SeamMark,
    Sound,
    Timeline,
    Transition,
    Words,
)
from storyboard.timing import Duration, Rate, whole

USUAL = Duration(Fraction(1))
"""How long a transition takes unless it says so."""


@dataclass(frozen=True, slots=True)
class Natural:
    """A shot as the storyboard has it, without the time that transitions take from it."""

    clip: Clip
    hold: int
    """Film frames for which its last frame is held."""
    opening: Transition | None
    """How the film comes into its scene, where it is the scene's first shot."""


def natural(timeline: Timeline) -> dict[str, Natural]:
    """Each shot as it is on its own, in the order of the film."""
    over = {transition.at: transition for transition in timeline.transitions}
    found: dict[str, Natural] = {}
    for clip in timeline.clips:
        own = _restored(clip, over)
        if clip.held and clip.shot in found:
            found[clip.shot] = replace(found[clip.shot], hold=own.frames)
        elif clip.shot not in found:
            found[clip.shot] = Natural(own, 0, over.get(clip.start))
    return found


def recut(timeline: Timeline, cut: Sequence[CutShot]) -> Timeline:
    """The timeline with its shots as `cut` lists them.

    Captions and the takes' own sound move with their shots; titles, music and voice-over stay
    where they are on the film. MediaError for a shot that is not in the timeline, or a part that
    its take does not have.
    """
    shots = natural(timeline)
    clips: list[Clip] = []
    transitions: list[Transition] = []
    starts: list[int] = []
    for entry in cut:
        if entry.shot not in shots:
            raise MediaError(
                f"cut: there is no shot {entry.shot} in the film; choose from {', '.join(shots)}"
            )
        own = list(_clips(shots[entry.shot], entry, timeline.rate))
        opening = _opening(shots[entry.shot], entry, timeline.rate)
        joined = _joined(opening, clips, own) if opening else None
        if joined:
            transitions.append(joined)
        offset = (joined.at if joined else clips[-1].end if clips else 0) - own[0].start
        starts.append(own[0].start + offset)
        clips += [replace(clip, start=clip.start + offset) for clip in own]
    end = clips[-1].end
    return replace(
        timeline,
        clips=tuple(clips),
        transitions=tuple(transitions),
        words=_words(timeline, clips, end),
        sounds=_sounds(timeline, clips),
        scenes=_scenes(timeline, clips),
        seams=_seams(timeline, clips),
    )


def _restored(clip: Clip, over: dict[int, Transition]) -> Clip:
    """The clip with what overlapping transitions took off its ends."""
    opening, closing = over.get(clip.start), over.get(clip.end)
    head = opening.before if opening and opening.overlaps else 0
    tail = closing.after if closing and closing.overlaps else 0
    return clip.shortened(head=-head, tail=-tail)


def _clips(own: Natural, entry: CutShot, rate: Rate) -> Iterator[Clip]:
    """The entry's clip from film frame 0 on, and its hold."""
    hold = own.hold if entry.hold is None and entry.whole else _frames(entry.hold, rate)
    clip = _part(own.clip, entry, rate)
    yield clip
    if hold:
        last = clip.media_frame(clip.frames - 1)
        yield replace(
            clip, start=clip.end, frames=hold, first=last, last=last, span=1, held=True, drops=0
        )


def _part(clip: Clip, entry: CutShot, rate: Rate) -> Clip:
    own = replace(clip, start=0)
    if entry.start is None and entry.duration is None and entry.speed == 1:
        return own
    pace = clip.speed * Fraction(str(entry.speed))
    first = clip.first if entry.start is None else entry.start.frames(clip.media.rate)
    if first >= clip.media.frames and clip.media.kind == "take":
        raise MediaError(
            f"cut: {entry.shot} starts at frame {first}, and its take has {clip.media.frames}"
        )
    if entry.duration is not None:
        frames = entry.duration.frames(rate)
    elif pace:
        frames = whole(Fraction(clip.frames * clip.speed - (first - clip.first)) / pace)
    else:
        frames = clip.frames
    if frames < 1:
        raise MediaError(f"cut: nothing is left of {entry.shot}; start earlier, or leave it out")
    return replace(
        own,
        frames=frames,
        first=first,
        last=first + pace.numerator,
        span=pace.denominator,
        drops=0,
    )


def _opening(own: Natural, entry: CutShot, rate: Rate) -> Transition | None:
    """The transition into an entry: its own, or its scene's."""
    if entry.transition is None:
        return own.opening
    return written(entry.transition, rate)


def written(transition: Written, rate: Rate) -> Transition | None:
    """A transition of the file in frames, at film frame 0; None for a cut."""
    kind = transition.type
    if kind == "cut":
        return None
    length = (transition.duration or USUAL).frames(rate)
    before = length // 2
    return Transition(kind, 0, before, length - before, transition.color, transition.direction)


def _joined(opening: Transition, clips: list[Clip], own: list[Clip]) -> Transition | None:
    """The transition at its place; both sides are shortened where it shows them at once."""
    length = opening.frames
    if not clips:
        return None if opening.overlaps else replace(opening, at=0, before=0, after=length)
    opening = replace(opening, before=length // 2, after=length - length // 2)
    if not opening.overlaps:
        return replace(opening, at=clips[-1].end)
    for clip in (clips[-1], own[0]):
        if clip.frames <= opening.frames:
            raise MediaError(
                f"cut: the {opening.kind} into {own[0].shot} takes {opening.frames} frames, and "
                f"{clip.shot} has {clip.frames} there; make it shorter, or write transition: cut"
            )
    clips[-1] = clips[-1].shortened(tail=opening.after)
    own[0] = own[0].shortened(head=opening.before)
    return replace(opening, at=clips[-1].end)


def _words(timeline: Timeline, clips: list[Clip], end: int) -> tuple[Words, ...]:
    found = []
    for words in timeline.words:
        if words.role == "title":
            found.append(replace(words, frames=min(words.frames, end - words.start)))
            continue
        before = timeline.clip_at(words.start)
        run = [clip for clip in timeline.clips if clip.shot == before.shot]
        first, last = _run(clips, before.shot)
        if first is not None and last is not None:
            start = first.start + words.start - run[0].start
            found.append(replace(words, start=start, frames=min(words.frames, last.end - start)))
    return tuple(sorted((w for w in found if w.frames > 0), key=lambda words: words.start))


def _run(clips: list[Clip], shot: str) -> tuple[Clip | None, Clip | None]:
    """The first and last clip of a shot's first appearance."""
    first = last = None
    for clip in clips:
        if clip.shot == shot and (last is None or clip.start == last.end):
            first, last = first or clip, clip
    return first, last


def _sounds(timeline: Timeline, clips: list[Clip]) -> tuple[Sound, ...]:
    laid = tuple(sound for sound in timeline.sounds if sound.role != "take")
    own = {sound.path: sound for sound in timeline.sounds if sound.role == "take"}
    moved = tuple(
        replace(
            own[clip.media.path],
            start=clip.start,
            frames=clip.frames,
            first=clip.first,
            speed=clip.speed,
        )
        for clip in clips
        if clip.media.path in own and not clip.held
    )
    return (*laid, *moved)


def _scenes(timeline: Timeline, clips: list[Clip]) -> tuple[SceneMark, ...]:
    """A mark for each run of shots of one scene."""
    titles = {scene.id: scene.title for scene in timeline.scenes}
    marks: list[SceneMark] = []
    for clip in clips:
        if marks and marks[-1].id == clip.scene:
            marks[-1] = replace(marks[-1], frames=clip.end - marks[-1].start)
        else:
            marks.append(SceneMark(clip.scene, titles.get(clip.scene), clip.start, clip.frames))
    return tuple(marks)


def _seams(timeline: Timeline, clips: list[Clip]) -> tuple[SeamMark, ...]:
    """The seams that are still there: both shots still meet where they met."""
    known = {(seam.before, seam.after): seam for seam in timeline.seams}
    before = {clip.shot: clip for clip in timeline.clips if not clip.held}
    found = []
    for earlier, later in pairwise(clips):
        seam = known.get((earlier.shot, later.shot))
        same = seam and later.first == before[later.shot].first and not earlier.held
        if seam and same and earlier.last == before[earlier.shot].last:
            found.append(replace(seam, at=later.start))
    return tuple(found)


def _frames(duration: Duration | None, rate: Rate) -> int:
    return duration.frames(rate) if duration else 0
