"""Bringing the mix to its loudness without a peak above the ceiling.

One gain for the whole film, then only the peaks that would still be too high are lowered, smoothly
and for a moment. Where that would take more than LIMITED off them, the film stays quieter instead:
a mix that pumps is worse than one that misses its target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from storyboard.audio.loudness import PEAK_HOP, Meter, true_peaks
from storyboard.audio.sound_files import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.audio.scratch import Scratch
    from storyboard.audio.sound_files import Samples

CEILING = -1.0
"""dBTP."""
LIMITED = 6.0
"""The most that peaks are lowered by, dB."""
BLOCK = 10 * SAMPLE_RATE
"""Samples that are worked on at a time; a multiple of PEAK_HOP."""

_ROOM = 0.15
"""dB below the ceiling that is aimed at: a gain that moves bends the wave a little."""
_LOOK = 30 * SAMPLE_RATE // 1000 // PEAK_HOP
"""Readings over which the gain goes down before a peak, and comes back after it: 30 ms."""
_TRIES, _CLOSE = 3, 0.05
_HEARD = 0.15
"""LU beside what was asked from which on it is said."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a finished mix measures."""

    loudness: float
    """LUFS, integrated; minus infinity for silence."""
    peak: float
    """dBTP."""
    limited: float = 0.0
    """dB that the highest peak was lowered by."""

    def missed(self, asked: float) -> str:
        """How far from so many LUFS the mix is, and why, in words; empty where it is there."""
        if self.loudness == -np.inf:
            return f"the sound is silent: nothing of it can be brought to {asked:g} LUFS"
        if abs(self.loudness - asked) < _HEARD:
            return ""
        return (
            f"the sound is {self.loudness:.1f} LUFS, not {asked:g}: its peaks stand at "
            f"{self.peak:.1f} dBTP, lowered by {self.limited:.1f} dB, and {CEILING:g} dBTP and "
            f"{LIMITED:g} dB are the limits; ask for less, or even out its loudest moments"
        )


@dataclass(frozen=True, slots=True)
class Master:
    """How to finish a raw mix: `samples` gives any part of it, finished."""

    raw: Scratch
    gain: float
    """Factor for the whole film."""
    curve: NDArray[np.float32]
    """What else every PEAK_HOP samples are multiplied by; empty for nothing."""

    def samples(self, start: int, end: int) -> Samples:
        """The finished samples from `start` up to `end`."""
        part = self.raw.part(start, end) * np.float32(self.gain)
        if self.curve.size:
            place = (np.arange(start, start + len(part)) + 0.5) / PEAK_HOP - 0.5
            part = part * np.interp(place, np.arange(len(self.curve)), self.curve)[:, None]
        return np.asarray(part, np.float32)

    def blocks(self) -> Iterator[Samples]:
        """The whole film, in order."""
        for start in range(0, len(self.raw), BLOCK):
            yield self.samples(start, min(start + BLOCK, len(self.raw)))


def mastered(
    raw: Scratch, target: float | None, *, told: Callable[[int], None] = lambda _sample: None
) -> tuple[Master, Level]:
    """How to bring a raw mix to `target` LUFS (None: its own), and what it then measures.

    `told` hears at which sample it is, in each of the passes over the film.
    """
    peaks, before = _peaks(raw, told), _loudness(Master(raw, 1.0, _NONE), told)
    highest = float(peaks.max(initial=0))
    if highest == 0 or before == -np.inf:
        return Master(raw, 1.0, _NONE), Level(before, _decibels(highest))
    most = _factor(CEILING + LIMITED - _ROOM) / highest
    gain = 1.0 if target is None else min(_factor(target - before), most)
    for _ in range(_TRIES):
        master = _limited(raw, peaks, gain)
        if not master.curve.size and target is None:
            break
        reached = _loudness(master, told)
        if target is None or abs(reached - target) < _CLOSE or gain >= most:
            break
        gain = min(gain * _factor(target - reached), most)
    return master, _level(master, highest, told)


_NONE = np.zeros(0, np.float32)


def _limited(raw: Scratch, peaks: NDArray[np.float32], gain: float) -> Master:
    ceiling = _factor(CEILING - _ROOM)
    if peaks.max(initial=0) * gain <= ceiling:
        return Master(raw, gain, _NONE)
    needed = np.minimum(1, ceiling / np.maximum(peaks * gain, 1e-9))
    window = np.hanning(2 * _LOOK + 3)[1:-1]
    padded = np.pad(_lowest(needed, _LOOK + 1), _LOOK, mode="edge")
    curve = np.convolve(padded, window / window.sum(), mode="valid")
    return Master(raw, gain, curve.astype(np.float32))


def _lowest(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The lowest value within `reach` places on either side."""
    wide = np.pad(values, reach, constant_values=1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1).min(axis=1))


def _peaks(raw: Scratch, told: Callable[[int], None]) -> NDArray[np.float32]:
    """Readings over the whole film; blocks look over their edges."""
    readings = []
    for start in range(0, len(raw), BLOCK):
        told(start)
        before = min(start, PEAK_HOP)
        read = true_peaks(raw.part(start - before, start + BLOCK + PEAK_HOP))
        first = before // PEAK_HOP
        readings.append(read[first : first + -(-min(BLOCK, len(raw) - start) // PEAK_HOP)])
    return np.concatenate([*readings, _NONE])


def _loudness(master: Master, told: Callable[[int], None]) -> float:
    meter = Meter()
    for number, block in enumerate(master.blocks()):
        told(number * BLOCK)
        meter.add(block)
    return meter.loudness()


def _level(master: Master, highest: float, told: Callable[[int], None]) -> Level:
    if not master.curve.size:
        return Level(_loudness(master, told), _decibels(highest * master.gain))
    meter, peak = Meter(), 0.0
    for start in range(0, len(master.raw), BLOCK):
        told(start)
        meter.add(master.samples(start, start + BLOCK))
        around = master.samples(max(start - PEAK_HOP, 0), start + BLOCK + PEAK_HOP)
        peak = max(peak, float(true_peaks(around).max()))
    lowered = _decibels(highest * master.gain) - _decibels(peak)
    return Level(meter.loudness(), _decibels(peak), lowered)


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _decibels(factor: float) -> float:
    return float(20 * np.log10(factor)) if factor > 0 else -np.inf
