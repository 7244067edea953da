"""What is seen on a film frame: the one function that the film and its segments share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from storyboard.rendering import lettering
from storyboard.rendering.transitions import TRANSITIONS

if TYPE_CHECKING:
    from storyboard.rendering.reels import Reels
    from storyboard.timeline import Clip, PlacedTransition, Timeline
    from storyboard.video.colour import Picture


class PictureFix(Protocol):
    """Something done to a shot's own picture on some film frames: a colour match, a bridge.

    It comes before transitions and words. Looks are values: they can be pickled, and what they do
    to the picture is named by `key` together with the frame's distance from `start`.
    """

    @property
    def shot(self) -> str:
        """Whose picture is changed."""

    @property
    def start(self) -> int:
        """The first film frame that is changed."""

    @property
    def end(self) -> int:
        """The film frame after the last one."""

    @property
    def key(self) -> str:
        """Names everything that decides the pixels, but not where the look lies on the film."""

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The picture to show in place of this one on this film frame; the input stays as it is."""


def compose(
    timeline: Timeline, frame: int, *, reels: Reels, looks: Sequence[PictureFix] = ()
) -> Picture:
    """The RGB picture on a film frame, at the film's size. IndexError outside the film.

    The picture may be shared with the next frames: copy it before writing into it.
    """
    transition = timeline.transition_at(frame)
    if transition is None:
        picture = _shot(timeline, timeline.clip_at(frame), frame, reels=reels, looks=looks)
    else:
        picture = _between(timeline, transition, frame, reels=reels, looks=looks)
    return lettering.over(picture, lettering.overlay(timeline, frame))


def _between(
    timeline: Timeline,
    transition: PlacedTransition,
    frame: int,
    *,
    reels: Reels,
    looks: Sequence[PictureFix],
) -> Picture:
    old, new = timeline.sides(transition, frame)
    before = _shot(timeline, old, frame, reels=reels, looks=looks)
    after = before if new is old else _shot(timeline, new, frame, reels=reels, looks=looks)
    return TRANSITIONS[transition.kind](before, after, frame - transition.start, transition)


def _shot(
    timeline: Timeline, clip: Clip, frame: int, *, reels: Reels, looks: Sequence[PictureFix]
) -> Picture:
    offset = frame - clip.start
    at = clip.exact_frame(offset) if clip.drawn else Fraction(clip.media_frame(offset))
    picture = reels.picture(
        clip.media,
        at,
        size=timeline.size,
        fit=clip.fit,
        background=timeline.background,
        focus=clip.focus_at(offset),
    )
    for look in looks:
        if look.shot == clip.shot and look.start <= frame < look.end:
            picture = look(picture, frame)
    return picture
