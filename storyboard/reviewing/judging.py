"""A take measured by itself: against its keyframes, and from frame to frame.

Pictures are 320 pixels on the longer side, but for sharpness, which is measured at up to 1280.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from storyboard.reviewing import measure
from storyboard.reviewing.repeat import small
from storyboard.units.sizes import Size
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.reviewing.measure import Picture
    from storyboard.units.timing import Rate

VERSION = 2
"""Of how it is measured: what was measured in another way is measured again."""

_LARGE = 1280
_SAMPLED = 9
_AROUND = 6
"""Steps on either side of one that it is compared with."""
_LONGEST_FLASH = 4
_BACK = 0.7
"""After a flash, brightness differs from that before it by less than this part of the flash."""
_STAYS = 12
"""Frames for which a colour has to be there: a flash is no turn of colours."""


@dataclass(frozen=True, slots=True)
class Keyframes:
    """The stills that a take starts and ends on, as they were prepared, where there are such."""

    start: Picture | None = None
    end: Picture | None = None


@dataclass(frozen=True, slots=True)
class TakeNumbers:
    """What was measured of a take, or of the part of it that a shot shows.

    Frames are counted from the first one measured. None where there is nothing to compare with.
    """

    frames: int
    rate: Rate
    start: float | None
    """How alike its first frame and its start keyframe are; SSIM of their shapes."""
    end: float | None
    """The same of its last frame and its end keyframe."""
    cut: float
    """SSIM by which one step changes more than those around it, and stays changed."""
    cut_at: int
    """The first frame after that step."""
    flash: float
    """Levels by which brightness changes more in one step than around it, where the picture comes
    back within four frames."""
    flash_at: int
    still: float
    """Seconds: the longest time in which nothing moves."""
    still_at: int
    flicker: float
    """Levels by which the brightness of every other frame differs from its neighbours'."""
    sharp: float | None
    """Fine detail within it, in parts of that of its keyframes."""
    black: int
    """Black frames."""
    black_at: int
    colour: float | None
    """CIE76 by which it turns away from the colours between its keyframes."""
    colour_at: int


def judged(
    path: Path, keyframes: Keyframes, *, first: int = 0, last: int | None = None
) -> TakeNumbers:
    """Measure a take's frames `first` to `last` (None: its end); decodes each once.

    MediaError where it can't be read.
    """
    with Reader(path) as reader:
        size, rate = reader.facts.size, reader.facts.rate
        end = reader.facts.frames - 1 if last is None else last
        numbers = range(first, end + 1)
        pictures, details = [], []
        sampled = set(np.linspace(first, end, _SAMPLED + 2).astype(int)[1:-1])
        for number in numbers:
            pictures.append(reader.picture(number, size=small(size)))
            if number in sampled:
                details.append(measure.fine_detail(reader.picture(number, size=_large(size))))
    found = _numbers(pictures, details, keyframes, size, rate)
    kept: dict[str, Any] = {
        name: round(v, 5) for name, v in asdict(found).items() if isinstance(v, float)
    }
    return replace(found, **kept)


def _numbers(
    pictures: Sequence[Picture],
    details: Sequence[float],
    keyframes: Keyframes,
    size: Size,
    rate: Rate,
) -> TakeNumbers:
    unlike = np.array([1 - measure.likeness(*pair) for pair in pairwise(pictures)])
    light = [measure.blocks(picture) for picture in pictures]
    cut, flash = _breaks(light, unlike)
    still, still_at = _longest_stillness([measure.coarse(p) for p in pictures])
    dark = [number for number, picture in enumerate(pictures) if measure.is_black(picture)]
    colour, colour_at = _drift(pictures, keyframes)
    return TakeNumbers(
        frames=len(pictures),
        rate=rate,
        start=None if keyframes.start is None else alike(keyframes.start, pictures[0]),
        end=None if keyframes.end is None else alike(keyframes.end, pictures[-1]),
        cut=cut[0],
        cut_at=cut[1],
        flash=flash[0],
        flash_at=flash[1],
        still=still / float(rate),
        still_at=still_at,
        flicker=_flicker(light),
        sharp=_sharp(details, keyframes, size),
        black=len(dark),
        black_at=dark[0] if dark else 0,
        colour=colour,
        colour_at=colour_at,
    )


def alike(keyframe: Picture, picture: Picture) -> float:
    """How alike a keyframe, of any size and a frame's shape, is to that frame, 320 wide or high."""
    return measure.likeness_of_shapes(scaled(keyframe, picture.shape[1], picture.shape[0]), picture)


def scaled(picture: Picture, width: int, height: int) -> Picture:
    """A picture in another size, each pixel the mean of what it covers."""
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))


def _breaks(
    light: Sequence[measure.Plane], unlike: NDArray[np.float64]
) -> tuple[tuple[float, int], tuple[float, int]]:
    """The largest step that stays, in SSIM, and the largest one that is taken back, in levels.

    Each with the first frame after it.
    """
    steps = np.array([_apart(*pair) for pair in pairwise(light)])
    changes, brightness = _beyond(unlike), _beyond(steps)
    cut, flash = (0.0, 0), (0.0, 0)
    for step in range(len(steps)):
        back = _comes_back(light, step, steps[step])
        if back:
            flash = max(flash, (float(brightness[step]), step + 1))
        elif not _is_taken_back(light, step, steps[step]):
            cut = max(cut, (float(changes[step]), step + 1))
    return cut, flash


def _apart(one: measure.Plane, other: measure.Plane) -> float:
    return float(np.abs(one - other).mean())


def _beyond(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much each step changes more than the steps around it do."""
    found = np.zeros_like(steps)
    for step in range(len(steps)):
        near = np.delete(steps[max(0, step - _AROUND) : step + _AROUND + 1], min(step, _AROUND))
        found[step] = steps[step] - (np.percentile(near, 75) if len(near) else 0.0)
    return found


def _comes_back(light: Sequence[measure.Plane], step: int, change: float) -> bool:
    """Whether the picture before this step is there again a few frames on."""
    after = range(step + 2, min(step + 2 + _LONGEST_FLASH, len(light)))
    return any(_apart(light[step], light[number]) < _BACK * change for number in after)


def _is_taken_back(light: Sequence[measure.Plane], step: int, change: float) -> bool:
    """Whether this step is the one that ends a flash."""
    before = range(max(0, step - _LONGEST_FLASH), step)
    return any(_apart(light[number], light[step + 1]) < _BACK * change for number in before)


def _longest_stillness(coarse: Sequence[measure.Plane]) -> tuple[int, int]:
    """The most steps in a row that lead away from nothing, and where they begin."""
    longest, at, begin = 0, 0, 0
    for number in range(1, len(coarse)):
        while measure.moved(coarse[begin], coarse[number]) >= measure.STANDS:
            begin += 1
        if number - begin > longest:
            longest, at = number - begin, begin
    return longest, at


def _flicker(light: Sequence[measure.Plane]) -> float:
    """How far the picture's brightness lies from the middle of its neighbours', as a rule.

    The median over blocks: what moves across the picture is no flicker.
    """
    if len(light) < 3:
        return 0.0
    planes = np.array(light)
    aside = np.median(planes[1:-1] - (planes[:-2] + planes[2:]) / 2, axis=(1, 2))
    return float(np.median(np.abs(aside)))


def _sharp(details: Sequence[float], keyframes: Keyframes, size: Size) -> float | None:
    stills = [still for still in (keyframes.start, keyframes.end) if still is not None]
    if not stills or not details:
        return None
    large = _large(size)
    own = [measure.fine_detail(scaled(still, large.width, large.height)) for still in stills]
    return float(np.median(details)) / max(min(own), 1e-6)


def _drift(pictures: Sequence[Picture], keyframes: Keyframes) -> tuple[float | None, int]:
    """How far its colour lies, for a while, from the way between its keyframes' colours."""
    if keyframes.start is None:
        return None, 0
    shape = pictures[0].shape[1], pictures[0].shape[0]
    begin = _mean_colour(scaled(keyframes.start, *shape))
    end = begin if keyframes.end is None else _mean_colour(scaled(keyframes.end, *shape))
    found = [_off(_mean_colour(picture), begin, end) for picture in pictures]
    stays = np.lib.stride_tricks.sliding_window_view(found, min(_STAYS, len(found))).min(axis=1)
    at = int(np.argmax(stays))
    return float(stays[at]), at


def _mean_colour(picture: Picture) -> NDArray[np.float32]:
    return np.asarray(measure.lab(picture).mean(axis=(0, 1)))


def _off(
    colour: NDArray[np.float32], begin: NDArray[np.float32], end: NDArray[np.float32]
) -> float:
    """The distance from a colour to the nearest one between two others."""
    way = end - begin
    square = float(way @ way)
    part = min(max(float((colour - begin) @ way) / square, 0.0), 1.0) if square else 0.0
    return float(np.linalg.norm(colour - (begin + part * way)))


def _large(size: Size) -> Size:
    scale = min(_LARGE / max(size.width, size.height), 1)
    return Size(round(size.width * scale / 2) * 2, round(size.height * scale / 2) * 2)
