"""An edited cut as plain values: its shots, and what of it was not understood.

Programs keep different parts of what they were given, so a shot is known by our metadata where
that is still there, by the name of its file where it is not, and else by the clip's own name.
What can't be understood exactly is refused with the clip's name, or noted as not read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.reimport.flattening import flattened
from storyboard.reimport.sequence import (
    BLACK,
    FILE,
    ROUNDED,
    Blend,
    Excerpt,
    Space,
    Unclear,
    faded,
    joined,
)
from storyboard.safe_text import in_message
from storyboard.timeline.joins import split
from storyboard.timeline.recut import INSERTED

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.reimport.sequence import (
        EditedMarker,
        EditedSound,
        Item,
        Known,
        Sequence,
    )
    from storyboard.units.timing import Rate


@dataclass(frozen=True, slots=True)
class EditedTransition:
    """A transition over an edited cut, in film frames."""

    kind: str
    before: int
    after: int
    color: str = ""
    """Empty where the format can't say it."""
    direction: str = ""
    """The same."""
    perhaps: tuple[str, ...] = ()
    """Other kinds that the format writes in the same way."""

    @property
    def frames(self) -> int:
        """Its length."""
        return self.before + self.after

    @property
    def even(self) -> bool:
        """Whether it lies over its cut as a storyboard lays it by itself."""
        return (self.before, self.after) == split(self.frames)


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A clip of the edited picture track."""

    shot: str
    version: int
    """Which take of the shot, or else which version of its file."""
    first: Fraction
    """The frame of its file, counted from the file's first timecode label."""
    file_start: int | None
    """The label of that first frame; None where the program did not keep it."""
    frames: int
    speed: Fraction
    """File frames for one film frame."""
    frozen: bool
    """Whether it shows one picture."""
    opening: EditedTransition | None = None
    held: int | None = None
    """The frame of its take that a movie of one picture shows, where that is known."""
    file_first: int | None = None
    """The frame of its take that its file begins on; None where the program did not keep it."""
    movie: bool = False
    """Whether its file is a movie of one picture, so that `first` says nothing of the take."""
    step: Fraction = Fraction(1)
    """File frames between two places that the format tells apart."""
    near: Fraction = ROUNDED
    """How far from what is meant `speed` may be."""
    at: int = 0
    """The frame of the sequence that it starts on."""
    footage: Path | None = None
    """The movie that it shows where that is no shot's; `shot` is empty until it has a name."""
    color: str = ""
    """The colour that it shows, of a card without a name."""
    inserted: bool = False
    """Whether only the cut shows it."""
    address: str = ""
    """Its file as it is written there."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited cut: its picture track, and what was not understood."""

    rate: Rate
    clips: tuple[EditedClip, ...]
    notes: tuple[str, ...] = ()
    markers: tuple[EditedMarker, ...] = ()
    sounds: tuple[EditedSound, ...] = ()
    ending: int = 0
    """Frames of a fade at its end."""
    heard_all: bool = True
    """Whether its format carries every sound."""


def understood(sequence: Sequence, known: Known) -> Edited:
    """The cut of the film that a sequence is; Unclear where something in it can't be."""
    tracks = [track for track in sequence.tracks if track.excerpts]
    if not tracks:
        raise Unclear("it has no picture in it")
    items, notes = flattened(tracks, known.shows)
    reading = _Reading(known, notes=[*sequence.notes, *notes])
    reading.read(_between(faded(joined(items, known))))
    return Edited(
        sequence.rate,
        tuple(reading.clips),
        tuple(dict.fromkeys(reading.notes)),
        sequence.markers,
        sequence.sounds,
        reading.ending,
        sequence.heard_all,
    )


def _between(items: Collection[Item]) -> list[Item]:
    """The items with fades around black as what is seen of them: no excerpt stops before its fade.

    A blend into black shows its excerpt to the blend's end, and is a fade of its whole length.
    """
    found = list(items)
    for number, item in enumerate(found):
        if not isinstance(item, Blend):
            continue
        before = found[number - 1] if number else None
        after = found[number + 1] if number + 1 < len(found) else None
        if isinstance(before, Excerpt) and isinstance(after, Space):
            beyond = min(item.after, after.frames)
            found[number - 1] = replace(before, frames=before.frames + beyond)
            found[number + 1] = replace(after, frames=after.frames - beyond)
            found[number] = replace(item, kind="fade", before=item.before + beyond, after=0)
        elif isinstance(after, Excerpt) and (before is None or isinstance(before, Space)):
            early = min(item.before, before.frames) if before else 0
            if before is not None:
                found[number - 1] = replace(before, frames=before.frames - early)
            first = after.first - early * after.speed
            found[number + 1] = replace(after, frames=after.frames + early, first=first)
            found[number] = replace(item, kind="fade", before=0, after=item.after + early)
        elif after is None:
            found[number] = replace(item, kind="fade", after=0)
    return [i for i in found if not isinstance(i, Space) or i.frames or i.instead]


@dataclass
class _Reading:
    """The picture track as it is read, item by item."""

    known: Known
    notes: list[str] = field(default_factory=list)
    clips: list[EditedClip] = field(default_factory=list)
    waiting: EditedTransition | None = None
    """The transition whose later side has not come yet."""
    ending: int = 0
    at: int = 0
    """The frame of the sequence that the next item starts on."""

    def read(self, items: Collection[Item]) -> None:
        for item in items:
            match item:
                case Blend():
                    self.blend(item)
                case Space():
                    self.space(item)
                case Excerpt():
                    self.excerpt(item)
            self.at += 0 if isinstance(item, Blend) else item.frames
        if self.waiting is not None and self.waiting.before:
            self.ending = self.waiting.before

    def blend(self, item: Blend) -> None:
        kind, before = item.kind, item.before
        if self.waiting is not None and self.waiting.kind == kind == "fade":
            before += self.waiting.before
        if not self.clips:
            kind, before = "fade", 0
        if before + item.after:
            self.waiting = EditedTransition(
                kind, before, item.after, item.color, item.direction, item.perhaps
            )

    def space(self, item: Space) -> None:
        """A card of so many frames, whatever was there."""
        if item.instead:
            self.notes.append(f"{item.instead}: {_named(item.color)} stands there")
        if item.frames:
            self.clips.append(
                EditedClip(
                    shot="",
                    version=INSERTED,
                    first=Fraction(0),
                    file_start=0,
                    frames=item.frames,
                    speed=Fraction(0),
                    frozen=True,
                    opening=self.waiting,
                    held=0,
                    file_first=0,
                    movie=True,
                    at=self.at,
                    color=item.color,
                )
            )
            self.waiting = None

    def footage(self, item: Excerpt, movie: Path) -> None:
        """A movie that is no shot's."""
        self.clips.append(
            EditedClip(
                shot="",
                version=INSERTED,
                first=item.first,
                file_start=item.file_start,
                frames=item.frames,
                speed=item.speed,
                frozen=item.speed == 0,
                opening=self.waiting,
                held=None,
                file_first=0,
                step=item.step,
                near=item.near,
                at=self.at,
                footage=movie,
            )
        )
        self.waiting = None

    def excerpt(self, item: Excerpt) -> None:
        shot, named = self.known.shot(item), in_message(item.name or item.file or "a clip")
        movie = None if shot else self.known.footage(item)
        if not shot and movie is None:
            self.space(
                Space(item.frames, instead=f"{named} is no shot, and no movie that is there")
            )
            return
        if item.speed < 0:
            raise Unclear(
                f"{named} runs backwards, which a storyboard can't; turn it round and save again"
            )
        if movie is not None:
            self.footage(item, movie)
            return
        found = FILE.fullmatch(item.file or item.name)
        still = bool(found and found["movie"])
        held = found["held"] if found else None
        self.clips.append(
            EditedClip(
                shot=shot,
                version=item.own.take or (int(found["version"]) if found else 1),
                first=item.first,
                file_start=item.file_start,
                frames=item.frames,
                speed=item.speed,
                frozen=still or item.speed == 0,
                opening=self.waiting,
                held=_held(item, held) if still else None,
                file_first=item.own.file_first,
                movie=still,
                step=item.step,
                near=item.near,
                at=self.at,
                address=item.address or item.file or item.name,
            )
        )
        self.waiting = None
        self.check_file(item, shot, named)

    def check_file(self, item: Excerpt, shot: str, named: str) -> None:
        """Another file under our own metadata: the cut shows what the storyboard does not have."""
        found = FILE.fullmatch(item.file)
        stem = found["shot"] if found else ""
        if not item.file or item.file == shot or stem.casefold() == shot.casefold():
            return
        if found and _is_shared(stem, self.known.shots):
            return
        if found and stem in self.known.shots:
            raise Unclear(
                f"{named} is marked as {shot} and shows {in_message(item.file)}; put the "
                "shot itself there and save again"
            )
        self.notes.append(f"{shot} shows {in_message(item.file)} there; its own take is used")


def _named(color: str) -> str:
    return "black" if color == BLACK else f"a card of {color}"


def _held(item: Excerpt, written: str | None) -> int | None:
    return int(written) if written else item.own.held


def _is_shared(stem: str, shots: Collection[str]) -> bool:
    """Whether a file is called after the first and the last of several shots that show it."""
    return any(f"{first}-{last}" == stem for first in shots for last in shots)
