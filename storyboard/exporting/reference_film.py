"""The offline reference: the finished film beside the cut, for laying one over the other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.exporting import manifest
from storyboard.exporting.media import remux
from storyboard.exporting.media.files_of import Wanted, named, reel
from storyboard.exporting.media.naming import safe
from storyboard.files import appearing
from storyboard.video.probing import probe

if TYPE_CHECKING:
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Timeline

FOLDER = "reference"


def make(film: Path | str, timeline: Timeline, place: Path, *, name: str, clock: Timecodes) -> Path:
    """Copy the film with the cut's timecode, and its scenes as chapters; gives the file.

    It is a version of `name`.

    MediaError when the film is not as long as the cut: it was made from another one.
    """
    film = Path(film)
    facts = probe(film)
    if facts.frames != timeline.frames or facts.rate != timeline.rate:
        raise MediaError(
            f"{film} has {facts.frames} frames at {facts.rate}, and the cut {timeline.frames} "
            f"at {timeline.rate}; render the film again, or export without it"
        )
    folder = place / FOLDER
    held = manifest.read(folder)
    with film.open("rb") as source:
        content = hashlib.file_digest(source, "sha256").hexdigest()
    chapters = [(s.title or s.id, s.start, s.start + s.frames) for s in timeline.scenes]
    identity = manifest.digest(f"{content} {clock} {chapters}".encode())
    wanted = Wanted(name, 1, ".mov", identity)
    shown = named([wanted], held)[wanted]
    manifest.write(folder, held | {shown: identity})
    path = folder / shown
    if not path.exists():
        with appearing(path) as coming:
            remux.copy(
                film, coming, clock=clock, reel=reel(safe(path.stem, FOLDER)), chapters=chapters
            )
    return path
