"""The tables of formats and deliveries, and of the programs that open them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from storyboard.errors import MediaError
from storyboard.exporting.deliveries import aaf, ayon, dailies, otioz, stems
from storyboard.exporting.formats import edl, fcpxml, mlt, otio, xmeml
from storyboard.exporting.losses import common

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.exporting.deliveries.delivery import HandOver
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


class Deliverable(Protocol):
    """What a delivery's module has."""

    NEEDS_MEDIA: bool
    """Whether it needs the cut's media files in the folder."""

    def make(self, delivery: HandOver) -> list[Path]:
        """Its files, made where they are not there yet; MediaError says why they can't be."""

    def losses(self, timeline: Timeline) -> Iterator[str]:
        """What it does not carry, a sentence each."""


DELIVERIES: dict[str, Deliverable] = {
    "otioz": otioz,
    "aaf": aaf,
    "ayon": ayon,
    "stems": stems,
    "dailies": dailies,
}
"""Files of their own, by what `--for` calls them."""

BAKED = ("otioz", "aaf")
"""Deliveries that are made of the cut's files, and so can be baked."""

EDITORS: dict[str, tuple[str, ...]] = {
    "resolve": ("otio", "xml"),
    "premiere": ("xml", "otio"),
    "fcp": ("fcpxml",),
    "avid": ("aaf", "edl"),
    "protools": ("aaf", "stems"),
    "shotcut": ("mlt",),
    "kdenlive": ("otio", "mlt"),
    "all": tuple(FORMATS),
    "notes": (),
}
"""Formats by the program that opens them, the best first; `notes` are lists without a timeline."""


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """Formats by their own names or those of programs, each once; MediaError for an unknown one."""
    found: dict[str, None] = {}
    names = tuple(names)
    for name in names:
        if name not in EDITORS and name not in FORMATS and name not in DELIVERIES:
            known = ", ".join(dict.fromkeys((*EDITORS, *FORMATS, *DELIVERIES)))
            raise MediaError(f"{name!r} is neither a program nor a format; choose from {known}")
        found.update(dict.fromkeys(EDITORS.get(name, (name,))))
    return tuple(one for one in found if one not in absent(names))


def absent(names: Iterable[str]) -> tuple[str, ...]:
    """What these programs would get besides, and can't be written on this machine."""
    asked = tuple(names)
    beside = "avid" in asked and not {"aaf", "protools"} & {*asked}
    return ("aaf",) if beside and not aaf.available() else ()


def losses(timeline: Timeline, format: str) -> tuple[str, ...]:  # noqa: A002  the word for it
    """What of this timeline does not arrive through a format, and where it is found instead."""
    if format in DELIVERIES:
        return tuple(DELIVERIES[format].losses(timeline))
    return (*common(timeline), *FORMATS[format].losses(timeline))
