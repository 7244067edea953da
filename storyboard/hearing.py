"""What a sound file is, told without decoding it: how long it sounds."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import av

from storyboard.errors import MediaError


def seconds(path: Path) -> Fraction:
    """How long the file's first sound track is, counted from its packets, never from its header.

    MediaError when there is no sound in it or it can't be read.
    """
    try:
        with path.open("rb") as file, av.open(file, "r", io_open=_refuse) as container:
            if not container.streams.audio:
                raise MediaError(f"{path} has no sound; name a file that has, or leave it out")
            return _length(container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError(f"{path} can't be heard: {error}") from error


def _length(container: av.container.InputContainer) -> Fraction:
    """From the start of the first packet to the end of the last."""
    stream = container.streams.audio[0]
    spans = [
        (packet.pts, packet.pts + (packet.duration or 0))
        for packet in container.demux(stream)
        if packet.pts is not None
    ]
    if not spans or stream.time_base is None:
        return Fraction(0)
    begin, end = min(start for start, _ in spans), max(end for _, end in spans)
    return (end - begin) * Fraction(stream.time_base)


def _refuse(*asked: Any) -> NoReturn:
    raise PermissionError(f"a sound file asked for another one: {asked[0]}")
