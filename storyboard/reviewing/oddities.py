"""What looks wrong with a take on its own: black, frozen, or not what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.cutting.ordered_places import ONE_TO_ONE
from storyboard.reviewing import measure
from storyboard.reviewing.repeat import small
from storyboard.units.timing import decimal
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.units.sizes import Size
    from storyboard.units.timing import Rate
    from storyboard.video.probing import VideoFacts

SAMPLED = 9
"""Frames that are looked at, spread evenly over the take."""

_FLAT = 2.0
"""Levels of contrast below which a picture is one colour."""
_STILL = 2.0
"""Levels that blocks of one picture with grain in it differ by, at most."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a take was ordered as; None for what does not matter."""

    frames: int | None = None
    rate: Rate | None = None
    size: Size | None = None
    sound: bool | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen in the frames that are looked at."""

    looked_at: int
    black: int
    """Black frames among them."""
    moved: float | None
    """How far, at most, one of them is from the first, in levels; None where there is only one."""
    contrast: float
    """Standard deviation of the brightness of the one with the most, in levels."""


def oddities(path: Path, expected: Expected | None = None) -> tuple[str, ...]:
    """What a person should look at, in words; empty when nothing is odd.

    Decodes up to the last frame. MediaError when the take can't be read.
    """
    with Reader(path) as reader:
        seen = glance(reader)
        return (*_unlike(reader.facts, expected or Expected()), *odd_in(seen))


def glance(reader: Reader) -> Glance:
    """Look at some frames of a take."""
    numbers = np.unique(np.linspace(0, reader.facts.frames - 1, SAMPLED).astype(int))
    size = small(reader.facts.size)
    pictures = [reader.picture(int(number), size=size) for number in numbers]
    first, *others = (measure.coarse(picture) for picture in pictures)
    return Glance(
        looked_at=len(pictures),
        black=sum(measure.is_black(picture) for picture in pictures),
        moved=max((measure.moved(first, other) for other in others), default=None),
        contrast=max(float(measure.luma(picture).std()) for picture in pictures),
    )


def odd_in(seen: Glance) -> list[str]:
    """What looks wrong, in words."""
    if seen.black == seen.looked_at:
        return ["it is black throughout"]
    odd = []
    if seen.black:
        odd.append(f"{seen.black} of {seen.looked_at} frames looked at are black")
    if seen.moved is not None and seen.moved < _STILL:
        odd.append("nothing moves in it: it is one still picture")
    if seen.contrast < _FLAT:
        odd.append("it shows one flat colour")
    return odd


def _unlike(facts: VideoFacts, expected: Expected) -> list[str]:
    odd = []
    if expected.frames is not None and abs(facts.frames - expected.frames) > ONE_TO_ONE:
        odd.append(f"it has {facts.frames} frames, not {expected.frames}")
    if expected.rate is not None and facts.rate != expected.rate:
        odd.append(f"it runs at {decimal(facts.rate)} fps, not {decimal(expected.rate)}")
    if expected.size is not None and facts.size != expected.size:
        odd.append(f"it is {facts.size}, not {expected.size}")
    if expected.sound is not None and facts.sound != expected.sound:
        odd.append("it has sound" if facts.sound else "it has no sound")
    if not facts.steady:
        odd.append("its frames don't last equally long")
    return odd
