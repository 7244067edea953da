"""The film's sound, encoded once for the whole film and kept like a segment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from storyboard.audio import mix as mixing
from storyboard.audio.mastering import Level
from storyboard.audio.mix import length
from storyboard.audio.sound_files import SAMPLE_RATE, decoded
from storyboard.errors import Interrupted, MediaError
from storyboard.files import appearing
from storyboard.video.containers import reading, writing

if TYPE_CHECKING:
    from threading import Event

    from storyboard.audio.sound_files import Samples
    from storyboard.timeline import Sound, Timeline

_MIXING = 2
"""Raised whenever the same timeline would be mixed to other samples."""
_BLOCK = 1 << 16
_NOTE = "comment"
"""Where a kept soundtrack says what its mix measures."""

_CODECS = {"mp4": ("aac", "fltp", 256_000), "mov": ("pcm_s24le", "s32", None)}
"""By container: what players play, and what editors work with."""


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """The film's sound, encoded."""

    path: Path
    level: Level
    """What the mix measures, before it was encoded."""


@dataclass(slots=True)
class SoundWatch:
    """What a thread that makes the sound calls on its way: it tells where that is, and stops it."""

    stop: Event
    done: str = "mixed"
    sample: int = 0

    def __call__(self, done: str, sample: int) -> None:
        """Note where it is; Interrupted where it is to stop."""
        if self.stop.is_set():
            raise Interrupted("stopped while the film's sound was made")
        self.done, self.sample = done, sample


def soundtrack(
    timeline: Timeline,
    folder: Path,
    *,
    container: str,
    told: Callable[[str, int], None] = lambda _done, _sample: None,
) -> Soundtrack | None:
    """The film's sound as a file with one track, made once; None when nothing sounds.

    `told` hears what of it is done, mixed, measured or encoded, and at which sample.
    """
    if not timeline.sounds:
        return None
    key = _key(timeline, container)
    path = folder / f"{key}.{container}"
    known = _measured(path) if path.exists() else None
    if known is not None:
        path.touch()
        return Soundtrack(path, known)
    with TemporaryDirectory(dir=folder) as scratch, appearing(path) as coming:
        mix = Path(scratch, "mix.wav")
        level = mixing.mix_to(mix, timeline, told=told)
        if level is None:
            return None
        note = json.dumps(asdict(level))
        mixed = _told(decoded(mix), partial(told, "encoded"))
        _encode(coming, mixed, container=container, samples=length(timeline), note=note)
        if _key(timeline, container) != key:
            raise MediaError("a sound file has changed since it was read; run the command again")
    return Soundtrack(path, level)


def _told(blocks: Iterable[Samples], told: Callable[[int], None]) -> Iterator[Samples]:
    at = 0
    for block in blocks:
        told(at)
        yield block
        at += len(block)


def _measured(path: Path) -> Level | None:
    """What a kept soundtrack says of itself; None where it says nothing."""
    try:
        with reading(path) as container:
            return Level(**json.loads(container.metadata.get(_NOTE, "")))
    except (MediaError, ValueError, TypeError):
        return None


def _encode(path: Path, mix: Iterable[Samples], *, container: str, samples: int, note: str) -> None:
    codec, sample_format, bit_rate = _CODECS[container]
    with writing(path, container=container) as output:
        output.metadata[_NOTE] = note
        stream = output.add_stream(codec, rate=SAMPLE_RATE, layout="stereo")
        assert isinstance(stream, AudioStream)
        stream.format = sample_format
        if bit_rate:
            stream.bit_rate = bit_rate
        at = 0
        for block in _exactly(mix, samples):
            frame = AudioFrame.from_ndarray(
                np.ascontiguousarray(block.T), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts = SAMPLE_RATE, at
            frame.time_base = Fraction(1, SAMPLE_RATE)
            at += len(block)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _exactly(mix: Iterable[Samples], samples: int) -> Iterator[Samples]:
    """The mix in small blocks, cut off or filled up with silence to the sample."""
    left = samples
    for block in mix:
        for start in range(0, min(len(block), left), _BLOCK):
            yield block[start : start + min(_BLOCK, left - start)].astype(np.float32, copy=False)
        left -= min(len(block), left)
    while left > 0:
        yield np.zeros((min(_BLOCK, left), 2), np.float32)
        left -= min(_BLOCK, left)


def _key(timeline: Timeline, container: str) -> str:
    ending = timeline.transition_over(timeline.frames)
    described = {
        **({"ending": ending.before} if ending else {}),
        "mixing": _MIXING,
        "encoder": av.__version__,
        "container": container,
        "rate": str(timeline.rate),
        "frames": timeline.frames,
        "loudness": timeline.loudness,
        "sounds": [_sound(sound, timeline) for sound in timeline.sounds],
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def _sound(sound: Sound, timeline: Timeline) -> dict[str, Any]:
    takes = {clip.media.path: clip.media.key for clip in timeline.clips}
    content = takes.get(sound.path) or _digest(sound.path)
    return {**asdict(sound), "path": content, "rate": str(sound.rate), "speed": str(sound.speed)}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MediaError(f"{path} can't be read: {error.strerror}") from error
