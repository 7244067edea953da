"""Putting a WebM's packets into an MP4 as they are: nothing is decoded, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import av

from storyboard.errors import MediaError
from storyboard.video.containers import refuse, wrapped, writing

_EBML = b"\x1a\x45\xdf\xa3"
"""How WebM and Matroska begin."""


def is_matroska(path: Path) -> bool:
    """Whether the file begins as WebM and Matroska do."""
    with wrapped(path, "read"), path.open("rb") as file:
        return file.read(len(_EBML)) == _EBML


def rewrapped(path: Path) -> Path:
    """The same packets in an MP4 beside it; MediaError where an MP4 can't hold them."""
    made = path.with_suffix(".rewrapped.mp4")
    try:
        _copy(path, made)
    except ValueError as error:  # PyAV, of a codec that the container does not know
        made.unlink(missing_ok=True)
        raise MediaError(f"{path} is a WebM that can't be put into an MP4: {error}") from error
    except MediaError:
        made.unlink(missing_ok=True)
        raise
    return made


def _copy(path: Path, made: Path) -> None:
    with (
        wrapped(path, "put into an MP4"),
        path.open("rb") as file,
        av.open(file, "r", format="matroska", io_open=refuse) as given,
        writing(made) as output,
    ):
        if not given.streams.video:
            raise MediaError(f"{path} has no picture")
        heard = [*given.streams.video[:1], *given.streams.audio[:1]]
        tracks = {stream.index: output.add_stream_from_template(stream) for stream in heard}
        for packet in given.demux(*heard):
            if packet.size:
                packet.stream = tracks[packet.stream_index]
                output.mux(packet)
