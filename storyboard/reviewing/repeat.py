"""Whether a take begins with the picture that the take before it ended on.

Models start and end on the pictures they were given, so two neighbouring takes usually show the
keyframe between them twice. Whether they really do is measured. Where something moves, a repeat
changes little of what a step changes (`stride`) and does not go the motion's way (`course`), and
the motion's next picture does. Where nothing moves, or by less than the encoder changes the
picture, a repeat shows what has detail in the same place. Before all of that, the camera is asked
(`travel`): where it explains what a step changes, but not what the seam does, the picture is the
same. Where it goes so slowly that an encoder leaves steps out, all frames read are asked how far it
had come (`pace`), and where that doesn't decide, either, it is said that it can't be told.
`benchmarks/seams.py` counts how often all of that holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.reviewing import measure
from storyboard.reviewing.course import course, far
from storyboard.reviewing.pace import between
from storyboard.reviewing.stride import stride, without_strip
from storyboard.reviewing.travel import told
from storyboard.units.sizes import Size
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.reviewing.course import Course
    from storyboard.reviewing.measure import Picture
    from storyboard.reviewing.stride import Stride
    from storyboard.timeline import Media

LOOKED_AT = 8
"""Frames at the end of the earlier take, and at the start of the later one."""
_NEAR = 4
"""So many of them are next to the seam."""

_SAME_PICTURE = 0.55
"""Where things move, a repeat changes less than this part of what a step does."""
_NEXT_PICTURE = ((7.8, 0.8), (13.0, 0.6))
"""Where a step changes so many levels, the next picture changes at least this part of them."""
_SEEN = 0.4
"""From here on a motion stands out enough from what the encoder did for its course to decide."""
_SURE = 0.8
"""From here on also where the motion can hardly be seen."""
_SAME_STEP, _DOUBT = 0.62, 0.12
"""A repeat goes less than this part of a step the motion's way; where the motion hardly stands out,
the encoder has held it back, and a repeat catches up by more."""
_FAINT = ((0.25, 3.5), (0.1, 5.0))
"""A motion that stands out so little is told where so many levels change in a step."""
_WILD = 4.0
"""Levels: where a step changes more, and always another way, a repeat would change less."""
_HELD_BACK = -1.0, 0.4
"""Steps that a repeat of a motion which the encoder held back is on, seen from afar."""
_VISIBLE = 4.0
"""Levels that a step has to change half a percent of the picture by for anybody to see it."""
_STEPS = 0.4, 0.7
"""Steps of a slow camera over the seam: fewer are a repeat, more are none."""
_SAME_POSE = 0.45
"""Pixels at 320: where nothing moves, a repeat differs by less."""
_SURELY = 4.5
"""Detail counts where its slope, in levels a pixel, is so many times the noise."""
_SAME_SCENE, _SAME_LEVELS, _SAME_COLOUR = 0.6, 6.0, 12.0
"""SSIM at least; levels of coarse brightness, and step in colour, at most."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was measured between the last picture of one take and the first of the next."""

    found: bool
    at_rest: bool
    """Whether nothing moves on either side, or by less than the encoder changes the picture."""
    step: float
    """How far the seam goes: in parts of the motion's own step; at rest, in pixels at 320."""
    likeness: float
    """SSIM."""
    told: bool = True
    """False where that can't be measured: an encoder leaves steps of a slow camera out."""


def repeats(earlier: Media, later: Media) -> bool:
    """Whether the first frame of `later` shows the last frame of `earlier` again.

    They may be parts of takes. Reads eight frames at each end; MediaError when they can't be read.
    A still repeats itself.
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
    same = (
        alike > _SAME_SCENE
        and measure.coarse_difference(last, first) < _SAME_LEVELS
        and measure.colour_step(last, first) < _SAME_COLOUR
    )
    pose = _pose(ending, beginning)
    return Repeat(same and pose.same is True, pose.at_rest, pose.step, alike, pose.same is not None)


def small(size: Size) -> Size:
    """The size that pictures are measured at: 320 pixels on the longer side, both even."""
    scale = measure.SMALL / max(size.width, size.height)
    return Size(
        max(round(size.width * scale / 2), 8) * 2, max(round(size.height * scale / 2), 8) * 2
    )


def _some(media: Media, numbers: range, size: Size) -> list[Picture]:
    try:
        with Reader(media.path) as reader:
            return [reader.picture(media.first + number, size=size) for number in numbers]
    except IndexError as error:
        raise MediaError(f"{media.path} changed: it has no longer {media.frames} frames") from error


@dataclass(frozen=True, slots=True)
class _Pose:
    """Whether the pose is the same, None where that can't be told; and the step over the seam."""

    same: bool | None
    step: float
    at_rest: bool = False


def _pose(ending: Sequence[Picture], beginning: Sequence[Picture]) -> _Pose:
    if min(len(ending), len(beginning)) > 1:
        ending, beginning = without_strip(ending, beginning) or (ending, beginning)
        moving = _moving(ending, beginning)
        if moving is not None:
            return moving
    aside = measure.displacement(ending[-1], beginning[0], over=_SURELY) or 0.0
    return _Pose(aside < _SAME_POSE, aside, at_rest=True)


def _moving(ending: Sequence[Picture], beginning: Sequence[Picture]) -> _Pose | None:
    """What the motion says; None where nothing moves."""
    near = ending[-_NEAR:], beginning[:_NEAR]
    step, motion = stride(*near), course(*near)
    far_on = motion.part if motion.seen > _SEEN else step.share or 0.0
    same, hidden = told(*near)
    if same is None:
        steps = between(ending, beginning) if step.shown > _VISIBLE else None
        if steps is not None and not _STEPS[0] <= steps <= _STEPS[1]:
            return _Pose(steps < _STEPS[0], steps)
        same = _same(step, motion)
        if same is None and steps is not None:
            return _Pose(None, steps)
    if same is False and hidden:
        afar = far(ending, beginning)
        same = afar is not None and _HELD_BACK[0] < afar < _HELD_BACK[1]
    return None if same is None else _Pose(same, far_on)


def _same(step: Stride, motion: Course) -> bool | None:
    """What the motion says; None where it says nothing: at rest, or where the encoder hid it."""
    if step.share is not None and step.share < _SAME_PICTURE:
        return True
    share = step.share or 0.0
    if any(step.most > most and share > least for most, least in _NEXT_PICTURE):
        return False
    if motion.seen > _SURE or any(motion.seen > s and step.shown > n for s, n in _FAINT):
        if motion.part > max(_SAME_STEP, _DOUBT / motion.seen**2):
            return False
        if motion.seen > _SEEN:
            return True
    return False if step.share is not None and step.most > _WILD else None
