"""Where in a take its keyframes are seen: measured around where they were ordered.

A model that is given many keyframes may reach one of them a few frames early or late. The frame
whose pixels and colours are nearest to the keyframe, as it was prepared, counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from storyboard.cutting.ordered_places import ordered_places
from storyboard.reviewing.judging import alike, scaled
from storyboard.reviewing.prepared import prepared_picture
from storyboard.reviewing.repeat import small
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

_VERSION = 1
"""Of how it is measured: what was measured in another way is measured again."""


@dataclass(frozen=True, slots=True)
class KeyframePlace:
    """A keyframe within a take: the media frame that it was ordered for, and the one it is on."""

    ordered: int
    seen: int
    likeness: float | None = None
    """SSIM of that frame and the keyframe; None where it was not looked for: at the take's ends."""

    @property
    def late(self) -> int:
        """Frames after the one that was ordered; below 0: before it."""
        return self.seen - self.ordered

    def words(self, keyframe: str, *, begins: bool = True) -> str:
        """What is said of a shot that begins, or ends, on it; empty where it is in its place."""
        if not self.late:
            return ""
        how = "begins" if begins else "ends"
        side = "after" if self.late > 0 else "before"
        return (
            f"{how} on frame {self.seen} of its take, where {keyframe} is seen: "
            f"{counted(abs(self.late), 'frame')} {side} the one that was ordered"
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
    neighbours. Of equal frames the one nearest its place counts. MediaError where the take or a
    still can't be read.
    """
    ordered, wanted = ordered_places(request, media), inside(request)
    found = []
    with Reader(media.path) as reader:
        for number, place in enumerate(ordered):
            if number in wanted:
                near = _near(ordered, number, media)
                found.append(_most_like(wanted[number], place, near, media, reader))
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


def _most_like(
    still: PreparedStill, place: int, near: range, media: Media, reader: Reader
) -> KeyframePlace:
    wanted, size = prepared_picture(still, media.size), small(media.size)
    wanted = scaled(wanted, size.width, size.height)
    pictures = {frame: reader.picture(frame, size=size) for frame in near}
    seen = min(near, key=lambda at: (difference(wanted, pictures[at]), abs(at - place)))
    return KeyframePlace(place, seen, round(alike(wanted, pictures[seen]), 5))


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
            case {"ordered": int(ordered), "seen": int(seen), "likeness": float() | None as alike}:
                yield KeyframePlace(ordered, seen, alike)


def with_places(
    note: Mapping[str, Any], request: Request, places: Sequence[KeyframePlace]
) -> dict[str, Any]:
    """What is to be added to a take's note."""
    found = note.get(FIELD)
    kept = [{"ordered": p.ordered, "seen": p.seen, "likeness": p.likeness} for p in places]
    return {FIELD: {**(found if isinstance(found, dict) else {}), _name(request): kept}}


def _name(request: Request) -> str:
    """Names what is measured and how: with other stills or moments it is measured anew."""
    stills = [still.digest for still in request.pictures.values()]
    moments = [str(moment) for moment in (*request.marks, request.seconds)]
    said = "\n".join((str(_VERSION), *moments, *stills))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
