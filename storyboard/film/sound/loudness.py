"""Loudness and true peak of stereo sound at 48 kHz, by ITU-R BS.1770-4, as EBU R128 reads them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from storyboard.film.sound.files import SAMPLE_RATE, Samples

PEAK_HOP = 64
"""Samples that share one reading of the peak."""

_HOP = SAMPLE_RATE // 10
_BLOCK_HOPS = 4
_OFFSET = -0.691
_SILENCE, _QUIETER = -70.0, -10.0
"""The absolute gate in LUFS, the relative one in LU."""

_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285), (
    1.0, -1.69065929318241, 0.73248077421585,
)  # fmt: skip
_HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
_TAPS, _FFT = 1 << 13, 1 << 16
"""The filter has died away to -130 dB after so many samples."""

_OVERSAMPLING, _WIDTH = 4, 24


class Meter:
    """Adds up loudness as sound passes through, in pieces of any length."""

    def __init__(self) -> None:
        self._before = np.zeros((_TAPS - 1, 2))
        self._rest = np.zeros(0)
        self._hops: list[NDArray[np.float64]] = []

    def add(self, samples: Samples) -> None:
        """Listen to the next samples."""
        step = _FFT - _TAPS + 1
        for start in range(0, len(samples), step):
            self._add(samples[start : start + step])

    def loudness(self) -> float:
        """Integrated loudness in LUFS; minus infinity for silence."""
        hops = np.concatenate([*self._hops, np.zeros(0)])
        if len(hops) < _BLOCK_HOPS:
            every = np.concatenate([hops * _HOP, self._rest])
            blocks = every.sum(keepdims=True) / max(len(hops) * _HOP + len(self._rest), 1)
        else:
            blocks = np.convolve(hops, np.full(_BLOCK_HOPS, 1 / _BLOCK_HOPS), mode="valid")
        loud = blocks[_level(blocks) > _SILENCE]
        if loud.size == 0:
            return -np.inf
        loud = loud[_level(loud) > _level(loud.mean()) + _QUIETER]
        return float(_level(loud.mean()))

    def _add(self, samples: Samples) -> None:
        """Filter by multiplying spectra: what came before is kept, so that nothing is cut."""
        whole = np.concatenate([self._before, samples])
        spectrum = np.fft.rfft(whole, _FFT, axis=0) * _weighting()[:, None]
        heard = np.fft.irfft(spectrum, _FFT, axis=0)[_TAPS - 1 : len(whole)]
        self._before = whole[-(_TAPS - 1) :]
        power = np.concatenate([self._rest, np.square(heard).sum(axis=1)])
        hops = len(power) // _HOP
        self._hops.append(power[: hops * _HOP].reshape(hops, _HOP).mean(axis=1))
        self._rest = power[hops * _HOP :]


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


def _level(power: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET + 10 * np.log10(power))


@lru_cache(maxsize=1)
def _weighting() -> NDArray[np.complex128]:
    """The spectrum of the K-weighting filter's first _TAPS samples."""
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(_FFT))
    response = np.ones(len(turn), complex)
    for top, bottom in (_SHELF, _HIGH_PASS):
        response *= np.polyval(top[::-1], turn) / np.polyval(bottom[::-1], turn)
    return np.asarray(np.fft.rfft(np.fft.irfft(response, _FFT)[:_TAPS], _FFT))


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
