"""The table of formats, and of the programs that open them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from storyboard.errors import MediaError
from storyboard.exporting.formats import edl, fcpxml, mlt, otio, xmeml
from storyboard.exporting.losses import common

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaMap
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Timeline


class Format(Protocol):
    """What a format's module has."""

    def write(self, timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
        """The file's text; MediaError for a transition that lacks handles."""

    def losses(self, timeline: Timeline) -> Iterator[str]:
        """What this format alone does not carry, a sentence each."""


FORMATS: dict[str, Format] = {
    "otio": otio,
    "xml": xmeml,
    "fcpxml": fcpxml,
    "edl": edl,
    "mlt": mlt,
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
    "notes": (),
}
"""Formats by the program that opens them, the best first; `notes` are lists without a timeline."""


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """Formats by their own names or those of programs, each once; MediaError for an unknown one."""
    found: dict[str, None] = {}
    for name in names:
        if name not in EDITORS and name not in FORMATS:
            known = ", ".join((*EDITORS, *FORMATS))
            raise MediaError(f"{name!r} is neither a program nor a format; choose from {known}")
        found.update(dict.fromkeys(EDITORS.get(name, (name,))))
    return tuple(found)


def losses(timeline: Timeline, format: str) -> tuple[str, ...]:  # noqa: A002  the word for it
    """What of this timeline does not arrive through a format, and where it is found instead."""
    return (*common(timeline), *FORMATS[format].losses(timeline))
