"""A piece's name: the hash of everything that decides its pixels, and of nothing else.

Where a stretch lies on the film is not in it, so that a shot inserted before it, or words
changed elsewhere, leave it as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import av

from storyboard.images.tools import versions
from storyboard.rendering import lettering
from storyboard.text.wrapping import as_set
from storyboard.timeline import IN_THE_MIDDLE

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.pieces import Piece
    from storyboard.timeline import Clip, PlacedTransition, Timeline, Words
    from storyboard.timeline.stretches import Stretch

_DRAWING = 2
"""Raised whenever other pictures would be drawn between the same frames."""
_LOOKING = 2
"""Raised whenever more is asked of packets that are kept."""
_COMPOSING = 5
"""Raised whenever the same timeline would be composed to other pixels."""


def key_of(timeline: Timeline, piece: Piece, *, looks: Sequence[PictureFix] = ()) -> str:
    """The piece's key, 64 hexadecimal digits."""
    if piece.media is not None and piece.run is not None:
        described = {
            "looking": _LOOKING,
            "decoder": av.__version__,
            "take": piece.media.key,
            "run": asdict(piece.run),
        }
    else:
        described = _encoded(timeline, piece, looks=looks)
    text = json.dumps(described, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _encoded(timeline: Timeline, piece: Piece, *, looks: Sequence[PictureFix]) -> dict[str, Any]:
    """All that decides what is encoded."""
    stretch = piece.stretch
    return {
        "composing": _COMPOSING,
        "tools": versions(),
        "recipe": asdict(piece.recipe),
        "rate": str(timeline.rate),
        "size": str(timeline.size),
        "background": timeline.background,
        "pictures": pictures_of(timeline, stretch, looks=looks),
        "transition": _transition(timeline.transition_at(stretch.start)),
        "words": [
            _words(words, stretch, timeline) for words in timeline.words if _overlap(words, stretch)
        ],
        "burn_in": _burn_in(timeline, stretch),
    }


def pictures_of(timeline: Timeline, stretch: Stretch, *, looks: Sequence[PictureFix]) -> list[Any]:
    """What is seen on each frame: one row for as long as the same clips and looks are seen."""
    transition = timeline.transition_at(stretch.start)
    rows: list[tuple[Any, list[tuple[int, ...]]]] = []
    own = timeline.clip_at(stretch.start)
    for frame in range(stretch.start, stretch.end):
        own = own if frame < own.end else timeline.clip_at(frame)
        clips = timeline.sides(transition, frame) if transition else (own,)
        worn = [look for look in looks if _worn(look, clips, frame)]
        about = clips, [look.key for look in worn]
        if not rows or rows[-1][0] != about:
            rows.append((about, []))
        shown = (_seen(clip, frame - clip.start) for clip in clips)
        rows[-1][1].append((*shown, *(frame - look.start for look in worn)))
    return [
        ([_source(clip, timeline) for clip in clips], keys, _runs(numbers))
        for (clips, keys), numbers in rows
    ]


def _worn(look: PictureFix, clips: Sequence[Clip], frame: int) -> bool:
    return look.start <= frame < look.end and any(look.shot == clip.shot for clip in clips)


def _seen(clip: Clip, offset: int) -> int:
    """The media frame; where pictures are drawn between frames, in millionths of one."""
    return round(clip.exact_frame(offset) * 10**6) if clip.drawn else clip.media_frame(offset)


def _source(clip: Clip, timeline: Timeline) -> tuple[Any, ...]:
    """What is shown of a clip; its focus, where it makes a difference."""
    media, path = clip.media, clip.focus
    cropped = clip.fit in (None, "cover") and not media.size.same_shape(timeline.size)
    moved = [str(path.start), str(path.end), path.first, path.last]
    return (
        *(media.key, media.kind, media.color, media.picture, str(media.size), clip.fit),
        *(("drawn", _DRAWING) if clip.drawn else ()),
        *(moved if cropped and path != IN_THE_MIDDLE else ()),
    )


def _runs(numbers: list[tuple[int, ...]]) -> list[Any]:
    """The numbers with even runs shortened: the first, how many, and the step."""
    runs: list[Any] = []
    for now in numbers:
        if runs:
            first, count, step = runs[-1]
            if count == 1:
                runs[-1] = (first, 2, tuple(b - a for a, b in zip(first, now, strict=True)))
                continue
            if all(a + s * count == b for a, s, b in zip(first, step, now, strict=True)):
                runs[-1] = (first, count + 1, step)
                continue
        runs.append((now, 1, ()))
    return runs


def _transition(transition: PlacedTransition | None) -> Any:
    if transition is None:
        return None
    return {**asdict(transition), "at": 0}


def _overlap(words: Words, stretch: Stretch) -> bool:
    return words.start < stretch.end and stretch.start < words.start + words.frames


def _words(words: Words, stretch: Stretch, timeline: Timeline) -> dict[str, Any]:
    """Words that make room for others stand elsewhere, also when the others are gone."""
    lift = lettering.lift(timeline, words)
    moved = {"lift": lift} if lift else {}
    described = {**asdict(words), "start": words.start - stretch.start, **moved}
    return described | {"font": _faces(words.text, words.font)}


def _faces(text: str, font: str = "") -> list[tuple[str, int]]:
    """The fonts of a text by what is in their files: what those are called decides no pixel."""
    return [(face.digest, face.index) for face in as_set(text, font)[1]]


def _burn_in(timeline: Timeline, stretch: Stretch) -> Any:
    """A burn-in shows the film's timecode, the shot's length and its prompt."""
    burnt = stretch.shots & set(timeline.burn_in)
    if not burnt:
        return None
    lengths = [(clip.shot, clip.frames) for clip in timeline.of(*burnt)]
    notes = [(note.shot, note.prompt) for note in timeline.shots if note.shot in burnt]
    faces = [_faces(f"{said}…") for note in notes for said in note]
    return stretch.start, lengths, notes, faces
