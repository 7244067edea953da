"""Where in a take its keyframes are seen: measured around where they were ordered.

A model that is given many keyframes may reach one of them a few frames early or late. The frame
whose pixels and colours are nearest to the keyframe, as it was prepared, counts. One that is
on none of them is not seen: its place is the one that was ordered, and that is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from storyboard.cutting.ordered_places import ordered_places
from storyboard.reviewing.judging import alike, scaled
from storyboard.reviewing.prepared import prepared_picture
from storyboard.reviewing.repeat import small
from storyboard.reviewing.take_limits import LIMITS
from storyboard.units.timing import counted, whole
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.models.request import Request
    from storyboard.reviewing.measure import Picture
    from storyboard.timeline import Media

FIELD = "keyframe_places"
"""What the part of a take's note is called."""

AROUND = Fraction(1, 2)
"""Seconds on either side of where a keyframe was ordered in which it is looked for."""

_LIMIT = next(limit for limit in LIMITS if limit.kind == "start")
SEEN = _LIMIT.limit
"""A likeness from which on a frame shows a keyframe: what is asked of a take's own first frame."""

_VERSION = 3
"""Of how it is measured: what was measured in another way is measured again."""


@dataclass(frozen=True, slots=True)
class KeyframePlace:
    """A keyframe within a take: the media frame that it was ordered for, and the one it is on."""

    ordered: int
    seen: int
    likeness: float | None = None
    """How alike the keyframe and the frame that is nearest to it are; None where it was not looked
    for: at the take's ends."""
    farthest: bool = False
    """Whether that is the last frame that was looked at: what comes after may be nearer."""

    @property
    def unseen(self) -> bool:
        """Whether it is on none of the frames that were looked at; its place is as ordered then."""
        return self.likeness is not None and self.likeness < SEEN

    @property
    def late(self) -> int:
        """Frames after the one that was ordered; below 0: before it."""
        return self.seen - self.ordered

    @property
    def told(self) -> bool:
        """Whether there is something to say of it."""
        return bool(self.late) or self.unseen

    def words(self, keyframe: str, *, begins: bool = True) -> str:
        """What is said of a shot that begins, or ends, on it; empty where it is in its place."""
        how = f"{'begins' if begins else 'ends'} on frame {self.seen} of its take"
        if self.unseen:
            return (
                f"{how}, as ordered, but {keyframe} is not seen there or around it: "
                f"likeness {self.likeness:.2f} {_LIMIT.unit}, below {SEEN:g}"
            )
        if not self.late:
            return ""
        side = "after" if self.late > 0 else "before"
        beyond = f"; no farther was looked, it may be seen better {side}" if self.farthest else ""
        return (
            f"{how}, where {keyframe} is seen: {counted(abs(self.late), 'frame')} {side} the one "
            f"that was ordered{beyond}"
        )


def inside(request: Request) -> dict[int, PreparedStill]:
    """The keyframes that lie within a request's take, by their number; those at its ends do not."""
    stills = list(request.pictures.values())
    return {
        number: stills[number]
        for number, moment in enumerate(request.marks)
        if 0 < moment < request.seconds and number < len(stills)
    }


def measured_places(request: Request, media: Media) -> tuple[KeyframePlace, ...]:
    """Where each of a request's keyframes is seen in its take; decodes each frame at most once.

    A keyframe is looked for half a second around its place, and less than half way to its
    neighbours. MediaError where the take or a still can't be read.
    """
    ordered, wanted = ordered_places(request, media), inside(request)
    found = []
    with Reader(media.path) as reader:
        for number, place in enumerate(ordered):
            if number in wanted:
                near = _near(ordered, number, media)
                picture = prepared_picture(wanted[number], media.size)
                found.append(place_of(picture, place, near, reader))
            else:
                found.append(KeyframePlace(place, place))
    return tuple(found)


def _near(ordered: Sequence[int], number: int, media: Media) -> range:
    """The frames among which a keyframe is looked for."""
    place, most = ordered[number], whole(AROUND * media.rate)
    before = (place - ordered[number - 1] - 1) // 2
    after = media.frames - 1 - place
    if number + 1 < len(ordered):
        after = (ordered[number + 1] - place - 1) // 2
    return range(place - max(min(most, before), 0), place + max(min(most, after), 0) + 1)


def place_of(wanted: Picture, place: int, near: range, reader: Reader) -> KeyframePlace:
    """Where, among these frames, a picture of a take's shape is seen that was ordered for `place`.

    Of equal frames the one nearest to that counts.
    """
    size = small(reader.facts.size)
    wanted = scaled(wanted, size.width, size.height)
    pictures = {frame: reader.picture(frame, size=size) for frame in near}
    seen = min(near, key=lambda at: (difference(wanted, pictures[at]), abs(at - place)))
    likeness = round(alike(wanted, pictures[seen]), 5)
    if likeness < SEEN:
        return KeyframePlace(place, place, likeness)
    return KeyframePlace(place, seen, likeness, seen != place and seen in (near[0], near[-1]))


def difference(one: Picture, other: Picture) -> float:
    """Mean absolute difference of all colours, in levels of 255: what tells neighbours apart.

    SSIM does not: around its best frame it is flat, and it knows no colours.
    """
    return float(np.abs(one.astype(np.int16) - other).mean())


def noted_places(note: Mapping[str, Any], request: Request) -> tuple[KeyframePlace, ...] | None:
    """What a take's note has of this; None where it was not measured, or can't be read."""
    found = note.get(FIELD)
    kept = found.get(_name(request)) if isinstance(found, dict) else None
    if not isinstance(kept, list) or len(kept) != len(request.marks):
        return None
    places = tuple(_read(kept))
    return places if len(places) == len(kept) else None


def _read(kept: Sequence[Any]) -> Iterator[KeyframePlace]:
    for one in kept:
        match one:
            case {
                "ordered": int(ordered),
                "seen": int(seen),
                "likeness": float() | None as likeness,
                "farthest": bool(farthest),
            }:
                yield KeyframePlace(ordered, seen, likeness, farthest)


def with_places(
    note: Mapping[str, Any], request: Request, places: Sequence[KeyframePlace]
) -> dict[str, Any]:
    """What is to be added to a take's note."""
    found = note.get(FIELD)
    kept = [asdict(place) for place in places]
    return {FIELD: {**(found if isinstance(found, dict) else {}), _name(request): kept}}


def _name(request: Request) -> str:
    """Names what is measured and how: with other stills or moments it is measured anew."""
    stills = [still.digest for still in request.pictures.values()]
    moments = [str(moment) for moment in (*request.marks, request.seconds)]
    said = "\n".join((str(_VERSION), *moments, *stills))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
