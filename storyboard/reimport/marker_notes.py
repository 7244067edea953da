"""Markers of an edited cut that say something new, on the takes that they lie over. Pure.

What the export wrote itself is left out: scenes, prompts, and notes that were there already.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.annotating.placing import noted
from storyboard.annotating.review_note import LONGEST, ReviewNote
from storyboard.exporting.notes import remark
from storyboard.reimport.changes import exported, media_of
from storyboard.reimport.snapping import snapped
from storyboard.safe_text import inert
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.reimport.changes import Others
    from storyboard.reimport.edited import Edited, EditedClip
    from storyboard.reimport.sequence import EditedMarker
    from storyboard.timeline import Timeline

_PROMPT = re.compile(r"\[(.*, )?key .{1,12}\]$")
"""How a prompt's marker ends."""
_NUMBERED = re.compile(r"(marker|guide|locator)?\s*\d*", re.IGNORECASE)
"""Names that programs give by themselves."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What markers say."""

    notes: tuple[ReviewNote, ...]
    """New ones, each on its take's frame."""
    unplaced: int
    """How many lie over nothing that the film shows."""


def remarks(
    timeline: Timeline,
    edited: Edited,
    said: Collection[ReviewNote],
    *,
    others: Others,
    at: str,
) -> Remarks:
    """The new notes in an edited cut of `timeline`; `said` are those that there are, `at` the time.

    The same marker makes the same note, so that a cut that is read twice says it once.
    """
    known = [remark(note) for note in noted(timeline, said).notes]
    clips = snapped(edited.clips, exported(timeline), timeline)
    names = {scene.title or scene.id for scene in timeline.scenes}
    found: dict[str, ReviewNote] = {}
    unplaced = 0
    for marker in edited.markers:
        words = _words(marker, timeline)
        if not words or _is_ours(marker, names, known):
            continue
        clip = _under(marker, clips)
        if clip is None:
            unplaced += 1
            continue
        note = _note(marker, clip, words[:LONGEST], timeline, others=others, at=at)
        found[note.id] = note
    return Remarks(tuple(found.values()), unplaced)


def _is_ours(marker: EditedMarker, scenes: Collection[str], known: Iterable[str]) -> bool:
    whole_text = f"{marker.name} {marker.text}".strip()
    if _PROMPT.search(whole_text) or any(words in whole_text for words in known):
        return True
    return marker.name in scenes and marker.text in ("", marker.name)


def _words(marker: EditedMarker, timeline: Timeline) -> str:
    """What a marker says, without a name that says nothing."""
    name, text = (inert(part, lines=True).strip() for part in (marker.name, marker.text))
    idle = _NUMBERED.fullmatch(name) or name == text or name in timeline.order
    return ": ".join(part for part in ("" if idle and text else name, text) if part)


def _under(marker: EditedMarker, clips: Iterable[EditedClip]) -> EditedClip | None:
    """The clip of a shot that a marker lies over."""
    if marker.start is None:
        return None
    start = marker.start
    found = next((c for c in clips if c.at <= start < c.at + c.frames), None)
    return None if found is None or found.inserted else found


def _note(
    marker: EditedMarker,
    clip: EditedClip,
    words: str,
    timeline: Timeline,
    *,
    others: Others,
    at: str,
) -> ReviewNote:
    media, take = media_of(clip, timeline, others)
    start = (marker.start or 0) - clip.at
    first, last = (
        _frame(clip, min(offset, clip.frames - 1), media.frames)
        for offset in (start, start + marker.frames - 1)
    )
    digest = hashlib.sha256(f"{clip.shot} {media.key} {first} {words}".encode()).hexdigest()
    return ReviewNote(
        id=f"edit-{digest[:16]}",
        shot=clip.shot,
        key=media.key,
        take=take,
        frame=first,
        out=last if last > first else None,
        text=words,
        done=marker.done,
        at=at,
    )


def _frame(clip: EditedClip, offset: int, frames: int) -> int:
    """The take's frame on a clip's frame."""
    if clip.movie:
        shown = clip.held or 0
    else:
        shown = whole(clip.first + offset * clip.speed)
    return min(max(shown, 0), frames - 1)


def fresh(notes: Iterable[ReviewNote], written: bytes) -> Iterator[ReviewNote]:
    """Those that were never written, not even to be taken back later."""
    return (note for note in notes if note.id.encode() not in written)
