"""The table of formats, and of the programs that open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from storyboard.errors import MediaError
from storyboard.export import edl, fcpxml, mlt, otio, xmeml
from storyboard.export.clock import Clock
from storyboard.export.media import MediaMap
from storyboard.timeline import Timeline


class Write(Protocol):
    """A format: the text of its file, from the timeline and its media."""

    def __call__(self, timeline: Timeline, media: MediaMap, *, clock: Clock) -> str:
        """The file's text; MediaError for a transition that lacks handles."""


FORMATS: dict[str, Write] = {
    "otio": otio.write,
    "xml": xmeml.write,
    "fcpxml": fcpxml.write,
    "edl": edl.write,
    "mlt": mlt.write,
}
"""By the ending of the file."""

EDITORS: dict[str, tuple[str, ...]] = {
    "resolve": ("otio", "xml"),
    "premiere": ("xml", "otio"),
    "fcp": ("fcpxml",),
    "avid": ("edl",),
    "shotcut": ("mlt",),
    "kdenlive": ("otio", "mlt"),
    "all": tuple(FORMATS),
}
"""Formats by the program that opens them, the best first."""


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """Formats by their own names or those of programs, each once; MediaError for an unknown one."""
    found: dict[str, None] = {}
    for name in names:
        if name not in EDITORS and name not in FORMATS:
            known = ", ".join((*EDITORS, *FORMATS))
            raise MediaError(f"{name!r} is neither a program nor a format; choose from {known}")
        found.update(dict.fromkeys(EDITORS.get(name, (name,))))
    return tuple(found)
