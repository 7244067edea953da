"""Handing the cut over: timelines for editing programs, and the media they point to.

    export     everything into one folder: media, timelines, sheets, subtitles
    losses     what a format cannot carry
    read_otio  what an editor made of the cut; `changes` against ours, `apply` to the storyboard
    FORMATS    a module each: `write(timeline, media, clock=...)`, pure, and its own `losses`
    EDITORS    which formats a program opens best

The film and every format consume the same timeline, so they cannot disagree.
"""

from storyboard.export.changes import Changes, changes
from storyboard.export.clock import Clock
from storyboard.export.edited import Edited, read_otio
from storyboard.export.formats import EDITORS, FORMATS, chosen, losses
from storyboard.export.media import MediaFile, MediaMap, Placed
from storyboard.export.package import Exported, export
from storyboard.export.rewrite import apply

__all__ = [
    "EDITORS",
    "FORMATS",
    "Changes",
    "Clock",
    "Edited",
    "Exported",
    "MediaFile",
    "MediaMap",
    "Placed",
    "apply",
    "changes",
    "chosen",
    "export",
    "losses",
    "read_otio",
]
