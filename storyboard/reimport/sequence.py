"""A sequence as a program saved it: tracks of pieces, in film frames, whatever the format.

Readers make it of a file, each of its own kind; `edited` understands it as a cut of the film.

    pieces stop at their cuts, as clips do in OpenTimelineIO
        |---- piece ----|---- piece ----|  space  |---- piece ----|
    a blend lies over a cut, and shows what is beyond it of both
                     |===|
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING
from urllib.parse import unquote

from storyboard.errors import MediaError
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.units.timing import Rate

FILE = re.compile(
    r"(?P<shot>.+)_v(?P<version>\d{3,6})(?P<movie>_hold(?P<held>\d*)|_still|_slate)?(\.\w+)?",
    re.ASCII | re.DOTALL,
)
"""How a file of the export is called."""

BLACK = "#000000"

ROUNDED = Fraction(1, 10_000)
"""Speeds closer than this are one."""


class Unclear(MediaError):
    """What a file says that can't be understood. The text is one sentence, without the file."""


@dataclass(frozen=True, slots=True)
class Own:
    """What our own metadata say of a piece, where a program kept them."""

    shot: str = ""
    take: int | None = None
    held: int | None = None
    """The frame of its take that a movie of one picture shows."""
    file_first: int | None = None
    """The frame of its take that its file begins on."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a track shows for a while."""

    name: str
    """What the program calls it."""
    frames: int
    first: Fraction
    """The file's frame at its start: counted from the file's own beginning, or where
    `file_start` is None and the format counts by labels, from the day's."""
    file: str = ""
    """The name of its file, without the folder."""
    address: str = ""
    """Its file as it is written there."""
    file_start: int | None = None
    """The label of its file's first frame, where that is known."""
    step: Fraction = Fraction(1)
    """How far apart two places in the file are that the format can tell."""
    speed: Fraction = Fraction(1)
    near: Fraction = ROUNDED
    """How far from what is meant the format may say a speed."""
    faded_in: int = 0
    """Frames at its start that come out of black."""
    faded_out: int = 0
    """Frames at its end that go into black."""
    own: Own = field(default=Own())


@dataclass(frozen=True, slots=True)
class Space:
    """Nothing for a while: black, or what lies below."""

    frames: int
    instead: str = ""
    """What the program shows there that a film can't, in words."""
    color: str = BLACK


@dataclass(frozen=True, slots=True)
class Blend:
    """A transition over the cut between two items, in film frames."""

    name: str
    kind: str
    """One of the storyboard's kinds."""
    before: int
    after: int
    color: str = ""
    """Empty where the format can't say it."""
    direction: str = ""
    """The same."""
    perhaps: tuple[str, ...] = ()
    """Other kinds that the format writes in the same way."""


Item = Excerpt | Space | Blend


@dataclass(frozen=True, slots=True)
class Track:
    """A picture track, from the film's first frame on."""

    name: str
    items: tuple[Item, ...]

    @property
    def frames(self) -> int:
        """Its length on the film."""
        return sum(item.frames for item in self.items if not isinstance(item, Blend))

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """What is seen on it."""
        return tuple(item for item in self.items if isinstance(item, Excerpt))


@dataclass(frozen=True, slots=True)
class EditedSound:
    """A sound of the edited cut: the family of its file, and the film frame it starts at."""

    family: str
    start: int


@dataclass(frozen=True, slots=True)
class EditedMarker:
    """A marker of the edited cut, in film frames."""

    name: str
    text: str = ""
    start: int | None = None
    """None: where it lies is not known."""
    frames: int = 1
    done: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A whole sequence: its picture tracks from the lowest up, and what is said beside them."""

    rate: Rate
    tracks: tuple[Track, ...]
    """Those that are seen."""
    notes: tuple[str, ...] = ()
    """What of the file is not in here, a sentence each."""
    markers: tuple[EditedMarker, ...] = ()
    sounds: tuple[EditedSound, ...] = ()
    heard_all: bool = True
    """Whether the format carries every sound."""


@dataclass(frozen=True, slots=True)
class SharedTake:
    """A take that several shots show, each its own range of it."""

    places: tuple[tuple[str, int], ...]
    """Each shot, and the take's frame that it begins on, in the order of the film."""
    labels: tuple[int, ...]
    """The labels that its first frame may have."""

    def shot(self, excerpt: Excerpt) -> str:
        """The shot in whose range an excerpt begins."""
        frame = whole(excerpt.first)
        if excerpt.file_start is None:
            frame -= max((label for label in self.labels if label <= frame), default=0)
        begun = [shot for shot, first in self.places if first <= frame]
        return begun[-1] if begun else self.places[0][0]


Find = Callable[[str], "Path | None"]
"""Where the movie of an address is; None where it is not there."""


def nowhere(_address: str) -> Path | None:
    """The Find that finds none."""
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the film before its edited cut is read."""

    shots: Collection[str] = ()
    """The names of its shots; empty: not known."""
    rate: Rate = Fraction(24)
    shared: Mapping[str, SharedTake] = field(default_factory=dict)
    """By what the file of such a take is called."""
    find: Find = nowhere

    def footage(self, excerpt: Excerpt) -> Path | None:
        """The movie that a piece shows which is no shot; None where it is not there."""
        address = excerpt.address or excerpt.file or excerpt.name
        return None if self.shot(excerpt) else self.find(address)

    def shows(self, excerpt: Excerpt) -> bool:
        """Whether a piece can be seen in the film."""
        return bool(self.shot(excerpt)) or self.footage(excerpt) is not None

    def shot(self, excerpt: Excerpt) -> str:
        """The shot that a piece shows; empty where it is none of the film's.

        By our metadata, else by the name of its file, else by its own name.
        """
        own = excerpt.own.shot
        if own and (not self.shots or own in self.shots or not self.find(excerpt.address)):
            return own
        found = FILE.fullmatch(excerpt.file or excerpt.name)
        by_file = found["shot"] if found else ""
        if by_file in self.shared:
            return self.shared[by_file].shot(excerpt)
        if not self.shots:
            return by_file
        return next((shot for shot in (by_file, excerpt.name) if shot in self.shots), "")


NOTHING = Known()


def file_name(address: str) -> str:
    """The last part of a file's address, however it is written."""
    return unquote(re.split(r"[/\\]", address)[-1])


def faded(items: Collection[Item]) -> list[Item]:
    """The items with the fades at pieces' own ends as blends between them."""
    made: list[Item] = []
    out = 0
    for item in items:
        coming = item.faded_in if isinstance(item, Excerpt) else 0
        if out or coming:
            made.append(Blend("fade", "fade", out, coming))
        out = item.faded_out if isinstance(item, Excerpt) else 0
        made.append(item)
    return [*made, Blend("fade", "fade", out, 0)] if out else made


def laid(pieces: Collection[tuple[int, Item]]) -> list[Item]:
    """Items at their places on the film, in order, with the space between them."""
    made: list[Item] = []
    at = 0
    for start, item in sorted(pieces, key=lambda pair: pair[0]):
        if start > at:
            made.append(Space(start - at))
        made.append(item)
        at = max(at, start) + (0 if isinstance(item, Blend) else item.frames)
    return made


def joined(items: Collection[Item], known: Known) -> list[Item]:
    """The items with parts of one shot's excerpt, that go on from each other, as one."""
    made: list[Item] = []
    for item in items:
        last = made[-1] if made else None
        if (
            isinstance(item, Excerpt)
            and isinstance(last, Excerpt)
            and known.shot(last) == known.shot(item)
            and _goes_on(last, item)
        ):
            made[-1] = replace(last, frames=last.frames + item.frames, faded_out=item.faded_out)
        else:
            made.append(item)
    return made


def _goes_on(last: Excerpt, item: Excerpt) -> bool:
    """Whether an excerpt shows what the one before it would have shown next."""
    one = (last.file or last.name, last.speed, last.own.shot, last.own.take, last.own.held)
    if one != (item.file or item.name, item.speed, item.own.shot, item.own.take, item.own.held):
        return False
    off = abs(last.first + last.frames * last.speed - item.first)
    return not (last.faded_out or item.faded_in) and (
        off == 0 or off <= Fraction(1, 2) < item.speed
    )
