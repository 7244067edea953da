"""A table by which AYON's Tray Publisher ingests every take as a version of its shot.

Columns and their patterns are those of the preset `Default` of its CSV Ingest
(https://github.com/ynput/ayon-traypublisher, server/settings/creator_plugins.py, read 2026-11-30):
paths are relative to the table, handles have one digit there, and a slate is assumed unless the
row denies it. So a row is a whole file without handles, and its comment says what the cut shows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.safe_text import in_one_line, in_spreadsheet
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.exporting.deliveries.delivery import HandOver
    from storyboard.exporting.media.files_of import MediaFile
    from storyboard.timeline import Timeline

NEEDS_MEDIA = True
FIRST = 1001
"""The number of a file's first frame."""
TASK, PRODUCT, VARIANT, REPRESENTATION = "edit", "render", "Main", "preview"
COLUMNS = (
    *("File Path", "Folder Path", "Task Name", "Product Type", "Variant", "Version"),
    *("Version Comment", "Frame Start", "Frame End", "Handle Start", "Handle End", "FPS"),
    *("Slate Exists", "Representation", "Representation Tags", "Shot Width", "Shot Height"),
)


def make(delivery: HandOver) -> list[Path]:
    """The table: a row for each file of each shot."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\n")
    table.writerow(COLUMNS)
    folders = _folders(delivery.timeline)
    for shot, file in _files(delivery):
        table.writerow(map(in_spreadsheet, _row(delivery, folders[shot], shot, file)))
    return [delivery.text("_ayon.csv", made.getvalue())]


def losses(timeline: Timeline) -> Iterator[str]:
    """What is not published."""
    standing = dict.fromkeys(clip.shot for clip in timeline.clips if clip.media.kind != "take")
    if standing:
        yield f"{', '.join(standing)}: no take, and so nothing to publish"


def _folders(timeline: Timeline) -> dict[str, str]:
    """The folder of each shot, below its scene's, in letters that AYON takes; none is shared."""
    found: dict[str, str] = {}
    for clip in timeline.clips:
        wish = folder = f"/{_plain(clip.scene)}/{_plain(clip.shot)}"
        number = 1
        while clip.shot not in found and folder in found.values():
            number += 1
            folder = f"{wish}_{number}"
        found.setdefault(clip.shot, folder)
    return found


def _files(delivery: HandOver) -> Iterator[tuple[str, MediaFile]]:
    """Shot and file of each take once, shot by shot."""
    order = list(delivery.timeline.order)
    cut = zip(delivery.timeline.clips, delivery.media.clips, strict=True)
    found = [(clip.shot, placed.file) for clip, placed in cut if placed.file.kind == "take"]
    found += ((shot, file) for shot, own in delivery.media.others.items() for file in own)
    known = [pair for pair in dict.fromkeys(found) if pair[0] in order]
    yield from sorted(known, key=lambda pair: (order.index(pair[0]), _version(pair[1])))


def _row(delivery: HandOver, folder: str, shot: str, file: MediaFile) -> Iterator[object]:
    timeline = delivery.timeline
    yield from (file.name, folder, TASK, PRODUCT, VARIANT)
    yield from (_version(file), _comment(delivery, shot, file))
    yield from (FIRST, FIRST + file.frames - 1, 0, 0, decimal(timeline.rate, 3))
    size = file.size or timeline.size
    yield from ("False", REPRESENTATION, "review", size.width, size.height)


def _version(file: MediaFile) -> int:
    """As its name has it."""
    found = re.search(r"_v(\d+)", file.file_name)
    return int(found[1]) if found else file.take


def _comment(delivery: HandOver, shot: str, file: MediaFile) -> str:
    """Which frames of it the cut shows, and the prompt."""
    shown = [
        f"{first}-{first + clip.media_frame(clip.frames - 1) - clip.first}"
        for clip, placed in zip(delivery.timeline.clips, delivery.media.clips, strict=True)
        for first in [FIRST + placed.first]
        if placed.file == file and clip.shot == shot
    ]
    use = f"in the cut: {', '.join(shown)}" if shown else "not in the cut"
    return in_one_line(f"{use}; {delivery.timeline.note(shot).prompt}")


def _plain(name: str) -> str:
    """A folder's name as AYON takes it."""
    return re.sub("[^A-Za-z0-9_]", "_", name)
