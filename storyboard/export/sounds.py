"""Making sound files: 48 kHz, 24 bits, whole frames long, as an editor expects them.

Compressed music starts a few milliseconds later in one program than in another. A WAV file starts
at its first sample everywhere, so all sound is handed over as one.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from storyboard.errors import MediaError
from storyboard.timing import Rate
from storyboard.video.containers import appearing, wrapped

SAMPLES = 48_000
"""Samples per second."""
WIDTH = 3
"""Bytes of a sample."""
CHANNELS = 2

Block = NDArray[np.int32]
"""Samples of shape (channels, samples)."""


def make(source: Path, target: Path, *, rate: Rate, frames: int | None = None) -> int:
    """Write the sound of a file as WAV; gives its length in film frames, the last one filled up.

    With `frames` it is repeated or cut to that length. MediaError when there is no sound in it.
    """
    with appearing(target) as coming:
        most = None if frames is None else samples(frames, rate)
        with wave.open(str(coming), "wb") as made:
            made.setparams((CHANNELS, WIDTH, SAMPLES, 0, "NONE", ""))
            written = 0
            for block in _blocks(source, most):
                made.writeframesraw(_packed(block))
                written += block.shape[1]
            length = math.ceil(written * rate / SAMPLES)
            made.writeframes(bytes((samples(length, rate) - written) * CHANNELS * WIDTH))
    return length


def length(path: Path, rate: Rate) -> int:
    """Film frames in a WAV file that `make` wrote."""
    with wave.open(str(path), "rb") as made:
        return round(made.getnframes() * rate / SAMPLES)


def samples(frames: int, rate: Rate) -> int:
    """Samples in so many film frames, rounded up."""
    return math.ceil(frames * SAMPLES / rate)


def _blocks(source: Path, most: int | None) -> Iterator[Block]:
    """From the start again and again until `most` is reached."""
    left = most
    while left is None or left > 0:
        heard = 0
        for block in _decoded(source):
            heard += block.shape[1]
            part = block if left is None else block[:, :left]
            yield part
            if left is not None:
                left -= part.shape[1]
                if left <= 0:
                    return
        if not heard:
            raise MediaError(f"{source} has no sound in it")
        if left is None:
            return


def _decoded(source: Path) -> Iterator[Block]:
    resampler = av.AudioResampler(format="s32p", layout="stereo", rate=SAMPLES)
    with wrapped(source, "heard"), source.open("rb") as file, av.open(file, "r") as container:
        if not container.streams.audio:
            raise MediaError(f"{source} has no sound in it")
        for frame in container.decode(container.streams.audio[0]):
            for block in resampler.resample(frame):
                yield block.to_ndarray().astype(np.int32, copy=False)
        for block in resampler.resample(None):
            yield block.to_ndarray().astype(np.int32, copy=False)


def _packed(block: Block) -> bytes:
    """32-bit planes as interleaved 24-bit little-endian samples."""
    woven = np.ascontiguousarray(block.T.astype("<i4"))
    return woven.view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
