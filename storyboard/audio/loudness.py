"""Loudness and true peak of stereo sound at 48 kHz, by ITU-R BS.1770-4, as EBU R128 reads them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import av
import numpy as np

from storyboard.audio.sound_files import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.audio.sound_files import Samples

PEAK_HOP = 64
"""Samples that share one reading of the peak."""

_SILENCE = -70.0
"""LUFS; what is quieter does not count."""
_SHORTEST = SAMPLE_RATE // 2
"""Samples. Loudness is measured over 400 ms at a time."""

_OVERSAMPLING, _WIDTH = 4, 24


class Meter:
    """Adds up loudness as sound passes through, in pieces of any length: FFmpeg's `ebur128`."""

    def __init__(self) -> None:
        self._graph = graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=SAMPLE_RATE,
            format="fltp",
            layout="stereo",
            time_base=Fraction(1, SAMPLE_RATE),
        )
        meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
        graph.link_nodes(source, meter, sink).configure()
        self._heard = 0
        self._first = np.zeros((0, 2), np.float32)
        self._reading = -np.inf

    def add(self, samples: Samples) -> None:
        """Listen to the next samples."""
        if len(samples) == 0:
            return
        if self._heard < _SHORTEST:
            self._first = np.concatenate([self._first, samples[: _SHORTEST - self._heard]])
        planes = np.ascontiguousarray(samples.T, np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, self._heard
        self._heard += len(samples)
        self._graph.push(frame)
        self._read()

    def loudness(self) -> float:
        """Integrated loudness in LUFS; minus infinity for silence. Nothing can be added after.

        Sound that is too short to be measured is as loud as when it is heard again and again.
        """
        while 0 < self._heard < _SHORTEST:
            self.add(self._first)
        self._graph.push(None)
        self._read()
        return self._reading if self._reading > _SILENCE else -np.inf

    def _read(self) -> None:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._reading = float(frame.metadata.get("lavfi.r128.I", self._reading))


def loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS; minus infinity for silence."""
    meter = Meter()
    meter.add(samples)
    return meter.loudness()


def true_peaks(samples: Samples) -> NDArray[np.float32]:
    """The highest value between and on the samples, of each PEAK_HOP of them, either channel.

    The sound is taken to be silent before and after.
    """
    padded = np.pad(samples, ((_WIDTH // 2, _WIDTH // 2), (0, 0)))
    highest = np.abs(samples).max(axis=1, initial=0)
    for taps in _phases():
        for channel in range(padded.shape[1]):
            between = np.convolve(padded[:, channel], taps, mode="valid")[: len(samples)]
            np.maximum(highest, np.abs(between), out=highest)
    full = np.pad(highest, (0, -len(highest) % PEAK_HOP))
    return np.asarray(full.reshape(-1, PEAK_HOP).max(axis=1), np.float32)


def true_peak(samples: Samples) -> float:
    """The highest value in dBTP; minus infinity for silence."""
    highest = float(true_peaks(samples).max(initial=0))
    return float(20 * np.log10(highest)) if highest else -np.inf


@lru_cache(maxsize=1)
def _phases() -> tuple[NDArray[np.float32], ...]:
    """Windowed sincs that answer for the points a quarter, a half and three quarters between."""
    place = np.arange(_WIDTH) - _WIDTH // 2 + 1
    phases = []
    for phase in range(1, _OVERSAMPLING):
        at = place - phase / _OVERSAMPLING
        taps = np.sinc(at) * np.cos(np.pi * at / (_WIDTH + 1)) ** 2
        phases.append((taps / taps.sum())[::-1].astype(np.float32))
    return tuple(phases)
