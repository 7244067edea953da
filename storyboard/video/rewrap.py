"""Clips that came in another container than MP4: put into one, packet by packet where that is
possible, else encoded anew so that nothing of it is seen. What was paid is delivered.

A container is one row of `CONTAINERS`; what begins like none of them is not opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.units.sizes import Size
from storyboard.video.colour import to_rgb
from storyboard.video.containers import refuse, wrapped, writing
from storyboard.video.probing import facts_of, index, picture_stream, probe
from storyboard.video.recipes import H264
from storyboard.video.writer import encode

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from storyboard.video.colour import Picture
    from storyboard.video.probing import VideoFacts

_LOOKED_AT = 384
"""Bytes by which a container is told: two packets of an MPEG-TS."""
_CODECS = ("av1", "ffv1", "gif", "h264", "hevc", "mjpeg", "mpeg2video", "mpeg4", "vp8", "vp9")
"""What is decoded at all: decoders that nobody tries hard have more mistakes in them."""
_LIKE_THE_FIRST = H264.having(crf="8", preset="fast")
"""A second encoding that is not seen."""


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file that clips may come in."""

    name: str
    """As people call it."""
    format: str
    """libav's name of it."""
    begins: Callable[[bytes], bool]


_EBML = b"\x1a\x45\xdf\xa3"
CONTAINERS = (
    Container("WebM", "matroska", lambda head: head[:4] == _EBML and b"webm" in head),
    Container("Matroska", "matroska", lambda head: head[:4] == _EBML),
    Container("AVI", "avi", lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI "),
    Container("GIF", "gif", lambda head: head[:6] in (b"GIF87a", b"GIF89a")),
    Container("FLV", "flv", lambda head: head[:4] == b"FLV\x01"),
    Container("MPEG-TS", "mpegts", lambda head: head[:1] + head[188:189] == b"GG"),
)


def container_of(path: Path) -> Container | None:
    """What the file is, where it is one of the others; None for MP4 and for whatever else."""
    with wrapped(path, "read"), path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return next((kind for kind in CONTAINERS if kind.begins(head)), None)


def look(path: Path) -> VideoFacts:
    """Measure a clip in whatever container; MediaError where it is none that can be read."""
    kind = container_of(path)
    if kind is None:
        return probe(path)
    with _opened(path, kind) as given:
        return _facts(given, path)


def rewrapped(path: Path, kind: Container, *, strict: bool = True) -> tuple[Path, str]:
    """The clip in an MP4 beside it, and how that was done; MediaError where it can't be decoded.

    Unless `strict`, a decoder may complain of some frames.
    """
    made = path.with_suffix(".rewrapped.mp4")
    with appearing(made) as coming:
        try:
            _copy(path, coming, kind)
            return made, f"it came as {kind.name}; its packets were put into an MP4 as they are"
        except ValueError:  # PyAV, of a codec that the container does not know
            heard = _encode(path, coming, kind, strict=strict)
    silent = ", and its sound left out" if heard else ""
    return made, f"it came as {kind.name}; it was encoded anew into an MP4{silent}"


@contextmanager
def _opened(path: Path, kind: Container) -> Iterator[InputContainer]:
    with (
        wrapped(path, "put into an MP4"),
        path.open("rb") as file,
        av.open(file, "r", format=kind.format, io_open=refuse) as given,
    ):
        yield given


def _picture(given: InputContainer, path: Path) -> VideoStream:
    """The picture's stream, of a codec that is decoded."""
    stream = picture_stream(given, path)
    codec = stream.codec_context.codec.canonical_name
    if codec not in _CODECS:
        raise MediaError(f"{path} has a picture of the codec {codec}, which is not decoded")
    return stream


def _copy(path: Path, made: Path, kind: Container) -> None:
    """ValueError where an MP4 can't hold it."""
    with _opened(path, kind) as given, writing(made) as output:
        picture = _picture(given, path)
        if picture.codec_context.codec.canonical_name in ("gif", "mjpeg", "ffv1"):
            raise ValueError("an MP4 that holds this is not played everywhere")
        heard = [picture, *given.streams.audio[:1]]
        tracks = {stream.index: output.add_stream_from_template(stream) for stream in heard}
        for packet in given.demux(*heard):
            if packet.size:
                packet.stream = tracks[packet.stream_index]
                output.mux(packet)


def _encode(path: Path, made: Path, kind: Container, *, strict: bool) -> bool:
    """Encode its pictures anew; gives whether there was a sound."""
    with _opened(path, kind) as given:
        facts = _facts(given, path)
    size = Size(facts.size.width // 2 * 2 or 2, facts.size.height // 2 * 2 or 2)
    with _opened(path, kind) as given:
        stream = _picture(given, path)
        stream.codec_context.options = {"err_detect": "explode"} if strict else {}
        pictures = _pictures(given, stream, facts, size)
        sent = encode(made, pictures, rate=facts.rate, size=size, recipe=_LIKE_THE_FIRST, threads=1)
    if sent.frames != facts.frames:
        raise MediaError(
            f"{path} is damaged: {sent.frames} of {facts.frames} frames can be decoded"
        )
    return facts.sound


def _facts(given: InputContainer, path: Path) -> VideoFacts:
    stream = _picture(given, path)
    moments = index(given, stream, path)
    given.seek(0)
    first = next(given.decode(stream), None)
    if first is None:
        raise MediaError(f"{path} can't be read: its first frame can't be decoded")
    return facts_of(given, first, moments)


def _pictures(
    given: InputContainer, stream: VideoStream, facts: VideoFacts, size: Size
) -> Iterator[Picture]:
    for frame in given.decode(stream):
        yield to_rgb(frame, facts, size=size)
