"""What looks wrong with a take on its own: black, frozen, or not what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.reviewing import measure
from storyboard.reviewing.repeat import small
from storyboard.units.timing import decimal
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.reviewing.measure import Picture
    from storyboard.units.sizes import Size
    from storyboard.units.timing import Rate
    from storyboard.video.probing import VideoFacts

SAMPLED = 9
"""Frames that are looked at, spread evenly over the take."""

_BLACK, _FLAT = 20.0, 2.0
"""Levels: darker than this, and with less contrast than this."""
_STANDS = 1.0
"""Levels that two encodings of one picture differ by, at most."""
_FRAMES = 2


@dataclass(frozen=True, slots=True)
class Expected:
    """What a take was ordered as; None for what does not matter."""

    frames: int | None = None
    rate: Rate | None = None
    size: Size | None = None
    sound: bool | None = None


def oddities(path: Path, expected: Expected | None = None) -> tuple[str, ...]:
    """What a person should look at, in words; empty when nothing is odd.

    Decodes up to the last frame. MediaError when the take can't be read.
    """
    with Reader(path) as reader:
        facts = reader.facts
        numbers = np.unique(np.linspace(0, facts.frames - 1, SAMPLED).astype(int))
        pictures = [reader.picture(int(n), size=small(facts.size)) for n in numbers]
    return (*_unlike(facts, expected or Expected()), *_seen(pictures))


def _seen(pictures: Sequence[Picture]) -> list[str]:
    odd = []
    dark = sum(_is_black(picture) for picture in pictures)
    if dark == len(pictures):
        return ["it is black throughout"]
    if dark:
        odd.append(f"{dark} of {len(pictures)} frames looked at are black")

    moved = [_moved(pictures[0], picture) for picture in pictures[1:]]
    if moved and max(moved) < _STANDS:
        odd.append("nothing moves in it: it is one still picture")
    flat = max(float(measure.luma(picture).std()) for picture in pictures)
    if flat < _FLAT:
        odd.append("it shows one flat colour")
    return odd


def _is_black(picture: Picture) -> bool:
    plane = measure.luma(picture)
    return float(plane.mean()) < _BLACK and float(np.percentile(plane, 99)) < 2 * _BLACK


def _moved(one: Picture, other: Picture) -> float:
    """The largest change of a coarse block, but for the few that noise makes."""
    return float(np.percentile(np.abs(measure.coarse(one) - measure.coarse(other)), 98))


def _unlike(facts: VideoFacts, expected: Expected) -> list[str]:
    odd = []
    if expected.frames is not None and abs(facts.frames - expected.frames) > _FRAMES:
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
