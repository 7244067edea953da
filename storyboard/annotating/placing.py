"""Where notes lie on a film: from a take's frames to the film's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.safe_text import inert
from storyboard.timeline.film_note import FilmNote

if TYPE_CHECKING:
    from storyboard.annotating.review_note import ReviewNote
    from storyboard.timeline import Clip, Timeline


def noted(timeline: Timeline, notes: Iterable[ReviewNote]) -> Timeline:
    """The timeline with these notes, in the order of the film. See `lost` for the others."""
    found = (placed(timeline, note) for note in notes)
    there = sorted((one for one in found if one), key=lambda one: (one.start, one.frames))
    return replace(timeline, notes=tuple(there))


def renamed(
    notes: Iterable[ReviewNote], takes: Mapping[str, Sequence[tuple[str, int]]]
) -> tuple[ReviewNote, ...]:
    """The notes under the names and numbers that their takes have now, by key.

    A shot without a name is called by its place: a keyframe that is put in front renames all.
    """
    return tuple(_renamed(note, takes.get(note.key, ())) for note in notes)


def _renamed(note: ReviewNote, takes: Sequence[tuple[str, int]]) -> ReviewNote:
    own = [(shot, number) for shot, number in takes if shot == note.shot] or takes
    return replace(note, shot=own[0][0], take=own[0][1]) if own else note


def lost(timeline: Timeline, notes: Iterable[ReviewNote]) -> tuple[ReviewNote, ...]:
    """The notes whose shots the film does not show."""
    return tuple(note for note in notes if placed(timeline, note) is None)


def placed(timeline: Timeline, note: ReviewNote) -> FilmNote | None:
    """The note at its place on the film; None where the film does not show its shot.

    A frame that the cut leaves out is taken for the nearest one that it shows. A note on a take
    that was not picked lies as many frames into the shot as it lies in that take. Its words are
    made such that every program can hold them.
    """
    own = [clip for clip in timeline.of(note.shot) if not clip.held] or list(timeline.of(note.shot))
    if not own:
        return None
    same = [clip for clip in own if clip.media.key == note.key]
    clips = same or own
    start = _nearest(clips, note.frame)
    end = start if note.out is None else max(start, _nearest(clips, note.out))
    return FilmNote(
        start=start,
        frames=end - start + 1,
        text=_held(note.text),
        shot=note.shot,
        take=note.take,
        author=_held(note.author),
        done=note.done,
        elsewhere=not same,
    )


def _held(words: str) -> str:
    return inert(words.replace("\t", " "), lines=True)


def _nearest(clips: Iterable[Clip], frame: int) -> int:
    """The film frame on which a media frame is seen, or on which the nearest one is."""
    found = (_within(clip, frame) for clip in clips)
    return min(found, key=lambda pair: pair[0])[1]


def _within(clip: Clip, frame: int) -> tuple[int, int]:
    """How far off a clip's nearest frame is, and the film frame that it is seen on."""
    low, high = 0, clip.frames - 1
    while low < high:
        middle = (low + high) // 2
        if clip.media_frame(middle) < frame:
            low = middle + 1
        else:
            high = middle
    before = max(0, low - 1)
    best = min((before, low), key=lambda offset: abs(clip.media_frame(offset) - frame))
    return abs(clip.media_frame(best) - frame), clip.start + best
