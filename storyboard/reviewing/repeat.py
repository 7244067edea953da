"""Whether a take begins with the picture that the take before it ended on.

Models start and end on the pictures they were given, so two neighbouring takes usually show the
keyframe between them twice. Whether they really do is measured. Where something moves, a repeat
does not go the motion's way, and the motion's next picture does, by a step. Where nothing moves,
or by less than the encoder changes the picture, a repeat shows what has detail in the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyboard.errors import MediaError
from storyboard.reviewing import measure
from storyboard.reviewing.course import Course, course, without_strip
from storyboard.reviewing.measure import Picture
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.video import Reader

LOOKED_AT = 4
"""Frames at the end of the earlier take, and at the start of the later one."""

_SEEN, _GUESSED = 0.4, 0.2
"""From here on a motion stands out from what the encoder did, and decides; and from here on a
step that is not there can be told all the same."""
_SAME_STEP = 0.5
"""A repeat goes less than this part of a step the motion's way."""
_CLEAR, _HELD_BACK = 1.0, 0.1
"""What stands out less may have been held back by the encoder; so many parts of a step more."""
_VISIBLE, _PLAIN = 1.5, 4.0
"""Levels by which a block of 8 by 8 pixels changes that nobody sees, and that everybody does."""
_STANDS, _EVERYWHERE = 0.06, 0.12
"""Pixels by which detail that stands is off; the spread of a change that is in all the picture."""
_BACK = -1.5
"""Steps: what lies farther back is another picture."""
_SAME_CHANGE = 0.5
"""Where all changes every frame, a repeat changes less than this part of it."""
_SAME_POSE = 0.3
"""Pixels at 320: where nothing moves, a repeat differs by less."""
_SURELY, _RATHER = 4.5, 2.5
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
    same = (
        alike > _SAME_SCENE
        and measure.coarse_difference(last, first) < _SAME_LEVELS
        and measure.colour_step(last, first) < _SAME_COLOUR
    )
    pose, at_rest, step = _pose(ending, beginning)
    return Repeat(same and pose, at_rest, step, alike)


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


def _pose(ending: Sequence[Picture], beginning: Sequence[Picture]) -> tuple[bool, bool, float]:
    """Whether the pose is the same, whether it is at rest, and the step over the seam."""
    if min(len(ending), len(beginning)) > 1:
        motion = course(ending, beginning)
        stays = _BACK < motion.part < _SAME_STEP + _HELD_BACK * (motion.seen < _CLEAR)
        if motion.seen > _SEEN and (stays or not _fades(motion, ending[-1], beginning[0])):
            return stays, False, motion.part
        if motion.wild or (motion.seen <= _SEEN and motion.visible > _PLAIN):
            calm = without_strip(ending, beginning)
            return _pose(*calm) if calm else (motion.kept < _SAME_CHANGE, False, motion.kept)
        if motion.seen > _GUESSED and abs(motion.part) < _SAME_STEP:
            return True, True, motion.part
    aside = measure.displacement(ending[-1], beginning[0], over=_SURELY) or 0.0
    return aside < _SAME_POSE, True, aside


def _fades(motion: Course, last: Picture, first: Picture) -> bool:
    """Whether the picture stands, and light or colour in all of it change by little.

    An encoder holds such a change back and then catches up with it at the next take's first
    picture, which looks like a step of the motion. Nobody sees which of the two is left out.
    """
    if motion.seen > _CLEAR or motion.visible > _VISIBLE or motion.spread < _EVERYWHERE:
        return False
    aside = measure.displacement(last, first, over=_RATHER)
    return aside is not None and aside < _STANDS
