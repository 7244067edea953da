"""A cut to be delivered: what each kind of delivery is made from, and how its files appear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import events
from storyboard.events import log
from storyboard.exporting import manifest
from storyboard.exporting.media.files_of import Wanted, named
from storyboard.files import appearing

if TYPE_CHECKING:
    from storyboard.events import Listener
    from storyboard.exporting.media.files_of import MediaMap
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Media, Timeline


@dataclass(frozen=True, slots=True)
class HandOver:
    """The cut, its files, and the folder that it goes to."""

    timeline: Timeline
    place: Path
    """The export folder, absolute."""
    stem: str
    """What its files are called after."""
    clock: Timecodes
    media: MediaMap
    """Without files, where nothing that is asked for needs them."""
    takes: Mapping[str, Mapping[int, Media]] = field(default_factory=dict)
    """All takes of each shot, by their number."""
    listener: Listener = log

    def file(self, ending: str, identity: str, make: Callable[[Path], None]) -> Path:
        """A file of the folder, made where it is not there yet; another content is a new version.

        `identity` is all that decides what is in it.
        """
        held = manifest.read(self.place)
        wanted = Wanted(self.stem, 1, ending, manifest.digest(identity.encode()))
        name = named([wanted], held)[wanted]
        manifest.write(self.place, held | {name: wanted.identity})
        path = self.place / name
        if not path.exists():
            with appearing(path) as coming:
                make(coming)
        self.listener(events.Encoding(1, 1, "files", name))
        return path

    def text(self, ending: str, text: str) -> Path:
        """A small file; one that somebody changed keeps its name, and ours is the next version."""
        held = manifest.read(self.place)
        name = f"{self.stem}{ending}"
        return self.place / manifest.place(self.place, name, text.encode(), held=held)
