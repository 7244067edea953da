"""Made faults: of a take, of the take that follows it, and of a seam of the film.

Each is painted into a sound clip's frames before they are encoded, and has the name that it is to
be called by.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import cv2
import numpy as np
from take_clips import Frames, closer

from storyboard.reviewing.measure import Picture

Fault = Callable[[Frames, Picture, Fraction], Frames]
"""Frames, another picture, and the rate, to frames with a fault."""


def _middle(frames: Frames) -> int:
    return len(frames) // 2


def _cut(frames: Frames, other: Picture, _rate: Fraction) -> Frames:
    """From the middle on another picture, as much moved as the clip."""
    half, tail = _middle(frames), len(frames) // 5
    moved = [_panned(other, number) for number in range(len(frames) - half - tail)]
    return [*frames[:half], *moved, *frames[-tail:]]


def _flash(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return _exchanged(frames, 2, lambda one: one // 4 + 185)


def _strange_frame(frames: Frames, other: Picture, _rate: Fraction) -> Frames:
    return _exchanged(frames, 1, lambda _one: other)


def _black(frames: Frames, _other: Picture, rate: Fraction) -> Frames:
    return _exchanged(frames, round(rate / 3), np.zeros_like)


def _frozen(frames: Frames, _other: Picture, rate: Fraction) -> Frames:
    """One and a half seconds of one frame, and then on from there."""
    begin, long = len(frames) // 4, int(1.5 * rate)
    rest = np.linspace(begin, len(frames) - 1, len(frames) - begin - long).astype(int)
    return [*frames[:begin], *[frames[begin]] * long, *(frames[n] for n in rest)]


def _flicker(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return [_lit(one, 4 * (number % 2)) for number, one in enumerate(frames)]


def _soft(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return [frames[0], *(_blurred(one) for one in frames[1:-1]), frames[-1]]


def _tinted(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    """Turned to orange towards the middle, and back."""
    gain = np.array([1.25, 1.0, 0.65]) - 1
    swing = np.sin(np.pi * np.linspace(0, 1, len(frames)))
    return [
        np.clip(one * (1 + gain * part), 0, 255).astype(np.uint8)
        for one, part in zip(frames, swing, strict=True)
    ]


def _elsewhere(frames: Frames, other: Picture, _rate: Fraction) -> Frames:
    """Another picture at its end, reached by a dissolve."""
    parts = np.linspace(0, 1, len(frames))
    return [
        cv2.addWeighted(other, float(part), one, 1 - float(part), 0)
        for one, part in zip(frames, parts, strict=True)
    ]


def _astray(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    parts = np.linspace(0, 0.25, len(frames))
    return [closer(one, 1 + float(part)) for one, part in zip(frames, parts, strict=True)]


def _late_start(frames: Frames, other: Picture, rate: Fraction) -> Frames:
    return _elsewhere(frames[::-1], other, rate)[::-1]


FAULTS: dict[str, tuple[Fault, str]] = {
    "cut in it": (_cut, "cut"),
    "two white frames": (_flash, "flash"),
    "one strange frame": (_strange_frame, "flash"),
    "a third of a second black": (_black, "black"),
    "1.5 s frozen": (_frozen, "still"),
    "4 levels of flicker": (_flicker, "flicker"),
    "out of focus": (_soft, "soft"),
    "tinted on the way": (_tinted, "colour"),
    "ends elsewhere": (_elsewhere, "end"),
    "ends 25 % closer": (_astray, "end"),
    "starts elsewhere": (_late_start, "start"),
}
"""Each made fault of a take, and what it has to be called."""


def _mirrored(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return [np.ascontiguousarray(one[:, ::-1]) for one in frames]


def _nearer(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return [closer(one, 1.25) for one in frames]


def _stranger(frames: Frames, other: Picture, _rate: Fraction) -> Frames:
    return [_panned(other, number) for number in range(len(frames))]


FOLLOWERS: dict[str, Fault] = {
    "something else": _stranger,
    "it, mirrored": _mirrored,
    "it, 25 % closer": _nearer,
}
"""Each made fault of a clip that follows another one: it is to be called `seam`."""


def _warmer(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    gain = np.array([1.05, 1.0, 0.95])
    return [np.clip(one * gain, 0, 255).astype(np.uint8) for one in frames]


def _aside(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    """By a fiftieth of its width."""
    by = frames[0].shape[1] // 50
    return [np.roll(one, by, axis=1) for one in frames]


def _softer(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    return [_blurred(one) for one in frames]


def _waiting(frames: Frames, _other: Picture, _rate: Fraction) -> Frames:
    at = _middle(frames)
    return [*frames[:at], *[frames[at - 1]] * 6, *frames[at:-6]]


SEAM_FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "warmer by 5 %": (_warmer, ("colour",)),
    "aside by a fiftieth": (_aside, ("jump", "cut")),
    "out of focus": (_softer, ("soft",)),
    "six frames standing": (_waiting, ("pause", "duplicate")),
    "something else": (_stranger, ("cut",)),
}
"""Each made fault of a clip whose second half follows its first one as a take of its own, and its
names in `qc`."""


def _exchanged(frames: Frames, count: int, new: Callable[[Picture], Picture]) -> Frames:
    at = _middle(frames)
    changed = (np.asarray(new(one)) for one in frames[at : at + count])
    return [*frames[:at], *changed, *frames[at + count :]]


def _lit(one: Picture, levels: int) -> Picture:
    return np.clip(one.astype(np.int16) + levels, 0, 255).astype(np.uint8)


def _blurred(one: Picture) -> Picture:
    return np.asarray(cv2.GaussianBlur(one, (0, 0), 2.5))


def _panned(one: Picture, number: int) -> Picture:
    return np.roll(one, number * 2, axis=1)
