"""What only an edited cut shows, footage and cards: each gets the name that `cut:` will give it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storyboard.cutting.cut_takes import insert_films
from storyboard.errors import MediaError
from storyboard.exporting.timecodes import DROPPABLE, Timecodes
from storyboard.loading.checked import USUAL_CARD, CheckedCard
from storyboard.loading.inserts import free_name, wanted_name
from storyboard.loading.own_clip import OwnClip
from storyboard.reimport.sequence import BLACK
from storyboard.safe_text import in_message
from storyboard.timeline.recut import INSERTED

if TYPE_CHECKING:
    from storyboard.loading.checked import Insert
    from storyboard.reimport.edited import Edited, EditedClip
    from storyboard.timeline import Media, Timeline
    from storyboard.units.sizes import Fit
    from storyboard.units.timing import Rate


class FoundMovie(NamedTuple):
    """A movie that is no shot's."""

    clip: OwnClip
    media: Media
    label: str
    """The timecode of its first frame; empty where it has none."""


Movie = Callable[[Path], FoundMovie]
"""The movie of a path; MediaError where it can't be read."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """An edited cut in which every clip has a name."""

    edited: Edited
    parts: Mapping[str, Insert]
    """What only the cut shows, by name: what it showed before, and what is new."""
    media: Mapping[str, Media]
    """What is in the clips among them, by the digest of their bytes."""

    def films(
        self, film: Timeline, *, fit: Fit | None, parts: Mapping[str, Insert] | None = None
    ) -> dict[tuple[str, int], Timeline]:
        """Each part as a film; or as `parts` name them."""
        named = self.parts if parts is None else parts
        clips = ((name, part) for name, part in named.items() if isinstance(part, OwnClip))
        media = {name: self.media[part.sha256] for name, part in clips}
        return insert_films(named, film, media, fit=fit)


def inserted(
    edited: Edited, before: Mapping[str, Insert], taken: Collection[str], movie: Movie
) -> Inserted:
    """The edited cut with names for footage and cards; what was there before keeps its own.

    `before` is what only the storyboard's cut shows, and `taken` are the names of all else.
    """
    desk = _Desk(edited, dict(before), taken, movie)
    for part in before.values():
        if isinstance(part, OwnClip):
            desk.media[part.sha256] = movie(part.path).media
    clips = tuple(desk.named(clip) for clip in edited.clips)
    notes = (*edited.notes, *dict.fromkeys(desk.notes))
    return Inserted(replace(edited, clips=clips, notes=notes), desk.parts, desk.media)


@dataclass
class _Desk:
    """The names as they are given, clip by clip."""

    edited: Edited
    parts: dict[str, Insert]
    taken: Collection[str]
    movie: Movie
    media: dict[str, Media] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def named(self, clip: EditedClip) -> EditedClip:
        """The clip with its name, and its place in the frames of its own file."""
        if clip.shot in self.parts:
            return replace(clip, version=INSERTED, inserted=True)
        if clip.footage is not None:
            return self.footage(clip, clip.footage)
        if clip.color:
            return replace(clip, shot=self.card(clip.color), inserted=True)
        return clip

    def card(self, color: str) -> str:
        """The name of a card of this colour."""
        for name, part in self.parts.items():
            if isinstance(part, CheckedCard) and part.color == color:
                return name
        name = self.free(wanted_name(None, color))
        self.parts[name] = CheckedCard(name, USUAL_CARD, color)
        return name

    def footage(self, clip: EditedClip, path: Path) -> EditedClip:
        """A movie that is no shot's; black of its length where it can't be shown."""
        try:
            own, media, label = self.movie(path)
        except MediaError as cause:
            return self.black(
                clip, f"{in_message(path.name)} is no movie that can be read ({cause})"
            )
        there = located(clip, FoundMovie(own, media, label), self.edited.rate)
        if not 0 <= there.first < media.frames:
            return self.black(clip, f"{in_message(path.name)} begins at another timecode")
        self.media[own.sha256] = media
        return replace(there, shot=self.name_of(own), inserted=True)

    def name_of(self, own: OwnClip) -> str:
        for name, part in self.parts.items():
            if isinstance(part, OwnClip) and part.sha256 == own.sha256:
                return name
        name = self.free(wanted_name(own.name, None))
        self.parts[name] = own
        return name

    def black(self, clip: EditedClip, why: str) -> EditedClip:
        self.notes.append(f"{why}: black stands there")
        return replace(
            clip,
            shot=self.card(BLACK),
            frozen=True,
            movie=True,
            held=0,
            file_start=0,
            inserted=True,
        )

    def free(self, wanted: str) -> str:
        return free_name(wanted, (*self.taken, *self.parts))


def located(clip: EditedClip, movie: FoundMovie, rate: Rate) -> EditedClip:
    """A clip with its place and its speed in a movie's own frames, counted from its first."""
    pace = movie.media.rate / rate
    begins = _frame(movie.label, rate) if clip.file_start is None else 0
    first = (clip.first - begins) * pace
    return replace(
        clip,
        first=first,
        file_start=0,
        file_first=0,
        speed=clip.speed * pace,
        step=clip.step * pace,
        held=int(first) if clip.frozen else None,
    )


def _frame(label: str, rate: Rate) -> int:
    """The frame number of a file's first label, as sequences at this rate count it."""
    if not label:
        return 0
    drop = ";" in label and rate in DROPPABLE
    try:
        return Timecodes.at(label.replace(";", ":"), rate, drop=drop).start
    except MediaError:
        return 0
