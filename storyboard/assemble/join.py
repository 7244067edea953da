"""Joining segments into a film by copying their packets, and laying the sound beside them.

Nothing is encoded here. Packets are timed anew, by their place in the film: the n-th packet is
decoded at frame n less the codec's reordering, whatever its segment says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from storyboard.assemble.segments import Segment
from storyboard.errors import MediaError
from storyboard.timing import Rate
from storyboard.video import Recipe, reading, timescale, writing


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written into the film beside picture and sound."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    chapters: Sequence[tuple[str, int, int]] = ()
    """Title, first film frame, film frame after the last one."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What went into the film, to be found in it again."""

    frames: int
    digest: str
    """Of the picture's packets, one after the other."""


def join(
    path: Path,
    segments: Sequence[Segment],
    *,
    rate: Rate,
    recipe: Recipe,
    sound: Path | None = None,
    labels: Labels | None = None,
) -> Joined:
    """Write the film; MediaError when segments don't follow each other or don't agree."""
    options = {"video_track_timescale": str(timescale(rate))}
    digest = hashlib.sha256()
    frames = 0
    with writing(path, container=recipe.container, options=options) as output:
        picture = _stream_like(output, segments[0].path, kind="video", tag=recipe.tag)
        tracks = [_pictures(segments, picture, rate=rate, reorder=recipe.reorder)]
        if sound is not None:
            tracks.append(_samples(sound, _stream_like(output, sound, kind="audio")))
        _label(output, labels or Labels(), rate=rate)
        for _, packet in merge(*tracks, key=lambda timed: timed[0]):
            if packet.stream is picture:
                digest.update(packet)
                frames += 1
            output.mux_one(packet)
    return Joined(frames, digest.hexdigest())


def digest_of(path: Path) -> Joined:
    """What is found in a film, in the same terms."""
    digest, frames = hashlib.sha256(), 0
    with reading(path) as container:
        for packet in container.demux(container.streams.video[0]):
            if packet.size:
                digest.update(packet)
                frames += 1
    return Joined(frames, digest.hexdigest())


def _pictures(
    segments: Sequence[Segment], stream: Stream, *, rate: Rate, reorder: int
) -> Iterator[tuple[Fraction, Packet[Any]]]:
    ticks = timescale(rate) / rate
    headers: bytes | None = None
    number = 0
    for segment in segments:
        if number != segment.start:
            raise MediaError(f"the film has no picture for its frame {number}")
        with reading(segment.path) as container:
            source = container.streams.video[0]
            headers = headers or source.codec_context.extradata
            if source.codec_context.extradata != headers:
                raise MediaError(f"{segment.path} was encoded differently from the segment before")
            packets: Iterator[Packet[Any]] = container.demux(source)
            for packet in packets:
                if packet.size == 0:
                    continue
                assert packet.pts is not None
                packet.pts = int(packet.pts + segment.start * ticks)
                packet.dts = int((number - reorder) * ticks)
                packet.duration = int(ticks)
                if packet.pts < packet.dts:
                    raise MediaError(
                        f"{segment.path} puts its frames further out of order than {reorder}"
                    )
                packet.stream = stream
                yield Fraction(number - reorder) / rate, packet
                number += 1
        if number != segment.start + segment.frames:
            raise MediaError(
                f"{segment.path} has {number - segment.start} frames, not {segment.frames}; "
                "remove it and run again"
            )


def _samples(path: Path, stream: Stream) -> Iterator[tuple[Fraction, Packet[Any]]]:
    with reading(path) as container:
        packets: Iterator[Packet[Any]] = container.demux(container.streams.audio[0])
        for packet in packets:
            if packet.size and packet.dts is not None:
                when = packet.dts * packet.time_base
                packet.stream = stream
                yield when, packet


def _stream_like(
    output: OutputContainer, path: Path, *, kind: str, tag: str | None = None
) -> Stream:
    with reading(path) as container:
        stream = output.add_stream_from_template(container.streams.get(**{kind: 0})[0], opaque=True)
    if tag:
        stream.codec_context.codec_tag = tag
    return stream


def _label(output: OutputContainer, labels: Labels, *, rate: Rate) -> None:
    output.metadata.update(labels.metadata)
    output.set_chapters(
        [
            {
                "id": number,
                "start": start,
                "end": end,
                "time_base": 1 / rate,
                "metadata": {"title": title},
            }
            for number, (title, start, end) in enumerate(labels.chapters, start=1)
        ]
    )
