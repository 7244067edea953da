"""Ducking: music steps back while somebody speaks.

The voices are heard through once; where one is above the threshold, and a little before and after,
the music is lowered. The way down and up is smooth, and pauses between words are not filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from storyboard.audio.sound_files import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.audio.layers import Layer

HOP = SAMPLE_RATE // 100
"""Samples between two points of the curve: 10 ms."""


@dataclass(frozen=True, slots=True)
class Ducking:
    """How far and how fast music is lowered."""

    depth: float = 12.0
    """dB."""
    threshold: float = -45.0
    """dBFS (RMS over 10 ms) from which on somebody speaks."""
    attack: float = 0.3
    """Seconds to go down; it is down when the voice starts."""
    hold: float = 0.5
    """Seconds that a pause may last before the music comes back."""
    release: float = 0.8
    """Seconds to come back."""


def curve(voices: Sequence[Layer], samples: int, ducking: Ducking) -> NDArray[np.float32]:
    """The music's gain (1 is unchanged) every HOP samples over a film of this length."""
    speaking = _levels(voices, samples) > 10 ** (ducking.threshold / 20)
    held = _spread(speaking, before=0, after=_hops(ducking.hold))
    down = _slope(held, attack=_hops(ducking.attack), release=_hops(ducking.release))
    return (10 ** (-ducking.depth * down / 20)).astype(np.float32)


def gain(points: NDArray[np.float32], start: int, samples: int) -> NDArray[np.float32]:
    """The curve at each of these samples, (samples, 1)."""
    place = (np.arange(start, start + samples) - HOP / 2) / HOP
    return np.interp(place, np.arange(len(points)), points).astype(np.float32)[:, None]


def _levels(voices: Sequence[Layer], samples: int) -> NDArray[np.float64]:
    """RMS of each hop, the loudest voice's."""
    hops = samples // HOP + 1
    levels = np.zeros(hops)
    for voice in voices:
        power = np.zeros(hops)
        at = voice.start
        for piece in voice.pieces():
            where = np.arange(at, at + len(piece)) // HOP
            power += np.bincount(where, (piece**2).mean(axis=1), hops)[:hops]
            at += len(piece)
        levels = np.maximum(levels, np.sqrt(power / HOP))
    return levels


def _spread(on: NDArray[np.bool_], *, before: int, after: int) -> NDArray[np.bool_]:
    """On where it is on, and for so many hops before and after."""
    edges = np.zeros(len(on) + 1, np.int64)
    where = np.nonzero(on)[0]
    np.add.at(edges, np.maximum(where - before, 0), 1)
    np.add.at(edges, np.minimum(where + after + 1, len(on)), -1)
    return np.asarray(edges.cumsum()[:-1] > 0)


def _slope(on: NDArray[np.bool_], *, attack: int, release: int) -> NDArray[np.float64]:
    """0 to 1: rises before it is on, falls after, each as half a cosine."""
    down = np.zeros(len(on))
    edge = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    for begin, end in edge.reshape(-1, 2):
        first, last = max(begin - attack, 0), min(end + release, len(on))
        place = np.arange(first, last)
        rise = np.clip((place - begin + attack) / attack, 0, 1)
        fall = np.clip((end + release - place) / release, 0, 1)
        shape = (1 - np.cos(np.pi * np.minimum(rise, fall))) / 2
        down[first:last] = np.maximum(down[first:last], shape)
    return down


def _hops(seconds: float) -> int:
    return max(round(seconds * SAMPLE_RATE / HOP), 1)
