"""What happens on the picture track, event by event: the arithmetic that every format shares."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from storyboard.errors import MediaError
from storyboard.export.media import MediaFile, MediaMap
from storyboard.timeline import Clip, ShotNote, Timeline, Transition
from storyboard.timing import whole


@dataclass(frozen=True, slots=True)
class Event:
    """A clip on the picture track, and the file behind it."""

    clip: Clip
    file: MediaFile
    first: int
    """The file frame seen on its first film frame."""
    speed: Fraction
    note: ShotNote
    alternates: tuple[MediaFile, ...] = ()
    opening: Transition | None = None
    """The transition over its start."""
    closing: Transition | None = None
    """The transition over its end."""

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


def events(timeline: Timeline, media: MediaMap) -> tuple[Event, ...]:
    """The picture track in order; MediaError where a transition lacks what it needs."""
    check(timeline)
    notes = {note.shot: note for note in timeline.shots}
    over = {transition.at: transition for transition in timeline.transitions}
    return tuple(
        Event(
            clip=clip,
            file=placed.file,
            first=placed.first,
            speed=placed.speed,
            note=notes.get(clip.shot, ShotNote(clip.shot, prompt="", model="")),
            alternates=media.others.get(clip.shot, ()) if placed.file.kind == "take" else (),
            opening=over.get(clip.start),
            closing=over.get(clip.end),
        )
        for clip, placed in zip(timeline.clips, media.clips, strict=True)
    )


def check(timeline: Timeline) -> None:
    """MediaError for a transition without handles, or longer than the clips it joins."""
    ends = {clip.end: clip for clip in timeline.clips}
    starts = {clip.start: clip for clip in timeline.clips}
    for transition in timeline.transitions:
        leaving, coming = ends.get(transition.at), starts.get(transition.at)
        if leaving is None and coming is not None and not transition.overlaps:
            continue  # the film fades in
        if leaving is None or coming is None:
            raise MediaError(f"the transition at frame {transition.at} lies over no cut")
        _check_handles(transition, leaving, coming)
        _check_room(transition, leaving, coming)
    for earlier, later in zip(timeline.transitions, timeline.transitions[1:], strict=False):
        if later.start < earlier.end:
            raise MediaError(
                f"the transitions at frames {earlier.at} and {later.at} run into each other; "
                "shorten one of them"
            )


def _check_handles(transition: Transition, leaving: Clip, coming: Clip) -> None:
    if not transition.overlaps:
        return
    short = [
        f"{clip.shot} has {has} of {needs} frames {where}"
        for clip, has, needs, where in (
            (leaving, leaving.tail, transition.after, "after its end"),
            (coming, coming.head, transition.before, "before its start"),
        )
        if has < needs
    ]
    if short:
        raise MediaError(
            f"the {transition.kind} from {leaving.shot} to {coming.shot} lacks handles: "
            f"{' and '.join(short)}; shorten the transition, or trim the shots by as much"
        )


def _check_room(transition: Transition, leaving: Clip, coming: Clip) -> None:
    for clip, needs in ((leaving, transition.before), (coming, transition.after)):
        if needs > clip.frames:
            what = "hold" if clip.held else "clip"
            raise MediaError(
                f"the {transition.kind} from {leaving.shot} to {coming.shot} covers {needs} frames "
                f"of {clip.shot}, whose {what} there has {clip.frames}; shorten the transition"
            )
