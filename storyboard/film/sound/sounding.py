"""Whether a sound file can be heard to its end, by decoding its beginning and its end.

In between nothing is decoded: an hour of music is sounded as quickly as a minute.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame

from storyboard.errors import MediaError
from storyboard.film.sound.files import only_itself
from storyboard.timing import decimal

_TAIL = 3.0
"""Seconds before the end from which on it is decoded."""
_MISSING, _SHARE = 0.5, 0.02
"""Seconds, and share of the whole, by which a sound may end earlier than its file says."""
_STREAMED = 0x7FFFF000
"""What a writer puts that does not know how much will come: a number at the end of the range."""
_EXACT = {"wav", "w64", "aiff", "flac", "mov", "matroska", "caf", "mp4", "m4a"}
"""Containers that say how long they are; of others it is only reckoned from their size."""


def trouble(path: Path) -> str:
    """Why the file can't be heard, and what to do, in one line; empty where it can."""
    try:
        size = path.stat().st_size
        if size == 0:
            return "is empty; save the sound again"
        if _wave_bytes(path) > size:
            return f"breaks off: {size} of {_wave_bytes(path)} bytes are there; copy it again"
        with path.open("rb") as file, av.open(file, "r", io_open=only_itself) as container:
            return _trouble(container)
    except MediaError as error:
        return str(error)
    except (av.error.FFmpegError, OSError) as error:
        return f"can't be heard ({error.strerror or error}); name a sound file, or save it again"


def _wave_bytes(path: Path) -> int:
    """How long a WAV file says it is; 0 for others, and for one that was written as a stream.

    The decoder reckons with what is there, and would say nothing.
    """
    with path.open("rb") as file:
        head = file.read(12)
    said = int.from_bytes(head[4:8], "little")
    return said + 8 if head[:4] + head[8:] == b"RIFFWAVE" and said < _STREAMED else 0


def _trouble(container: av.container.InputContainer) -> str:
    if not container.streams.audio:
        return "has no sound in it; name a sound file"
    stream = container.streams.audio[0]
    begins = next((_end(frame) for frame in container.decode(stream)), None)
    if begins is None:
        return "is empty: there is no sound in it; save it again"
    promised = _promised(container, stream)
    if promised is None:
        return ""
    heard = max(begins, _last(container, stream, promised))
    if promised - heard > max(_MISSING, _SHARE * promised):
        return (
            f"breaks off after {decimal(Fraction(heard), 1)} s of "
            f"{decimal(Fraction(promised), 1)} s; save or copy it again"
        )
    return ""


def _promised(container: av.container.InputContainer, stream: av.AudioStream) -> float | None:
    """How long the file says it is, in seconds; None where it does not say so exactly."""
    if not _EXACT & set(container.format.name.split(",")) or stream.duration is None:
        return None
    return float(((stream.start_time or 0) + stream.duration) * (stream.time_base or 0))


def _last(container: av.container.InputContainer, stream: av.AudioStream, promised: float) -> float:
    """When the last sound that can be decoded ends."""
    for since in (max(promised - _TAIL, 0.0), 0.0):
        container.seek(int(since * 1_000_000))
        heard = [_end(frame) for frame in container.decode(stream)]
        if heard:
            return max(heard)
    return 0.0


def _end(frame: AudioFrame) -> float:
    return float(frame.time or 0.0) + frame.samples / frame.sample_rate
