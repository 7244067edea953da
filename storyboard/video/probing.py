"""What a video file is: `probe` counts and measures it, `check` decodes every frame of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.codec.context import Flags

from storyboard.errors import MediaError
from storyboard.units.sizes import Size
from storyboard.video.containers import reading, wrapped
from storyboard.video.packet_digest import digest_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from storyboard.units.timing import Rate

_STANDARD = [
    *map(Fraction, (8, 10, 12, 12.5, 15, 16, 20, 24, 25, 30, 48, 50, 60, 100, 120)),
    *(Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120)),
]
_CLOSE = Fraction(4, 10_000)
"""Less than half of what lies between 24 and 24000/1001."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A file's colour tags, by their numbers in ITU-T H.273; 2 is "unspecified"."""

    matrix: int
    primaries: int
    transfer: int
    full_range: bool

    @property
    def bt709(self) -> bool:
        """Whether all is tagged as BT.709 in video range."""
        return (self.matrix, self.primaries, self.transfer) == (1, 1, 1) and not self.full_range


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What was found in a video file; nothing here is taken from a duration."""

    frames: int
    """Counted from packets."""
    rate: Rate
    size: Size
    """Of its pictures as they are seen: upright, with square pixels."""
    sound: bool
    codec: str
    pix_fmt: str
    coded: Size
    """Of its pictures as they are stored."""
    pixel_aspect: Fraction
    """Width of a pixel over its height."""
    rotation: int
    """Degrees to turn a stored picture counterclockwise to see it upright: 0, 90, 180 or 270."""
    colour: Colour
    steady: bool
    """Whether every frame lasts equally long."""

    @property
    def seconds(self) -> Fraction:
        """Its length at a steady rate."""
        return self.frames / self.rate

    @property
    def plain(self) -> bool:
        """Whether stored pictures are seen as they are: upright, square pixels."""
        return self.rotation == 0 and self.coded == self.size


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame's place in the file."""

    pts: int
    dts: int
    key: bool


def probe(path: Path) -> VideoFacts:
    """Count, measure and look at the first frame; MediaError when it is no whole video file."""
    with reading(path) as container:
        stream = picture_stream(container, path)
        moments = index(container, stream, path)
        container.seek(0)
        first = next(container.decode(stream), None)
        if first is None:
            raise MediaError(f"{path} can't be read: its first frame can't be decoded")
        return facts_of(container, first, moments)


def first_label(path: Path) -> str:
    """The timecode of its first frame as it is written there; empty where there is none."""
    with reading(path) as container:
        said = (holder.metadata.get("timecode", "") for holder in (*container.streams, container))
        return next(filter(None, said), "")


def count(path: Path) -> int:
    """How many frames the file has, by its packets; MediaError when it is no whole video file."""
    with reading(path) as container:
        return len(index(container, picture_stream(container, path), path))


def check(
    path: Path,
    *,
    frames: int | None = None,
    rate: Rate | None = None,
    size: Size | None = None,
    packets: str | None = None,
) -> VideoFacts:
    """Decode every frame of the file, and compare it with what was expected.

    `packets` is the digest of what its encoder gave. MediaError when anything is damaged, missing
    or other than expected.
    """
    if packets is not None and digest_of(path).hex != packets:
        raise MediaError(f"{path} is not what the encoder gave; the disk may be failing")
    facts, damaged = _decoded(path, {"err_detect": "explode"})
    if damaged:
        raise MediaError(f"{path} is damaged: its frame {damaged[0]} can't be decoded")
    for name, wanted in {"frames": frames, "rate": rate, "size": size}.items():
        if wanted is not None and getattr(facts, name) != wanted:
            raise MediaError(f"{path} has {name} {getattr(facts, name)}, not {wanted}")
    return facts


MOST_DAMAGED = 10
"""One frame in so many may be decoded with errors, where that is all there is."""


def inspect(path: Path) -> tuple[VideoFacts, int]:
    """Decode every frame as a player does; gives how many of them have errors.

    MediaError when a frame is missing, or too many have errors.
    """
    facts, damaged = _decoded(path, {})
    if len(damaged) * MOST_DAMAGED > facts.frames:
        raise MediaError(f"{path} is damaged: {len(damaged)} of {facts.frames} frames have errors")
    return facts, len(damaged)


def _decoded(path: Path, options: dict[str, str]) -> tuple[VideoFacts, list[int]]:
    """What the file is, and which of its frames have errors; MediaError where one is missing.

    The pictures are not looked at, so their edges are not smoothed; errors come before that.
    """
    with reading(path) as container, wrapped(path, "decoded"):
        stream = picture_stream(container, path)
        stream.codec_context.options = {"skip_loop_filter": "all", **options}
        moments = index(container, stream, path)
        container.seek(0)
        decoded, facts, damaged = 0, None, []
        for frame in container.decode(stream):
            facts = facts or facts_of(container, frame, moments)
            if frame.is_corrupt:
                damaged.append(decoded)
            decoded += 1
    if facts is None or decoded != facts.frames:
        raise MediaError(f"{path} is damaged: {decoded} of {len(moments)} frames can be decoded")
    return facts, damaged


def picture_stream(container: InputContainer, path: Path) -> VideoStream:
    """The file's picture; MediaError when there is none. Covers (attached pictures) don't count.

    What is to be cut off at its left and top is cut off to the pixel; else a decoder may leave
    there what its memory likes to begin with.
    """
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            stream.codec_context.flags |= Flags.unaligned
            return stream
    raise MediaError(f"{path} has no picture")


def index(container: InputContainer, stream: VideoStream, path: Path) -> list[Moment]:
    """Every frame's place, in the order in which frames are seen."""
    moments: list[Moment] = []
    for packet in container.demux(stream):
        if packet.size == 0 or packet.is_discard:
            continue
        if packet.is_corrupt or packet.pts is None:
            raise MediaError(f"{path} is damaged at its frame {len(moments)}")
        dts = packet.pts if packet.dts is None else packet.dts
        moments.append(Moment(packet.pts, dts, packet.is_keyframe))
    if not moments:
        raise MediaError(f"{path} has no frames")
    return sorted(moments, key=lambda moment: moment.pts)


def untold(stream: VideoStream, moments: Sequence[Moment]) -> bool:
    """Whether frames are seen in another order than that of decoding, and the file has but this.

    Their order of decoding is then written where the times should be at which they are seen. A
    frame of the stream has to be decoded before this is asked.
    """
    return stream.codec_context.has_b_frames and all(each.pts == each.dts for each in moments)


def facts_of(container: InputContainer, first: VideoFrame, moments: Sequence[Moment]) -> VideoFacts:
    """Put together what the container, its first frame and its index say."""
    stream = container.streams.video[0]
    rotation = round(first.rotation / 90) * 90 % 360
    aspect = stream.sample_aspect_ratio or Fraction(1)
    coded = Size(first.width, first.height)
    rate, steady = _rate(moments, stream)
    return VideoFacts(
        frames=len(moments),
        rate=rate,
        size=_seen(coded, aspect, rotation),
        sound=bool(container.streams.audio),
        codec=stream.codec_context.codec.canonical_name,
        pix_fmt=first.format.name,
        coded=coded,
        pixel_aspect=aspect,
        rotation=rotation,
        colour=Colour(
            first.colorspace, first.color_primaries, first.color_trc, first.color_range == 2
        ),
        steady=steady,
    )


def _seen(coded: Size, aspect: Fraction, rotation: int) -> Size:
    width, height = coded.width, coded.height
    if aspect > 0 and aspect != 1:
        width = round(width * aspect / 2) * 2
    return Size(height, width) if rotation in (90, 270) else Size(width, height)


def _rate(moments: Sequence[Moment], stream: VideoStream) -> tuple[Rate, bool]:
    """The exact rate by the frames' own times, and whether they keep to it."""
    base = stream.time_base or Fraction(1, 1000)
    span = (moments[-1].pts - moments[0].pts) * base
    if span <= 0:
        return _standard(stream.guessed_rate or stream.average_rate or Fraction(24)), True
    rate = _standard((len(moments) - 1) / span)
    ticks = 1 / rate / base
    first, (step, parts) = moments[0].pts, ticks.as_integer_ratio()
    worst = max(abs((m.pts - first) * parts - i * step) for i, m in enumerate(moments))
    return rate, Fraction(worst, parts) <= max(Fraction(1), ticks / 4)


def _standard(rate: Fraction) -> Rate:
    nearest = min(_STANDARD, key=lambda standard: abs(standard - rate))
    if abs(nearest - rate) <= nearest * _CLOSE:
        return nearest
    return rate.limit_denominator(1001)
