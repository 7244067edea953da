"""What happens on the picture track, event by event: the arithmetic that every format shares."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.timeline.joins import check
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaFile, MediaMap
    from storyboard.timeline import Clip, PlacedTransition, ShotNote, Timeline
    from storyboard.timeline.film_note import FilmNote


@dataclass(frozen=True, slots=True)
class Placement:
    """A clip on the picture track, and the file behind it."""

    clip: Clip
    file: MediaFile
    first: int
    """The file frame seen on its first film frame."""
    speed: Fraction
    note: ShotNote
    alternates: tuple[MediaFile, ...] = ()
    opening: PlacedTransition | None = None
    """The transition over its start."""
    closing: PlacedTransition | None = None
    """The transition over its end."""
    said: tuple[FilmNote, ...] = ()
    """The notes that begin on it."""

    @property
    def start(self) -> int:
        """Its first film frame; transitions lie over it."""
        return self.clip.start

    @property
    def end(self) -> int:
        """The film frame after its last."""
        return self.clip.end

    @property
    def frames(self) -> int:
        """Its length on the film."""
        return self.clip.frames

    @property
    def faded_in(self) -> int:
        """Frames at its start that come out of a colour."""
        fades = self.opening is not None and not self.opening.overlaps
        return self.opening.after if fades and self.opening else 0

    @property
    def faded_out(self) -> int:
        """Frames at its end that go into a colour."""
        fades = self.closing is not None and not self.closing.overlaps
        return self.closing.before if fades and self.closing else 0

    def source(self, offset: int) -> int:
        """The file frame on the event's film frame `offset`."""
        return self.first + whole(offset * self.speed)


def events(timeline: Timeline, media: MediaMap) -> tuple[Placement, ...]:
    """The picture track in order; MediaError where a transition lacks what it needs."""
    check(timeline)
    return tuple(
        Placement(
            clip=clip,
            file=placed.file,
            first=placed.first,
            speed=placed.speed,
            note=timeline.note(clip.shot),
            alternates=media.others.get(clip.shot, ()) if placed.file.kind == "take" else (),
            opening=timeline.transition_over(clip.start),
            closing=timeline.transition_over(clip.end),
            said=tuple(note for note in timeline.notes if clip.start <= note.start < clip.end),
        )
        for clip, placed in zip(timeline.clips, media.clips, strict=True)
    )
