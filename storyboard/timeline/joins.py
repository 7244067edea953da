"""Joining: what a transition takes from the shots on either side of it. Counted here alone.

    one scene      |-------------------|
    the next               |-------------------|
    transition             |===========|             its length
    on the film    |------------|--------------|
                                cut: half of the length lies before it, the rest after

Clips stop at the cut. What a transition shows of them beyond it are their handles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from storyboard.errors import MediaError
from storyboard.timeline import PlacedTransition
from storyboard.units.timing import Duration

if TYPE_CHECKING:
    from storyboard.timeline import Clip, Timeline
    from storyboard.units.timing import Rate

USUAL = Duration(Fraction(1))
"""How long a transition takes unless it says so."""


def split(length: int) -> tuple[int, int]:
    """Film frames of a transition before its cut and after it; an odd one comes after."""
    return length // 2, length - length // 2


@dataclass(frozen=True, slots=True)
class Opening:
    """How the film is to come into a scene."""

    type: str = "cut"
    duration: Duration | None = None
    """None is the usual length."""
    color: str = "#000000"
    direction: Literal["left", "right", "up", "down"] = "left"
    before: Duration | None = None
    """How much of it lies before the cut; None is half."""

    def placed(self, rate: Rate) -> PlacedTransition | None:
        """In whole frames, to be laid over a cut; None for a cut."""
        if self.type == "cut":
            return None
        frames = max(1, (self.duration or USUAL).frames(rate))
        before = split(frames)[0] if self.before is None else self.before.frames(rate)
        after = max(0, frames - before)
        return PlacedTransition(self.type, 0, frames - after, after, self.color, self.direction)


def fits(length: int, frames: int) -> bool:
    """Whether an overlap of this length leaves something of a shot of so many film frames."""
    return frames > length


@dataclass(slots=True)
class Joined:
    """Clips laid one behind the other, and the transitions between them."""

    clips: list[Clip] = field(default_factory=list)
    transitions: list[PlacedTransition] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The film frame that comes next."""
        return self.clips[-1].end if self.clips else 0

    def add(
        self, own: Sequence[Clip], over: PlacedTransition | None = None, *, into: str = ""
    ) -> int:
        """Lay clips, placed from film frame 0 on, behind the others; gives where they start.

        Both sides are shortened where the transition shows them at once. A film opens with none
        of those; a transition that shows one side after the other then lies behind the cut.
        MediaError where one side is too short for it; `into` is what is come into.
        """
        if over is not None and over.overlaps and self.clips:
            _check_length(over, (self.clips[-1], own[0]), into)
        first, *others = own
        if over is not None and self.clips:
            self.clips[-1] = self.clips[-1].shortened(tail=over.tail)
            first = first.shortened(head=over.head)
        elif over is not None:
            over = None if over.overlaps else replace(over, before=0, after=over.frames)
        start = self.end
        if over is not None:
            self.transitions.append(replace(over, at=start))
        offset = start - first.start
        self.clips += [replace(clip, start=clip.start + offset) for clip in (first, *others)]
        return start

    def end_by(self, over: PlacedTransition | None) -> None:
        """Let the film go into a colour at its end; MediaError where its last clip is too short."""
        if over is None or not self.clips:
            return
        last = self.clips[-1]
        if over.frames > last.frames:
            what = "hold" if last.held else "clip"
            raise MediaError(
                f"the {over.kind} at the film's end takes {over.frames} frames, and {last.shot}'s "
                f"{what} there has {last.frames}; make it shorter"
            )
        self.transitions.append(replace(over, at=self.end, before=over.frames, after=0))


def _check_length(over: PlacedTransition, sides: Sequence[Clip], into: str) -> None:
    for clip in sides:
        if not fits(over.frames, clip.frames):
            raise MediaError(
                f"the {over.kind} into {into or clip.shot} takes {over.frames} frames, and "
                f"{clip.shot} has {clip.frames} there; make it shorter, or write `transition: cut`"
            )


def check(timeline: Timeline) -> None:
    """MediaError for a transition without handles, or longer than the clips it joins."""
    ends = {clip.end: clip for clip in timeline.clips}
    starts = {clip.start: clip for clip in timeline.clips}
    for transition in timeline.transitions:
        leaving, coming = ends.get(transition.at), starts.get(transition.at)
        if leaving is None and coming is not None and not transition.overlaps:
            continue  # the film fades in
        if leaving is not None and coming is None and not transition.overlaps:
            _check_room(transition, leaving, leaving)
            continue  # the film fades out
        if leaving is None or coming is None:
            raise MediaError(f"the transition at frame {transition.at} lies over no cut")
        _check_handles(transition, leaving, coming)
        _check_room(transition, leaving, coming)
    for earlier, later in pairwise(timeline.transitions):
        if later.start < earlier.end:
            raise MediaError(
                f"the transitions at frames {earlier.at} and {later.at} run into each other; "
                "shorten one of them"
            )


def _check_handles(transition: PlacedTransition, leaving: Clip, coming: Clip) -> None:
    short = [
        f"{clip.shot} has {has} of {needs} frames {where}"
        for clip, has, needs, where in (
            (leaving, leaving.tail, transition.tail, "after its end"),
            (coming, coming.head, transition.head, "before its start"),
        )
        if has < needs
    ]
    if short:
        raise MediaError(
            f"the {transition.kind} from {leaving.shot} to {coming.shot} lacks handles: "
            f"{' and '.join(short)}; shorten the transition, or trim the shots by as much"
        )


def _check_room(transition: PlacedTransition, leaving: Clip, coming: Clip) -> None:
    for clip, needs in ((leaving, transition.before), (coming, transition.after)):
        if needs > clip.frames:
            what = "hold" if clip.held else "clip"
            raise MediaError(
                f"the {transition.kind} from {leaving.shot} to {coming.shot} covers {needs} frames "
                f"of {clip.shot}, whose {what} there has {clip.frames}; shorten the transition"
            )
