"""A film that lies where it is wanted, as it was written: it need not be joined and proved again.

What it was joined from is noted with the size and the time of its file. Another film of that name,
or the same one changed by anybody, has another size or time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.rendering.metadata import labels, xmp

if TYPE_CHECKING:
    from storyboard.rendering.memory import Memory
    from storyboard.rendering.segments import Segment
    from storyboard.rendering.soundtrack import Soundtrack
    from storyboard.timeline import Timeline, Words
    from storyboard.video.recipes import VideoRecipe

_JOINING = 2
"""Raised whenever the same pieces would be joined to another file."""


def joined_from(
    timeline: Timeline,
    found: Sequence[Segment],
    sound: Soundtrack | None,
    *,
    recipe: VideoRecipe,
    subtitles: Sequence[Words],
) -> str:
    """The digest of all that decides the film's bytes."""
    parts = [
        _JOINING,
        str(timeline.rate),
        recipe.container,
        recipe.tag,
        asdict(labels(timeline, subtitles=subtitles)),
        xmp(timeline),
        sound.path.name if sound else "",
        *(_part(segment) for segment in found),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_there(film: Path, parts: str, memory: Memory) -> bool:
    """Whether the film was written from these parts, and is as it was then.

    It is given the time of now, as if it had been written: who makes things from it may go by that.
    """
    state = _state(film)
    if state is None or memory.recall(_about(film, parts)) != state:
        return False
    try:
        os.utime(film)
    except OSError:
        return True
    note_written(film, parts, memory)
    return True


def note_written(film: Path, parts: str, memory: Memory) -> None:
    """Note a film that has just got its name."""
    memory.keep(_about(film, parts), _state(film))


def _about(film: Path, parts: str) -> list[str]:
    return ["written", str(film.absolute()), parts]


def _part(segment: Segment) -> tuple[object, ...]:
    """A piece's name says what it shows; a take's file, whether its packets are still those."""
    own = (segment.piece.sets.header(), _state(segment.path)) if segment.piece.sets else ()
    return segment.key, segment.frames, *own


def _state(file: Path) -> list[int] | None:
    try:
        about = file.stat()
    except OSError:
        return None
    return [about.st_size, about.st_mtime_ns]
