"""Bridging a jump: the frames around a seam are drawn anew, from the picture before them to the
one after. The film keeps its length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.timeline import Timeline
from storyboard.units.sizes import Size

if TYPE_CHECKING:
    from storyboard.reviewing.measure import Picture
    from storyboard.timeline import Clip, SeamMark

_DRAWING = 1
"""Raised whenever the same pictures would be bridged by other frames."""


@dataclass(frozen=True, slots=True)
class Pier:
    """The picture at an end of a bridge: one frame of a clip, as the film shows it."""

    clip: Clip
    frame: int
    background: str

    def picture(self, size: Size) -> Picture:
        """The picture at this size."""
        number = self.number
        clip = replace(self.clip, start=0, frames=1, first=number, last=number, phase=Fraction(0))
        alone = Timeline("", self.clip.media.rate, size, (clip,), background=self.background)
        with Reels() as reels:
            return compose(alone, 0, reels=reels)

    @property
    def number(self) -> int:
        """The media frame that is seen."""
        return self.clip.media_frame(self.frame - self.clip.start)

    @property
    def name(self) -> tuple[object, ...]:
        """Everything that decides the picture."""
        focus = str(self.clip.focus.at(self.number))
        return self.clip.media.key, self.number, self.clip.fit, self.background, focus


@dataclass(frozen=True, slots=True)
class Bridge:
    """A look (see `storyboard.film.Look`): one shot's share of the frames drawn over a seam."""

    shot: str
    start: int
    end: int
    first: int
    """The bridge's first film frame, of either shot."""
    count: int
    before: Pier
    after: Pier

    @property
    def key(self) -> str:
        """Names what is drawn at a distance from `start`."""
        own = self.start - self.first
        said = repr(("bridge", _DRAWING, own, self.count, self.before.name, self.after.name))
        return hashlib.sha256(said.encode()).hexdigest()

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The drawn picture, at the size of the one it stands in for."""
        size = Size(picture.shape[1], picture.shape[0])
        return _drawn(self.before, self.after, self.count, size)[frame - self.first]


def bridges(timeline: Timeline, mark: SeamMark) -> tuple[Bridge, ...]:
    """The looks that draw `mark.bridge` frames around a seam, half of them on either side.

    Shots that are too short to leave a picture standing get fewer; none where none fit.
    """
    begin, end = timeline.reach(mark.before, mark.after)
    room = min(mark.at - begin, end - mark.at) - 1
    left = min((mark.bridge + 1) // 2, room)
    right = min(mark.bridge // 2, room)
    if left + right <= 0:
        return ()
    first, end = mark.at - left, mark.at + right
    piers = [
        Pier(timeline.clip_at(frame), frame, timeline.background) for frame in (first - 1, end)
    ]
    shares = ((mark.before, first, mark.at), (mark.after, mark.at, end))
    return tuple(
        Bridge(shot, start, stop, first, end - first, *piers)
        for shot, start, stop in shares
        if stop > start
    )


@lru_cache(maxsize=2)
def _drawn(before: Pier, after: Pier, count: int, size: Size) -> tuple[Picture, ...]:
    """The bridge's frames. Kept, because they are asked for one after the other."""
    drawn = tuple(between(before.picture(size), after.picture(size), count))
    for picture in drawn:
        picture.flags.writeable = False
    return drawn


def between(before: Picture, after: Picture, count: int) -> Iterable[Picture]:
    """So many drawn pictures between two, neither of them among these."""
    from storyboard import draft

    drawn = draft.frames(before, after, count + 2)
    return [np.array(picture) for picture in drawn][1:-1]
