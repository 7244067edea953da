"""Making sound files: 48 kHz, 24 bits, whole frames long, as an editor expects them.

Compressed music starts a few milliseconds later in one program than in another. A WAV file starts
at its first sample everywhere, so all sound is handed over as one, decoded as the film hears it.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.audio.layers import repeated
from storyboard.audio.sound_files import SAMPLE_RATE, decoded
from storyboard.errors import MediaError
from storyboard.files import appearing

if TYPE_CHECKING:
    from storyboard.audio.sound_files import Samples
    from storyboard.units.timing import Rate

WIDTH = 3
"""Bytes of a sample."""
CHANNELS = 2
_FULL_SCALE = (1 << 23) - 1


def make(source: Path, target: Path, *, rate: Rate, frames: int | None = None) -> int:
    """Write the sound of a file as WAV; gives its length in film frames, the last one filled up.

    With `frames` it is repeated to that length, as in the film.
    MediaError when there is no sound in it.
    """
    with appearing(target) as coming, wave.open(str(coming), "wb") as made:
        made.setparams((CHANNELS, WIDTH, SAMPLE_RATE, 0, "NONE", ""))
        written = 0
        for block in _heard(source, None if frames is None else samples(frames, rate)):
            made.writeframesraw(packed(block))
            written += len(block)
        if not written:
            raise MediaError(f"{source} has no sound in it; name another file, or leave it out")
        length = math.ceil(written * rate / SAMPLE_RATE)
        made.writeframes(bytes((samples(length, rate) - written) * CHANNELS * WIDTH))
    return length


def length(path: Path, rate: Rate) -> int:
    """Film frames in a WAV file that `make` wrote."""
    with wave.open(str(path), "rb") as made:
        return round(made.getnframes() * rate / SAMPLE_RATE)


def samples(frames: int, rate: Rate) -> int:
    """Samples in so many film frames, rounded up."""
    return math.ceil(frames * SAMPLE_RATE / rate)


def _heard(source: Path, most: int | None) -> Iterator[Samples]:
    """The file's samples once, or again and again until `most` are reached."""
    if most is None:
        yield from decoded(source)
        return
    for block in repeated(source):
        yield block[:most]
        most -= len(block)
        if most <= 0:
            return


def packed(block: Samples) -> bytes:
    """Samples as interleaved 24-bit little-endian numbers."""
    whole = np.rint(np.clip(block, -1, 1) * _FULL_SCALE).astype("<i4")
    return np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4)[:, :WIDTH].tobytes()
