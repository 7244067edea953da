"""Joining segments into a film by copying their packets, and laying the sound beside them.

Nothing is encoded here. Packets of takes and of encoders may follow each other: the film's header
lists the parameter sets of all, each under a number of its own. Packets are timed anew, by their
place in the film: the n-th packet is decoded at frame n less the codec's reordering, whatever its
segment says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from av.packet import Packet

from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.errors import MediaError
from storyboard.rendering.metadata import Labels
from storyboard.units.timing import whole
from storyboard.video.containers import reading, writing
from storyboard.video.h264 import IDR, PPS, SPS, ParameterSets, kind, units
from storyboard.video.writer import timescale

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

    from storyboard.rendering.pieces import Piece
    from storyboard.rendering.segments import Segment
    from storyboard.units.timing import Rate
    from storyboard.video.recipes import VideoRecipe

Timed: TypeAlias = "tuple[int, Packet[Any]]"
"""When a packet has its turn in the file, in ticks of the film's clock, and the packet."""

NO_LABELS = Labels()

_LONGEST_TEXT = 65_535
_STYLE = """[Script Info]
ScriptType: v4.00+
PlayResX: {size.width}
PlayResY: {size.height}
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment, MarginV
Style: Default,Sans,{letters},&Hffffff,2,10
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """What went into the film, to be found in it again."""

    frames: int
    digest: str
    """Of the picture's packets, one after the other."""


def join(
    path: Path,
    segments: Sequence[Segment],
    *,
    rate: Rate,
    recipe: VideoRecipe,
    sound: Path | None = None,
    labels: Labels = NO_LABELS,
    told: Callable[[int], None] | None = None,
) -> JoinedFile:
    """Write the film; MediaError when segments don't follow each other or don't agree.

    `told` hears how many of its frames are in it, after each second of the film.
    """
    digest, frames = hashlib.sha256(), 0
    header = header_of(segments)
    reorder = max(_reorder(segment, recipe) for segment in segments)
    with writing(path, container=recipe.container, options=_clocks(rate)) as output:
        picture = _picture_stream(output, segments[0].path, header, tag=recipe.tag)
        tracks = [_pictures(segments, picture, header, rate=rate, reorder=reorder)]
        if sound is not None:
            heard = _stream_like(output, sound, track="audio")
            tracks.append(_samples(sound, heard, clock=timescale(rate)))
        if labels.cues:
            tracks.append(_texts(labels, _text_stream(output, labels), rate=rate))
        _label(output, labels, rate=rate)
        for _, packet in merge(*tracks, key=lambda timed: timed[0]):
            if packet.stream is picture:
                digest.update(packet)
                frames += 1
                if told and frames % max(1, round(rate)) == 0:
                    told(frames)
            output.mux_one(packet)
    return JoinedFile(frames, digest.hexdigest())


def digest_of(path: Path) -> JoinedFile:
    """What is found in a film, in the same terms."""
    digest, frames = hashlib.sha256(), 0
    with reading(path) as container:
        for packet in container.demux(container.streams.video[0]):
            if packet.size:
                digest.update(packet)
                frames += 1
    return JoinedFile(frames, digest.hexdigest())


def _clocks(rate: Rate) -> dict[str, str]:
    """Time bases in which frames and, where one can have both, samples are whole."""
    clock = timescale(rate)
    movie = clock if clock % SAMPLE_RATE == 0 else SAMPLE_RATE
    return {"video_track_timescale": str(clock), "movie_timescale": str(movie)}


def header_of(segments: Sequence[Segment]) -> bytes:
    """The film's header: the one of all segments, or the parameter sets of all.

    MediaError where they can't be in one film.
    """
    encoded = next((segment for segment in segments if not segment.piece.kept), None)
    own = _header_in(encoded.path) if encoded else b""
    sets = None if all(not segment.piece.kept for segment in segments) else _sets(segments, own)
    return own if sets is None else sets.header()


def _sets(segments: Sequence[Segment], own: bytes) -> ParameterSets:
    sets = ParameterSets.of(own) if own else None
    for other in dict.fromkeys(s.piece.sets for s in segments if s.piece.sets):
        if sets is not None and not sets.agrees(other):
            raise MediaError("the film's takes can't be in one film as they are")
        sets = other if sets is None else sets.joined(other)
    assert sets is not None
    return sets


def _header_in(path: Path) -> bytes:
    with reading(path) as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")


def _reorder(segment: Segment, recipe: VideoRecipe) -> int:
    return segment.piece.run.reorder if segment.piece.run else recipe.reorder


def _pictures(
    segments: Sequence[Segment], stream: Stream, header: bytes, *, rate: Rate, reorder: int
) -> Iterator[Timed]:
    count, clock = 0, timescale(rate)
    ticks = int(clock / rate)
    for segment in segments:
        if count != segment.start:
            raise MediaError(f"the film has no picture for its frame {count}")
        with reading(segment.path) as container:
            source = container.streams.video[0]
            if not segment.piece.kept and not _fits(source, header):
                raise MediaError(f"{segment.path} was encoded differently from what is before it")
            for number, packet in _numbered(container, source, segment, rate=rate):
                shown, decoded = segment.start + number, count - reorder
                if shown < decoded:
                    raise MediaError(f"the film's frame {shown} would be decoded too late")
                packet.time_base = Fraction(1, clock)
                packet.pts, packet.dts, packet.duration = shown * ticks, decoded * ticks, ticks
                packet.stream = stream
                yield packet.dts, packet
                count += 1
        if count != segment.start + segment.frames:
            raise MediaError(
                f"{segment.path} has {count - segment.start} frames, not {segment.frames}; "
                "remove it and run again"
            )


def _fits(source: VideoStream, header: bytes) -> bool:
    """Whether a stream's packets can be decoded by a header."""
    own = bytes(source.codec_context.extradata or b"")
    if own == header or source.codec_context.codec.canonical_name != "h264":
        return own == header
    return _sets_in(own) <= _sets_in(header)


@lru_cache(maxsize=8)
def _sets_in(header: bytes) -> set[bytes]:
    return ParameterSets.of(header).data


def _numbered(
    container: InputContainer, source: VideoStream, segment: Segment, *, rate: Rate
) -> Iterator[tuple[int, Packet[Any]]]:
    """A segment's packets in the order of decoding, each with the number of the frame it holds."""
    if segment.piece.run is not None:
        yield from _run(container, source, segment.piece)
        return
    first = source.start_time or 0
    seen = set[int]()
    for packet in container.demux(source):
        if packet.size == 0 or packet.pts is None:
            continue
        number = whole((packet.pts - first) * packet.time_base * rate)
        if number in seen:
            raise MediaError(f"{segment.path} has two frames {number}; remove it and run again")
        seen.add(number)
        if number < segment.frames:
            yield number, packet


def _run(
    container: InputContainer, source: VideoStream, piece: Piece
) -> Iterator[tuple[int, Packet[Any]]]:
    """The packets of a take that are kept, without parameter sets of their own.

    Players begin at what a file calls a keyframe, so in the film only pictures that stand alone
    are: not those of an open group or of an intra refresh, which files often call so.
    """
    run = piece.run
    assert run is not None
    packets = (packet for packet in container.demux(source) if packet.size)
    for place, packet in enumerate(packets):
        if place >= run.packet + run.frames:
            return
        if place >= run.packet:
            packet.is_keyframe = packet.is_keyframe and _stands_alone(packet)
            yield piece.order[place - run.packet], _without_sets(packet) if piece.inside else packet


def _stands_alone(packet: Packet[Any]) -> bool:
    return any(kind(unit) == IDR for unit in units(bytes(packet), by_length=True))


def _without_sets(packet: Packet[Any]) -> Packet[Any]:
    plain: Packet[Any] = Packet(
        b"".join(
            len(unit).to_bytes(4) + unit
            for unit in units(bytes(packet), by_length=True)
            if kind(unit) not in (SPS, PPS)
        )
    )
    plain.is_keyframe = packet.is_keyframe
    return plain


def _samples(path: Path, stream: Stream, *, clock: int) -> Iterator[Timed]:
    with reading(path) as container:
        packets: Iterator[Packet[Any]] = container.demux(container.streams.audio[0])
        for packet in packets:
            if packet.size and packet.dts is not None:
                base = packet.time_base
                when = packet.dts * base.numerator * clock // base.denominator
                packet.stream = stream
                yield when, packet


def _texts(labels: Labels, stream: Stream, *, rate: Rate) -> Iterator[Timed]:
    for cue in labels.cues:
        text = cue.text.encode()[:_LONGEST_TEXT].decode(errors="ignore").encode()
        packet: Packet[Any] = Packet(len(text).to_bytes(2, "big") + text)
        packet.time_base = Fraction(1, timescale(rate))
        packet.pts = packet.dts = int(cue.start * timescale(rate) / rate)
        packet.duration = int((cue.end - cue.start) * timescale(rate) / rate)
        packet.stream = stream
        yield packet.dts, packet


def _text_stream(output: OutputContainer, labels: Labels) -> Stream:
    stream = output.add_stream("mov_text")
    stream.codec_context.subtitle_header = _STYLE.format(
        size=labels.size, letters=max(labels.size.height // 18, 1)
    ).encode()
    return stream


def _picture_stream(
    output: OutputContainer, path: Path, header: bytes, *, tag: str | None
) -> Stream:
    """The film's picture: like this file's, with the film's header, and tagged as BT.709."""
    with reading(path, examine="pictures") as container:
        source = container.streams.video[0]
        stream = output.add_stream_from_template(source, opaque=True)
        context = stream.codec_context
        if header:
            context.extradata = header
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
    if tag:
        stream.codec_context.codec_tag = tag
    return stream


def _stream_like(output: OutputContainer, path: Path, *, track: str) -> Stream:
    with reading(path, examine="pictures") as container:
        return output.add_stream_from_template(container.streams.get(**{track: 0})[0], opaque=True)


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
