"""Composing in stored planes (YUV 4:2:0), without a detour over RGB: words over takes, dissolves.

`compose` stays what a film looks like; this gives the same picture, within its rounding, where that
is possible: takes as they are stored, mixed in a dissolve, with patches laid into their rectangles.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from storyboard.rendering import lettering
from storyboard.video.colour import BLACK, IN_BT709, conform, tagged_bt709

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.patch import Patch
    from storyboard.rendering.reels import Reels
    from storyboard.timeline import Clip, Timeline
    from storyboard.timeline.stretches import Stretch
    from storyboard.units.sizes import Size

FORMAT = "yuv420p"

Planes = NDArray[np.uint8]
"""Luma rows, then both chroma planes' rows side by side: (height * 3 / 2, width)."""

Levels = NDArray[np.floating[Any]]
"""Levels of a plane multiplied by an opacity, or the opacity itself, 0 to 1."""

_STORED = np.column_stack([IN_BT709, BLACK])
"""What makes RGB levels stored ones."""


def in_planes(
    timeline: Timeline, stretch: Stretch, *, looks: Sequence[PictureFix], reels: Reels
) -> bool:
    """Whether a stretch can be composed so: plain takes of the film's shape, at most dissolved."""
    transition = timeline.transition_at(stretch.start)
    if transition is not None and transition.kind != "dissolve":
        return False
    if any(look.start < stretch.end and stretch.start < look.end for look in looks):
        return False
    return all(
        clip.media.kind == "take"
        and not clip.drawn
        and clip.media.size.same_shape(timeline.size)
        and reels.reader(clip.media).facts.plain
        for clip in timeline.seen(stretch.start, stretch.end)
    )


def composed(timeline: Timeline, frame: int, *, reels: Reels) -> VideoFrame:
    """The stored picture on a film frame of such a stretch, BT.709 in video range."""
    transition = timeline.transition_at(frame)
    if transition is None:
        planes = _planes(timeline, timeline.clip_at(frame), frame, reels)
    else:
        old, new = timeline.sides(transition, frame)
        share = (frame - transition.start + 1) / (transition.frames + 1)
        before, after = (_planes(timeline, clip, frame, reels) for clip in (old, new))
        planes = cv2.addWeighted(before, 1 - share, after, share, 0).astype(np.uint8, copy=False)
    for patch in lettering.overlay(timeline, frame):
        _lay(planes, patch, timeline.size)
    return tagged_bt709(VideoFrame.from_ndarray(planes, format=FORMAT))


def _planes(timeline: Timeline, clip: Clip, frame: int, reels: Reels) -> Planes:
    """A take's own frame, copied, at the film's size."""
    stored = reels.frame(clip.media, clip.media_frame(frame - clip.start))
    return np.ascontiguousarray(
        conform(stored, size=timeline.size, pix_fmt=FORMAT).to_ndarray(), dtype=np.uint8
    )


def _lay(planes: Planes, patch: Patch, size: Size) -> None:
    """Mix a patch into its rectangle; what lies beyond the picture is left out."""
    left, top = patch.left // 2 * 2, patch.top // 2 * 2
    light, chroma, opacity, thin = _converted(patch)
    high, wide = min(light.shape[0], size.height - top), min(light.shape[1], size.width - left)
    luma = planes[: size.height]
    _mix(luma[top : top + high, left : left + wide], light[:high, :wide], opacity[:high, :wide])
    coloured = planes[size.height :].reshape(2, size.height // 2, size.width // 2)
    rows, columns = slice(top // 2, (top + high) // 2), slice(left // 2, (left + wide) // 2)
    for plane, colour in zip(coloured, chroma, strict=True):
        inner = colour[: high // 2, : wide // 2], thin[: high // 2, : wide // 2]
        _mix(plane[rows, columns], *inner)


def _mix(under: Planes, laid: Levels, opacity: Levels) -> None:
    """`laid` is multiplied by its opacity already."""
    under[:] = np.rint(under * (1 - opacity) + laid)


@lru_cache(maxsize=8)
def _converted(patch: Patch) -> tuple[Levels, Levels, Levels, Levels]:
    """A patch on the grid of chroma: luma, both chroma planes, and the opacity of each.

    Four pixels share a chroma sample, by their opacity.
    """
    pixels = np.pad(
        patch.pixels,
        (
            (patch.top % 2, (patch.top + patch.pixels.shape[0]) % 2),
            (patch.left % 2, (patch.left + patch.pixels.shape[1]) % 2),
            (0, 0),
        ),
    ).astype(np.float32)
    opacity = pixels[..., 3] / 255
    stored = cv2.transform(np.ascontiguousarray(pixels[..., :3]), _STORED)
    light, *chroma = (opacity * plane for plane in cv2.split(stored))
    return light, np.stack([_quartered(plane) for plane in chroma]), opacity, _quartered(opacity)


def _quartered(plane: Levels) -> Levels:
    rows: Levels = plane[::2] + plane[1::2]
    return (rows[:, ::2] + rows[:, 1::2]) / 4
