"""What a sound file is, told from its packets: how long it sounds, and whether it is all there.

Only its first moments are decoded: an hour of music is heard as quickly as it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import av

from storyboard.errors import MediaError
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from av.container import InputContainer

_MISSING = Fraction(1, 10)
"""Seconds by which a sound may end earlier than its file says."""
_STREAMED = 0x7FFFF000
"""What a writer puts that does not know how much will come: a number at the end of the range."""
_EXACT = {"aiff", "au", "flac", "matroska", "mov", "tta", "wv"}
"""Containers that say how long they are; of others it is only reckoned from their size."""
_COUNTED = {"mov", "tta", "w64", "caf"}
"""Containers that say how large each packet is."""
_PAGES = 70_000
"""Bytes at a file's end in which the last page of an Ogg begins."""


@dataclass(frozen=True, slots=True)
class _Packets:
    """A sound track without its sound."""

    begin: Fraction
    end: Fraction
    """Seconds."""
    last: bytes
    broken: bool
    """Whether the last packet is smaller than the container says."""

    @property
    def seconds(self) -> Fraction:
        return self.end - self.begin


def seconds(path: Path) -> Fraction:
    """How long the file's first sound track is, counted from its packets, never from its header.

    MediaError when there is no sound in it or it can't be read.
    """
    try:
        with _opened(path) as container:
            if not container.streams.audio:
                raise MediaError(f"{path} has no sound; name a file that has, or leave it out")
            found = _packets(container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError(f"{path} can't be heard: {_reason(error)}") from error
    return found.seconds if found else Fraction(0)


def trouble(path: Path) -> str:
    """Why the file can't be heard to its end, and what to do, in one line; empty where it can."""
    try:
        size = path.stat().st_size
        if size == 0:
            return "is empty; save the sound again"
        if _said_bytes(path) > size:
            return f"breaks off: {size} of {_said_bytes(path)} bytes are there; copy it again"
        with _opened(path) as container:
            return _silent(container) or _breaks_off(path, container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        return f"can't be heard ({_reason(error)}); name a sound file, or save it again"


def _reason(error: Exception) -> object:
    return getattr(error, "strerror", None) or error


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    with path.open("rb") as file, av.open(file, "r", io_open=only_itself) as container:
        yield container


def only_itself(*asked: Any) -> NoReturn:
    """What is asked for another file: a playlist, say. There is none for it."""
    raise PermissionError(f"a sound file asked for another one: {asked[0]}")


def _silent(container: InputContainer) -> str:
    if not container.streams.audio:
        return "has no sound in it; name a sound file"
    if not any(frame.samples for frame in container.decode(container.streams.audio[0])):
        return "is empty: there is no sound in it; save it again"
    return ""


def _breaks_off(path: Path, container: InputContainer) -> str:
    """Whether the end is missing: fewer seconds than promised, or half a last piece."""
    container.seek(0)
    found = _packets(container)
    format_ = set(container.format.name.split(","))
    said = _promised(path, container, format_)
    if found is None:
        return "is empty: there is no sound in it; save it again"
    if said is not None and said - max(found.seconds, found.end) > _MISSING:
        return f"breaks off after {_shown(found.seconds)} of {_shown(said)}; save or copy it again"
    cut = (found.broken and format_ & _COUNTED) or _unfinished(path, found.last, format_, said)
    if cut:
        return f"breaks off after {_shown(found.seconds)}; save or copy it again"
    return ""


def _packets(container: InputContainer) -> _Packets | None:
    """From the start of the first packet to the end of the last; None where there is none."""
    stream = container.streams.audio[0]
    unit = Fraction(stream.time_base or 0)
    begin = end = None
    last = None
    for packet in container.demux(stream):
        if packet.pts is not None:
            close = packet.pts + (packet.duration or 0)
            begin = packet.pts if begin is None else min(begin, packet.pts)
            end, last = close if end is None else max(end, close), packet
    if begin is None or end is None or last is None:
        return None
    return _Packets(begin * unit, end * unit, bytes(last), last.is_corrupt)


def _promised(path: Path, container: InputContainer, format_: set[str]) -> Fraction | None:
    """How long the file says its sound is, in seconds; None where it does not say so exactly."""
    stream = container.streams.audio[0]
    if not (format_ & _EXACT or ("mp3" in format_ and _counts_frames(path))):
        return None
    if stream.duration is not None:
        return stream.duration * Fraction(stream.time_base or 0)
    alone = len(container.streams) == 1 and container.duration
    return Fraction(container.duration, 1_000_000) if alone and container.duration else None


def _shown(length: Fraction) -> str:
    return f"{decimal(length, 1)} s"


# What files say of themselves, where the decoder says nothing of it


def _said_bytes(path: Path) -> int:
    """How large a WAV or an AIFF says it is; 0 for others, and for one that was streamed.

    The decoder reckons with what is there, and would say nothing.
    """
    with path.open("rb") as file:
        head = file.read(12)
    order = {b"RIFFWAVE": "little", b"FORMAIFF": "big", b"FORMAIFC": "big"}
    which = order.get(head[:4] + head[8:])
    said = int.from_bytes(head[4:8], "little" if which == "little" else "big")
    return said + 8 if which and said < _STREAMED else 0


def _counts_frames(path: Path) -> bool:
    """Whether an MP3 begins with the number of its frames: a Xing, Info or VBRI header."""
    with path.open("rb") as file:
        head = file.read(10)
        tag = _unsynchronised(head[6:]) + 10 if head[:3] == b"ID3" else 0
        file.seek(tag)
        start = file.read(2048)
    at = max(start.find(b"Xing"), start.find(b"Info"))
    counted = at >= 0 and bool(int.from_bytes(start[at + 4 : at + 8], "big") & 1)
    return counted or b"VBRI" in start


def _unsynchronised(size: bytes) -> int:
    """A number of seven bits a byte, as tags have it."""
    return int("".join(f"{part & 127:07b}" for part in size) or "0", 2)


def _unfinished(path: Path, last: bytes, format_: set[str], said: Fraction | None) -> bool:
    """Whether the file's last page or frame is longer than what is there of it."""
    if "ogg" in format_:
        return _page_breaks_off(path)
    if "aac" in format_:
        return len(last) < 7 or len(last) < _adts(last)
    if format_ & {"ac3", "eac3"}:
        return len(last) < _dolby(last)
    if "mpegts" in format_:
        return path.stat().st_size % _transport(path) != 0
    return "mp3" in format_ and said is None and len(last) < _mpeg(last)


def _page_breaks_off(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-min(_PAGES, path.stat().st_size), 2)
        tail = file.read()
    page = tail[max(tail.rfind(b"OggS"), 0) :]
    pieces = page[26] if len(page) > 26 else 255
    return len(page) < 27 + pieces + sum(page[27 : 27 + pieces])


def _adts(frame: bytes) -> int:
    """How long an AAC frame says it is."""
    return (frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5


_TRANSPORT = {188: 0, 192: 4, 204: 0}
"""Bytes of a packet in a transport stream (plain, with its time, with its checksum), and where in
it the sync byte stands."""


def _transport(path: Path) -> int:
    """The size of this stream's packets: where sync bytes follow each other."""
    with path.open("rb") as file:
        head = file.read(3 * 204 + 5)
    steps = (
        size
        for size, at in _TRANSPORT.items()
        if all(head[place : place + 1] == b"G" for place in (at, at + size, at + 2 * size))
    )
    return next(steps, 1)


_DOLBY = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
"""Kilobits a second by their number in an AC-3 frame's header (ATSC A/52)."""
_DOLBY_RATES = (48_000, 44_100, 32_000)


def _dolby(frame: bytes) -> int:
    """How long a frame of AC-3 or E-AC-3 says it is; 6 where its header is not whole."""
    if len(frame) < 6:
        return 6
    if frame[5] >> 3 > 10:  # E-AC-3
        return 2 * (((frame[2] & 7) << 8 | frame[3]) + 1)
    rate, code = frame[4] >> 6, frame[4] & 63
    if rate >= len(_DOLBY_RATES) or code >> 1 >= len(_DOLBY):
        return 0
    words = _DOLBY[code >> 1] * 1000 * 1536 // _DOLBY_RATES[rate] // 16
    return 2 * (words + (code & 1 if rate == 1 else 0))


_LAYER_3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_LAYER_2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0)
_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
"""Kilobits a second by their number in a frame's header (ISO 11172-3, 13818-3)."""
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _mpeg(frame: bytes) -> int:
    """How long a frame of MP2 or MP3 says it is; 0 where it does not."""
    if len(frame) < 4 or frame[0] != 255 or frame[1] < 224:
        return 0
    version, layer = frame[1] >> 3 & 3, 4 - (frame[1] >> 1 & 3)
    rates, at = _RATES.get(version), frame[2] >> 2 & 3
    if rates is None or at == 3 or layer not in (2, 3):
        return 0
    table = (_LAYER_2 if layer == 2 else _LAYER_3) if version == 3 else _LOW
    samples = 72 if layer == 3 and version != 3 else 144
    return samples * table[frame[2] >> 4] * 1000 // rates[at] + (frame[2] >> 1 & 1)
