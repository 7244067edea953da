"""Where in a take the keyframes lie that it was ordered with. Pure, in whole frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.models.request import Request
    from storyboard.timeline import Media

ONE_TO_ONE = 2
"""A take within this many frames of what was asked is used as it is, never resampled."""


def ordered_places(request: Request, media: Media) -> tuple[int, ...]:
    """The media frame of each keyframe of a request, as ordered.

    A take that is about as long as ordered has each keyframe where it was ordered; in another one
    all lie in proportion.
    """
    seconds, last = request.seconds, media.frames - 1
    ordered = seconds * media.rate
    pace = media.rate if abs(last - ordered) <= ONE_TO_ONE else last / seconds
    return tuple(min(whole(moment * pace), last) for moment in request.marks)
