"""Writing video: frames in, a whole file out, on a fixed time base, tagged BT.709."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.video.colour import conform, from_rgb
from storyboard.video.containers import writing
from storyboard.video.packet_digest import PacketDigest
from storyboard.video.priority import unchanged_priority
from storyboard.video.recipes import H264

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet

    from storyboard.units.sizes import Size
    from storyboard.units.timing import Rate
    from storyboard.video.colour import Picture
    from storyboard.video.recipes import VideoRecipe

_SAMPLES = 48_000
_FINEST = 1_000_000
"""Ticks per second, at most: a day still fits what players count in."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What an encoder gave."""

    frames: int
    digest: str
    """Of its packets, as `digest_of` finds them in the file."""


def write(
    path: Path,
    frames: Iterable[Picture | VideoFrame],
    *,
    rate: Rate,
    size: Size,
    recipe: VideoRecipe = H264,
    threads: int = 1,
) -> int:
    """Encode RGB pictures, or stored frames as they are, into a new file; gives their number.

    The file appears whole or not at all. MediaError when it can't be written, when there is no
    frame, or when a picture is not of this size.
    """
    with appearing(path) as temporary:
        sent = encode(temporary, frames, rate=rate, size=size, recipe=recipe, threads=threads)
    return sent.frames


def encode(
    path: Path,
    frames: Iterable[Picture | VideoFrame],
    *,
    rate: Rate,
    size: Size,
    recipe: VideoRecipe,
    threads: int,
) -> Sent:
    """As `write`, straight to `path`: for callers that check the file before it takes its name."""
    count = 0
    counted = recipe.container in ("mp4", "mov")
    options = {"video_track_timescale": str(timescale(rate))} if counted else {}
    with writing(path, container=recipe.container, options=options) as container:
        stream = container.add_stream(recipe.encoder, rate=rate, options=dict(recipe.options))
        assert isinstance(stream, VideoStream)
        _prepare(stream, rate=rate, size=size, recipe=recipe, threads=threads)
        with unchanged_priority():
            stream.codec_context.open()
        digest = PacketDigest(stream.codec_context.codec.canonical_name, by_length=False)
        for frame in frames:
            ready = _ready(frame, count, rate=rate, size=size, recipe=recipe)
            _mux(container, stream.encode(ready), digest)
            count += 1
        if not count:
            raise MediaError(f"{path} can't be written: there are no frames")
        _mux(container, stream.encode(None), digest)
    return Sent(count, digest.hex)


def _mux(
    container: OutputContainer, packets: Iterable[Packet[VideoStream]], digest: PacketDigest
) -> None:
    for packet in packets:
        digest.add(bytes(packet))
        container.mux(packet)


def timescale(rate: Rate) -> int:
    """The ticks per second that a film at this rate is timed in: frames and samples are whole."""
    both = lcm(rate.numerator, _SAMPLES)
    return both if both <= _FINEST else rate.numerator * -(-_SAMPLES // rate.numerator)


def _prepare(
    stream: VideoStream, *, rate: Rate, size: Size, recipe: VideoRecipe, threads: int
) -> None:
    stream.width, stream.height, stream.pix_fmt = size.width, size.height, recipe.pix_fmt
    context = stream.codec_context
    context.time_base = 1 / rate
    context.thread_count = threads
    context.color_range, context.colorspace = 1, 1
    context.color_primaries, context.color_trc = 1, 1
    context.sample_aspect_ratio = Fraction(1)
    if recipe.tag:
        context.codec_tag = recipe.tag


def _ready(
    frame: Picture | VideoFrame, number: int, *, rate: Rate, size: Size, recipe: VideoRecipe
) -> VideoFrame:
    if isinstance(frame, VideoFrame):
        stored = conform(frame, size=size, pix_fmt=recipe.pix_fmt)
    elif frame.shape != (size.height, size.width, 3):
        raise MediaError(f"picture {number} has the shape {frame.shape}, the film is {size}")
    else:
        stored = from_rgb(frame, pix_fmt=recipe.pix_fmt)
    stored.pts, stored.time_base = number, 1 / rate
    stored.pict_type = av.video.frame.PictureType.NONE
    return stored
