"""Two shots that meet in a seam, for tests of the review."""

from __future__ import annotations

from storyboard.timeline import Clip, Media, SeamMark, Timeline
from tests.reviewing.scenes import RATE, SIZE


def joined(earlier: Media, later: Media, *, drop: int = 0, bridge: int = 0) -> Timeline:
    """A film of both takes, `drop` frames left out at the end of the first."""
    clips, start = [], 0
    for shot, media, cut in (("sh010", earlier, drop), ("sh020", later, 0)):
        frames = media.frames - cut
        clips.append(Clip(shot, "day", 1, media, start, frames, 0, frames, frames, drops=cut))
        start += frames
    seam = SeamMark(clips[1].start, "sh010", "sh020", match_color=True, bridge=bridge)
    return Timeline("Ride", RATE, SIZE, tuple(clips), seams=(seam,))
