"""Whether a take begins with the picture that the take before it ended on.

Models start and end on the pictures they were given, so two neighbouring takes usually show the
keyframe between them twice. Whether they really do is measured: against the step that the motion
makes from frame to frame on either side, the step over the seam is then about nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from storyboard.errors import MediaError
from storyboard.review import measure
from storyboard.review.measure import Picture
from storyboard.spec import Size
from storyboard.timeline import Media
from storyboard.video import Reader

LOOKED_AT = 4
"""Frames at the end of the earlier take, and at the start of the later one."""

_SAME_STEP = 0.5
"""A repeat goes less than this part of the way that the motion goes from frame to frame."""
_SAME_POSE = 0.25
"""Pixels at 320: where nothing moves, a repeat differs by less."""
_MOVING_PART = 0.15
"""Where less of the picture moves, it counts as at rest."""
_SAME_SCENE, _SAME_LEVELS, _SAME_COLOUR = 0.6, 6.0, 12.0
"""SSIM at least; levels of coarse brightness, and step in colour, at most."""
_NOISE = 1.0
"""Levels of coarse brightness that two encodings of one picture differ by."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was measured between the last picture of one take and the first of the next."""

    found: bool
    at_rest: bool
    """Whether nothing moves on either side."""
    step: float
    """Motion over the seam, the motion's own way: pixels at 320; levels without OpenCV."""
    inside: float
    """Motion from frame to frame on either side, in the same unit."""
    likeness: float
    """SSIM."""


def repeats(earlier: Media, later: Media) -> bool:
    """Whether the first frame of `later` shows the last frame of `earlier` again.

    Reads four frames at each end; MediaError when they can't be read. A still repeats itself.
    """
    if "still" in (earlier.kind, later.kind):
        return earlier.key == later.key
    size = small(later.size)
    ending = _some(earlier, range(max(earlier.frames - LOOKED_AT, 0), earlier.frames), size)
    beginning = _some(later, range(min(LOOKED_AT, later.frames)), size)
    return repeat(ending, beginning).found


def repeat(ending: Sequence[Picture], beginning: Sequence[Picture]) -> Repeat:
    """Measure a join from small pictures of both sides, in the order of the film."""
    last, first = ending[-1], beginning[0]
    alike = measure.likeness(last, first)
    levels = measure.coarse_difference(last, first)
    tint = measure.colour_step(last, first)
    same = alike > _SAME_SCENE and levels < _SAME_LEVELS and tint < _SAME_COLOUR
    seen = _by_motion if measure.can_see_motion() else _by_levels
    pose, at_rest, step, inside = seen(ending, beginning)
    return Repeat(same and pose, at_rest, step, inside, alike)


def small(size: Size) -> Size:
    """The size that pictures are measured at: 320 pixels on the longer side, both even."""
    scale = measure.SMALL / max(size.width, size.height)
    return Size(
        max(round(size.width * scale / 2), 8) * 2, max(round(size.height * scale / 2), 8) * 2
    )


def _some(media: Media, numbers: range, size: Size) -> list[Picture]:
    try:
        with Reader(media.path) as reader:
            return [reader.picture(number, size=size) for number in numbers]
    except IndexError as error:
        raise MediaError(f"{media.path} changed: it has no longer {media.frames} frames") from error


def _by_motion(
    ending: Sequence[Picture], beginning: Sequence[Picture]
) -> tuple[bool, bool, float, float]:
    """Whether the pose is the same, whether it is at rest, the step, and the step inside.

    Where parts move, only they are asked: a still background must not hide a missing repeat.
    What counts is how far the step over the seam goes the motion's own way, so that noise, which
    goes any way, does not look like motion.
    """
    across = measure.flow(ending[-1], beginning[0])
    pairs = [*pairwise(ending), *pairwise(beginning)]
    fields = [measure.flow(*pair) for pair in pairs] or [across * 0]
    inside = np.median(np.stack(fields), axis=0)
    moving = measure.length(inside) > measure.MOVING
    if moving.mean() < _MOVING_PART:
        step = float(np.median(measure.length(across)))
        return step < _SAME_POSE, True, step, float(np.median(measure.length(inside)))
    own = float(np.median(measure.length(inside[moving])))
    along = (across[moving] * inside[moving]).sum(-1) / np.square(inside[moving]).sum(-1)
    part = float(np.median(along))
    return abs(part) < _SAME_STEP, False, part * own, own


def _by_levels(
    ending: Sequence[Picture], beginning: Sequence[Picture]
) -> tuple[bool, bool, float, float]:
    """The same from coarse brightness alone: blind to slow motion, which counts as at rest."""
    pictures = [[measure.coarse(picture) for picture in side] for side in (ending, beginning)]
    pairs = [*pairwise(pictures[0]), *pairwise(pictures[1])]
    inside = np.median([np.abs(one - other) for one, other in pairs] or [np.zeros(1)], axis=0)
    moved = np.broadcast_to(inside, pictures[0][-1].shape) > 2 * _NOISE
    at_rest = bool(moved.mean() < _MOVING_PART)
    moving = ~np.zeros_like(moved) if at_rest else moved
    step = float(np.median(np.abs(pictures[0][-1] - pictures[1][0])[moving]))
    own = float(np.median(np.broadcast_to(inside, moving.shape)[moving]))
    return step < (_NOISE if at_rest else _SAME_STEP * own), at_rest, step, own
