"""The files that a cut points to: their names, reels, timecodes, and where each clip lies in one.

Every exported file plays at the film's rate, one file frame for one media frame, so that the
ranges of every format are whole frames. Names below the export folder hold no letter that a path
and an address write differently, so that a link is the same text as both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyboard.exporting.media.naming import one_name

if TYPE_CHECKING:
    from storyboard.units.sizes import Size

Links = Literal["relative", "absolute"]
"""How timelines name media: from where they lie themselves, or by their place on this disc."""

REEL_LETTERS = 32
"""What programs read of a reel's name in an EDL."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the export. Times are frames of the film's rate."""

    name: str
    """Its path below the export folder: `media/sh010_v001.mov`."""
    reel: str
    start: int
    """The frame number of its timecode's first label."""
    frames: int
    size: Size | None = None
    """None: sound."""
    kind: Literal["take", "still", "hold", "slate", "sound"] = "take"
    channels: int = 0
    """Of a sound."""
    take: int = 0
    """Which take of its shot it is; 0 of a sound."""
    place: str = ""
    """Where it lies on this disc, for timelines that are to name that."""
    first: int = 0
    """The frame of its take that it begins on, where it holds a part of one."""
    model: str = ""
    """What made the take."""

    @property
    def link(self) -> str:
        """How timelines name it, as a path."""
        return self.place or self.name

    @property
    def address(self) -> str:
        """How timelines name it, as an address."""
        return Path(self.place).as_uri() if self.place else f"./{self.name}"

    @property
    def file_name(self) -> str:
        """The name without its folder."""
        return self.name.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return self.file_name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """What a clip or a sound shows of a file."""

    file: MediaFile
    first: int
    """The file frame at its first film frame."""
    speed: Fraction = Fraction(1)
    """File frames for one film frame."""
    frames: int = 0
    """Film frames; of a sound."""


@dataclass(frozen=True, slots=True)
class MediaMap:
    """The files behind a timeline: one entry for each of its clips and each of its sounds."""

    folder: Path
    """The export folder, absolute; only formats that can't link otherwise write it."""
    clips: tuple[Placed, ...]
    sounds: tuple[Placed, ...] = ()
    others: Mapping[str, tuple[MediaFile, ...]] = field(default_factory=dict)
    """The takes of each shot that the film does not use."""

    def linked(self, links: Links) -> MediaMap:
        """The same, with files that timelines name in this way."""
        if links == "relative":
            return self

        def there(file: MediaFile) -> MediaFile:
            return replace(file, place=str(self.folder / file.name))

        return replace(
            self,
            clips=tuple(replace(placed, file=there(placed.file)) for placed in self.clips),
            sounds=tuple(replace(placed, file=there(placed.file)) for placed in self.sounds),
            others={shot: tuple(map(there, takes)) for shot, takes in self.others.items()},
        )

    def files(self) -> tuple[MediaFile, ...]:
        """Every file once: pictures, then sounds, then takes that the film does not use."""
        used = [placed.file for placed in (*self.clips, *self.sounds)]
        spare = [file for takes in self.others.values() for file in takes]
        return tuple(dict.fromkeys(used + spare))


def reel(stem: str) -> str:
    """A reel name of at most 32 letters; a shortened one ends in a digest, so none is shared."""
    if len(stem) <= REEL_LETTERS:
        return stem
    return f"{stem[: REEL_LETTERS - 9]}_{hashlib.sha256(stem.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that needs a name: `stem_vNNN` and an ending."""

    stem: str
    version: int
    ending: str
    identity: str
    """A digest of all that makes its content."""


def named(wanted: Iterable[Wanted], taken: Mapping[str, str]) -> dict[Wanted, str]:
    """A file name for each, given the names in the folder and the identity of each.

    What is there already keeps its name. The rest get their take's number, or the next free one
    where that name holds something else: nothing is ever overwritten. Letters that differ only in
    case or Unicode form are the same name, as on most editors' discs.
    """
    names: dict[Wanted, str] = {}
    held = {one_name(name): identity for name, identity in taken.items()}
    there = {(identity, _family(name)): name for name, identity in sorted(taken.items())}
    fresh = []
    for file in dict.fromkeys(wanted):
        known = there.get((file.identity, (file.stem, file.ending)))
        if known is None:
            fresh.append(file)
        else:
            names[file] = known
    crowded = [file for file in fresh if not _claim(file, file.version, held, names)]
    for file in crowded:
        version = file.version
        while not _claim(file, version, held, names):
            version += 1
    return names


def _claim(file: Wanted, version: int, held: dict[str, str], names: dict[Wanted, str]) -> bool:
    """Take the name with this version, if nothing else has it."""
    name = f"{file.stem}_v{version:03d}{file.ending}"
    if one_name(name) in held:
        return False
    held[one_name(name)] = file.identity
    names[file] = name
    return True


def _family(name: str) -> tuple[str, str]:
    """A name without its version: what it is a version of."""
    found = re.fullmatch(r"(.+)_v\d{3,}(.*)", name)
    return (found[1], found[2]) if found else (name, "")
