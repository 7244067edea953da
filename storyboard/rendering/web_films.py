"""Films for the web: WebM and GIF, written in one go and decoded again before they take a name.

pictures    every film frame, composed as for any film
webm        VP9 or AV1, with Opus
gif         256 colours that suit the film, at a pace that GIF can say

The encoded picture of a WebM is kept by content, so that a film whose words or sounds are left
alone, or whose sound alone changes, is only put together again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from storyboard.audio import mix as mixing
from storyboard.audio.mix import length
from storyboard.audio.sound_files import SAMPLE_RATE, decoded
from storyboard.errors import MediaError
from storyboard.events import Encoding, log
from storyboard.files import appearing
from storyboard.rendering.compose import compose
from storyboard.rendering.metadata import labels
from storyboard.rendering.pieces import Piece
from storyboard.rendering.reels import Reels
from storyboard.rendering.segment_keys import key_of
from storyboard.timeline.stretches import stretches
from storyboard.video.containers import reading_any, writing
from storyboard.video.writer import encode
from storyboard.workers import cores

if TYPE_CHECKING:
    from av.container import OutputContainer

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.timeline import Timeline
    from storyboard.video.colour import Picture
    from storyboard.video.recipes import VideoRecipe

FASTEST = 50
"""Frames per second that GIF players show; of a faster film every second, third ... is taken."""

_OPUS_BITS = 160_000
_RGB = VideoFormat("rgb24")
_CENTISECOND = Fraction(1, 100)
_PALETTE_FROM = 200
"""How many pictures, spread over the film, decide a GIF's colours, at most."""


def step_of(timeline: Timeline) -> int:
    """A GIF has every frame (1), or every second (2) ... of the film."""
    return -(-timeline.rate // FASTEST)


def write_web(
    timeline: Timeline,
    output: Path,
    *,
    cache: Path,
    recipe: VideoRecipe,
    looks: Sequence[PictureFix] = (),
    listener: Listener = log,
) -> Level | None:
    """Write the film as WebM or GIF, as `recipe` says; gives what its sound measures, if any.

    It appears under its name whole and decoded, or not at all. MediaError where it can't be made.
    """
    pictures = _Composed(timeline, looks, listener)
    if recipe.container == "gif":
        with appearing(output) as coming:
            _gif(coming, pictures)
            _check(coming, _gif_moments(timeline), timeline)
        return None
    picture = _kept_picture(pictures, cache, recipe)
    with TemporaryDirectory(dir=cache) as scratch, appearing(output) as coming:
        mix = Path(scratch, "mix.wav")
        level = mixing.mix_to(mix, timeline)
        _webm(coming, picture, timeline, sound=mix if level else None)
        _check(coming, _moments(timeline), timeline, sound=level is not None)
    return level


class _Composed:
    """A film's pictures, in order, as often as they are asked for; tells how far it is."""

    def __init__(self, timeline: Timeline, looks: Sequence[PictureFix], listener: Listener) -> None:
        self.timeline, self.looks, self._listener = timeline, tuple(looks), listener

    def frames(self, numbers: range, *, told: bool = True) -> Iterator[Picture]:
        """The pictures on these film frames."""
        with Reels(strict=True) as reels:
            for number in numbers:
                if told:
                    self._listener(Encoding(number, self.timeline.frames))
                yield compose(self.timeline, number, reels=reels, looks=self.looks)
        if told:
            self._listener(Encoding(self.timeline.frames, self.timeline.frames))

    def key(self, recipe: VideoRecipe) -> str:
        """Names everything that decides the picture."""
        fixed = [(look.start, look.end) for look in self.looks]
        parts = stretches(self.timeline, fixed=fixed)
        pieces = (Piece(part, recipe) for part in parts)
        keys = (key_of(self.timeline, piece, looks=self.looks) for piece in pieces)
        return hashlib.sha256(" ".join(keys).encode()).hexdigest()


def _kept_picture(pictures: _Composed, cache: Path, recipe: VideoRecipe) -> Path:
    """The encoded picture, from before or made now; MediaError where it can't be decoded."""
    timeline = pictures.timeline
    key = pictures.key(recipe)
    path = cache / f"{key}.webm"
    if path.exists():
        path.touch()
        return path
    os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 tells its settings on stderr otherwise
    with appearing(path) as coming:
        shown = pictures.frames(range(timeline.frames))
        size, rate = timeline.size, timeline.rate
        encode(coming, shown, rate=rate, size=size, recipe=recipe, threads=cores())
        _check(coming, _moments(timeline), timeline)
        if pictures.key(recipe) != key:
            raise MediaError("a font has changed since it was read; run the command again")
    return path


def _webm(path: Path, picture: Path, timeline: Timeline, *, sound: Path | None) -> None:
    """The picture's packets and the sound, encoded as Opus, in one file."""
    about = labels(timeline)
    with reading_any(picture) as source, writing(path, container="webm") as output:
        output.metadata.update(about.metadata)
        track = output.add_stream_from_template(source.streams.video[0], opaque=True)
        heard = _opus(output, sound, length(timeline)) if sound else lambda _: None
        output.set_chapters(
            [
                {
                    "id": number,
                    "start": start,
                    "end": end,
                    "time_base": 1 / timeline.rate,
                    "metadata": {"title": title},
                }
                for number, (title, start, end) in enumerate(about.chapters, start=1)
            ]
        )
        for packet in source.demux(source.streams.video[0]):
            if packet.size and packet.pts is not None:
                heard(packet.pts * packet.time_base)
                packet.stream = track
                output.mux_one(packet)
        heard(None)


def _opus(output: OutputContainer, sound: Path, samples: int) -> Callable[[Fraction | None], None]:
    """A track of Opus, written by calls up to a time in seconds; None is to the end."""
    stream = output.add_stream("libopus", rate=SAMPLE_RATE, layout="stereo")
    assert isinstance(stream, AudioStream)
    stream.bit_rate = _OPUS_BITS
    blocks = decoded(sound)
    at = 0

    def write(until: Fraction | None) -> None:
        nonlocal at
        while at < samples and (until is None or Fraction(at, SAMPLE_RATE) <= until):
            block = next(blocks, None)
            if block is None:
                break
            block = block[: samples - at]
            frame = AudioFrame.from_ndarray(
                np.ascontiguousarray(block.T, np.float32), format="fltp", layout="stereo"
            )
            frame.sample_rate, frame.pts = SAMPLE_RATE, at
            frame.time_base = Fraction(1, SAMPLE_RATE)
            at += len(block)
            output.mux(stream.encode(frame))
        if until is None:
            output.mux(stream.encode(None))

    return write


def _gif(path: Path, pictures: _Composed) -> None:
    """The film with 256 colours of its own, for ever again from its start."""
    timeline = pictures.timeline
    step = step_of(timeline)
    numbers = range(0, timeline.frames, step)
    palette = _palette(pictures, numbers)
    with writing(path, container="gif", options={"loop": "0"}) as output:
        stream = output.add_stream("gif", rate=100)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = timeline.size.width, timeline.size.height
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = _CENTISECOND
        moments = _gif_moments(timeline)
        for frame, pts in zip(_in_colours(pictures.frames(numbers), palette), moments, strict=True):
            frame.pts, frame.time_base = pts, _CENTISECOND
            for packet in stream.encode(frame):
                packet.duration = packet.duration or max(int(100 * step / timeline.rate), 2)
                output.mux(packet)
        output.mux(stream.encode(None))


def _palette(pictures: _Composed, numbers: range) -> VideoFrame:
    """The colours that suit these pictures, as FFmpeg's `palettegen` finds them."""
    graph = Graph()
    size = pictures.timeline.size
    source = graph.add_buffer(
        width=size.width, height=size.height, format=_RGB, time_base=_CENTISECOND
    )
    maker, sink = graph.add("palettegen", "stats_mode=full"), graph.add("buffersink")
    graph.link_nodes(source, maker, sink).configure()
    some = numbers[:: -(-len(numbers) // _PALETTE_FROM)]
    for pts, picture in enumerate(pictures.frames(some, told=False)):
        graph.push(_rgb(picture, pts))
    graph.push(None)
    return graph.vpull()


def _in_colours(pictures: Iterator[Picture], palette: VideoFrame) -> Iterator[VideoFrame]:
    """The pictures in these colours, their pixels dithered the same way while they stand still."""
    painted: Callable[[VideoFrame], VideoFrame] | None = None
    for pts, picture in enumerate(pictures):
        painted = painted or _painter(picture, palette)
        yield painted(_rgb(picture, pts))


def _painter(picture: Picture, palette: VideoFrame) -> Callable[[VideoFrame], VideoFrame]:
    """FFmpeg's `paletteuse`, one picture after the other."""
    graph = Graph()
    high, wide = picture.shape[:2]
    source = graph.add_buffer(width=wide, height=high, format=_RGB, time_base=_CENTISECOND)
    colours = graph.add_buffer(
        width=palette.width,
        height=palette.height,
        format=palette.format,
        time_base=_CENTISECOND,
    )
    painter = graph.add("paletteuse", "dither=bayer:bayer_scale=3:diff_mode=rectangle")
    sink = graph.add("buffersink")
    source.link_to(painter, 0, 0)
    colours.link_to(painter, 0, 1)
    painter.link_to(sink)
    graph.configure()
    palette.pts = 0
    colours.push(palette)
    colours.push(None)

    def painted(frame: VideoFrame) -> VideoFrame:
        source.push(frame)
        return graph.vpull()

    return painted


def _rgb(picture: Picture, pts: int) -> VideoFrame:
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    frame.pts, frame.time_base = pts, _CENTISECOND
    return frame


def _moments(timeline: Timeline) -> list[int]:
    """When each frame is seen, in milliseconds: what WebM counts in."""
    return [round(number * 1000 / timeline.rate) for number in range(timeline.frames)]


def _gif_moments(timeline: Timeline) -> list[int]:
    """When each picture of a GIF is seen, in hundredths of a second."""
    return [
        round(number * 100 / timeline.rate)
        for number in range(0, timeline.frames, step_of(timeline))
    ]


def _check(path: Path, moments: Sequence[int], timeline: Timeline, *, sound: bool = False) -> None:
    """Decode all of it; MediaError unless every picture is there, at its time and size."""
    seen: list[int] = []
    with reading_any(path) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            if (frame.width, frame.height) != (timeline.size.width, timeline.size.height):
                raise MediaError(f"{path} has pictures of {frame.width}x{frame.height}")
            if frame.is_corrupt or frame.pts is None:
                raise MediaError(f"{path} is damaged: its frame {len(seen)} can't be decoded")
            seen.append(frame.pts)
    if len(seen) != len(moments):
        raise MediaError(f"{path} has {len(seen)} pictures, not {len(moments)}")
    if any(abs(at - wanted) > 1 for at, wanted in zip(seen, moments, strict=True)):
        raise MediaError(f"{path} does not show its pictures at their times")
    if sound:
        _check_sound(path, timeline)


def _check_sound(path: Path, timeline: Timeline) -> None:
    heard = sum(len(block) for block in decoded(path))
    if abs(heard - length(timeline)) > SAMPLE_RATE // 25:
        raise MediaError(f"{path} has {heard} samples of sound, not {length(timeline)}")
