"""Contact sheets that are there already: drawn once for a cut, and not again while it stays.

What a folder's sheets show is noted in `.contact.json`, with a digest of each: one that somebody
changed, or took away, is drawn anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.exporting import manifest
from storyboard.exporting.media.remux import there
from storyboard.exporting.sheets import contact

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaMap
    from storyboard.timeline import Timeline

NAME = ".contact.json"
_DRAWN = 1
"""Raised whenever the same cut would be drawn otherwise."""
_LIMIT = 10_000_000


def sheets(timeline: Timeline, media: MediaMap, *, stem: str) -> list[Path]:
    """The contact sheets of a cut in its folder: those that are there, or new ones."""
    place, others = media.folder, media.others
    shown = identity(timeline, stem, others)
    known = _known(place, shown)
    if known:
        return [place / name for name in known]
    held = manifest.read(place)
    made = {
        manifest.place(place, name, content, held=held): manifest.digest(content)
        for name, content in _drawn(timeline, stem, others)
    }
    note = json.dumps({"shows": shown, "sheets": made}, indent=2, ensure_ascii=False) + "\n"
    files.write_whole(place / NAME, note.encode())
    return [place / name for name in made]


def identity(timeline: Timeline, stem: str, others: contact.Others = contact.NONE) -> str:
    """A digest of all that a contact sheet is drawn from; where the media lie is not."""
    facts = asdict(timeline)
    for name in ("sounds", "notes", "loudness", "seams"):
        del facts[name]
    for own, clip in zip(facts["clips"], timeline.clips, strict=True):
        own["media"]["path"] = there(clip.media)
    words = {shot: contact.by_model(takes) for shot, takes in others.items() if takes}
    about = [_DRAWN, stem, facts, *([words] if words else [])]
    text = json.dumps(about, default=str, sort_keys=True)
    return manifest.digest(text.encode())


def _drawn(timeline: Timeline, stem: str, others: contact.Others) -> Iterator[tuple[str, bytes]]:
    pages = list(contact.pages(timeline, others))
    for number, page in enumerate(pages, 1):
        yield f"{stem}_contact_{number}.png", contact.png(page)
    yield f"{stem}_contact.pdf", contact.pdf(pages)


def _known(place: Path, shown: str) -> list[str]:
    """The names of the sheets that are there as they were drawn for this; none where one is not."""
    path = place / NAME
    try:
        note: Any = json.loads(files.read(path, limit=_LIMIT)) if path.exists() else {}
        made: dict[str, str] = note["sheets"] if note["shows"] == shown else {}
        same = all(_digest(place / name) == digest for name, digest in made.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return list(made) if same else []


def _digest(path: Path) -> str:
    return manifest.digest(files.read(path, limit=_LIMIT)) if path.exists() else ""
