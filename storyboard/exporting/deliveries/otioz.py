"""The cut and its media in one file, as OpenTimelineIO bundles them: `.otioz`.

A zip of `content.otio`, `version.txt` and `media/`, without folders below it
(https://opentimelineio.readthedocs.io/en/stable/tutorials/otio-filebundles.html). Media are
stored as they are, so that a program may read them in place.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.exporting import manifest
from storyboard.exporting.formats import otio
from storyboard.exporting.losses import common
from storyboard.exporting.media.going_out import going_out

if TYPE_CHECKING:
    from storyboard.exporting.deliveries.delivery import HandOver
    from storyboard.exporting.media.files_of import MediaFile, MediaMap, Placed
    from storyboard.timeline import Timeline

NEEDS_MEDIA = True
VERSION = "1.0.0"
"""Of the layout."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The same bytes whenever it is made."""


def make(delivery: HandOver) -> list[Path]:
    """One file, whose media are in the folder as well."""
    heard = going_out(delivery.timeline, delivery.media.sounds)
    content = otio.write(heard, bundled(delivery.media), clock=delivery.clock)
    held = list(_identities(delivery))

    def pack(path: Path) -> None:
        _pack(path, content, delivery.media)

    return [delivery.file(".otioz", "\n".join((VERSION, content, *held)), pack)]


def losses(timeline: Timeline) -> Iterator[str]:
    """What its `.otio` loses."""
    yield from common(timeline)
    yield from otio.losses(timeline)


def bundled(media: MediaMap) -> MediaMap:
    """The files at their places in the bundle: all in `media`."""

    def inside(file: MediaFile) -> MediaFile:
        return replace(file, name=f"media/{file.file_name}", place="")

    def placed(one: Placed) -> Placed:
        return replace(one, file=inside(one.file))

    return replace(
        media,
        clips=tuple(map(placed, media.clips)),
        sounds=tuple(map(placed, media.sounds)),
        others={shot: tuple(map(inside, takes)) for shot, takes in media.others.items()},
    )


def _identities(delivery: HandOver) -> Iterator[str]:
    """What is in each file, as its folder's list has it."""
    lists: dict[str, dict[str, str]] = {}
    for file in delivery.media.files():
        folder = file.name.rpartition("/")[0]
        if folder not in lists:
            lists[folder] = manifest.read(delivery.place / folder)
        yield f"{file.file_name} {lists[folder].get(file.file_name, '')}"


def _pack(path: Path, content: str, media: MediaMap) -> None:
    with zipfile.ZipFile(path, "w", allowZip64=True) as bundle:
        for name, text in (("content.otio", content), ("version.txt", VERSION)):
            bundle.writestr(_entry(name, zipfile.ZIP_DEFLATED), text)
        for file in media.files():
            entry = _entry(f"media/{file.file_name}", zipfile.ZIP_STORED)
            source = media.folder / file.name
            entry.file_size = source.stat().st_size
            with source.open("rb") as read, bundle.open(entry, "w") as write:
                shutil.copyfileobj(read, write, 1 << 20)


def _entry(name: str, how: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.compress_type, entry.external_attr, entry.create_system = how, 0o644 << 16, 3
    return entry
