"""Clips: short, real H.264 films whose every frame says which frame it is.

A clip starts on one picture, ends on another and dissolves between them, as a hosted model's
clip does, and carries a frame code (`storyboard.testing.codes`) on every frame.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from storyboard.testing.codes import SHOTS, STRIP, paint

if TYPE_CHECKING:
    from storyboard.testing.codes import Picture
    from storyboard.testing.pinned import Pinned

_SAMPLE_RATE = 48_000
_TONE = 440  # hertz
_BLOCK = 1024  # samples of one AAC packet
_BT709, _LIMITED_RANGE = 1, 1  # as ISO/IEC 23091 numbers them
_FLAT = 128  # chroma without colour

Planes = npt.NDArray[np.int16]
"""A picture as YUV 4:2:0: luma rows, then chroma rows, (height * 3 / 2, width)."""


@dataclass(frozen=True, slots=True)
class FakeClip:
    """What the clips of a fake service look like.

    Attributes:
        width: pixels; the height follows the start image. Both are made even.
        size: exact (width, height), even, in place of the start image's shape.
        frames_per_second: the rate, exact.
        extra_frames: frames beyond seconds x rate; hosted models often add one.
        seconds: a length in place of the one that was ordered.
        late: frames by which keyframes between the first and the last come late, or early.
        leaves_out: whether keyframes between the first and the last are not seen at all.
        audio: whether the clip has a sound track, a tone of 440 Hz.
        look: "frozen" repeats the start image, "black" shows nothing; both without frame codes.
    """

    width: int = 320
    size: tuple[int, int] | None = None
    frames_per_second: Fraction | int = 24
    extra_frames: int = 1
    seconds: float | None = None
    late: int = 0
    leaves_out: bool = False
    audio: bool = False
    look: Literal["dissolve", "frozen", "black"] = "dissolve"

    def frames(self, ordered: float) -> int:
        """Return the number of frames of a clip ordered to last `ordered` seconds."""
        seconds = ordered if self.seconds is None else self.seconds
        return max(1, round(seconds * self.frames_per_second) + self.extra_frames)

    def reached(self, at: Fraction, ordered: float) -> int:
        """Return the frame on which a still ordered for that second is seen."""
        last = self.frames(ordered) - 1
        if at >= ordered:
            return last
        pace = 1 if self.seconds is None else Fraction(str(self.seconds / ordered))
        frame = round(at * self.frames_per_second * pace)
        return min(max(frame + (self.late if 0 < frame < last else 0), 0), last)

    def fitted(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the clip's (width, height) for a start image of that size."""
        width, height = size
        even_width = self.width // 2 * 2
        return self.size or (even_width, max(2, round(even_width * height / width / 2) * 2))


@lru_cache(maxsize=128)
def shoot(stills: tuple[Pinned, ...], *, seconds: float, shot: int, footage: FakeClip) -> bytes:
    """Return the MP4 a model would make of image files: the same bytes for the same order.

    After the last image the clip drifts to its mirror image, and without any it starts on a grey
    ramp.
    """
    shown = [*stills[:1], *stills[1:][-1:]] if footage.leaves_out else stills
    pictures = {footage.reached(one.at, seconds): _opened(one.image) for one in shown}
    first = pictures.pop(min(pictures, default=0), _ramp())
    if footage.look == "black":
        first = np.zeros_like(first)
    if footage.look != "dissolve":
        pictures = {max(1, footage.frames(seconds) - 1): first}
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder, "clip.mp4")
        write_clip(
            clip,
            frames=footage.frames(seconds),
            size=footage.fitted((first.shape[1], first.shape[0])),
            rate=footage.frames_per_second,
            shot=shot % SHOTS,
            audio=footage.audio,
            coded=footage.look == "dissolve",
            start=first,
            between=pictures,
        )
        return clip.read_bytes()


def write_clip(
    path: str | os.PathLike[str],
    *,
    frames: int,
    size: tuple[int, int],
    rate: Fraction | int,
    shot: int,
    audio: bool = False,
    coded: bool = True,
    start: Picture | None = None,
    end: Picture | None = None,
    between: Mapping[int, Picture] | None = None,
) -> None:
    """Write an MP4 of `frames` coded frames, numbered from 0, at an exact rate.

    `size` is (width, height), both even. `start` and `end` are RGB pictures of any size; left
    out, they are a grey ramp and the last picture's mirror image. `between` are pictures that are
    reached on the way, by the frame's number. The clip is tagged and converted as BT.709. `audio`
    adds an AAC tone as long as the picture; without `coded` the frames carry no codes.
    """
    if size[0] % 2 or size[1] % 2:
        raise ValueError(f"a clip of {size[0]}x{size[1]}: H.264 4:2:0 needs even sides")
    pictures = _closed({0: _ramp() if start is None else start, **(between or {})}, end, frames)
    planes = {at: _planes(picture, size, coded=coded) for at, picture in sorted(pictures.items())}
    index_first = {"movflags": "+faststart"}  # so that half a file still opens, as from a CDN
    with av.open(os.fspath(path), "w", format="mp4", options=index_first) as container:
        video = _picture_track(container, size, rate=Fraction(rate))
        sound = container.add_stream("aac", rate=_SAMPLE_RATE, layout="stereo") if audio else None
        packets = [
            packet
            for number, picture in enumerate(_dissolves(planes, frames=frames))
            for packet in video.encode(_frame(picture, number, shot=shot if coded else None))
        ]
        packets += video.encode()
        if sound is not None:
            for block in _tone(frames / Fraction(rate)):
                packets += sound.encode(block)
            packets += sound.encode()
        for packet in sorted(packets, key=_when):
            container.mux(packet)


def _closed(pictures: dict[int, Picture], end: Picture | None, frames: int) -> dict[int, Picture]:
    """Return them with one for the last frame: the end, or the latest one's mirror image."""
    if end is None and max(pictures) >= frames - 1:
        return pictures
    latest = pictures[max(pictures)]
    return {**pictures, max(frames - 1, 1): latest[:, ::-1] if end is None else end}


def _picture_track(
    container: av.container.OutputContainer, size: tuple[int, int], *, rate: Fraction
) -> av.VideoStream:
    options = {"preset": "ultrafast", "crf": "23", "threads": "1"}
    video = container.add_stream("libx264", rate=rate, options=options)
    video.width, video.height = size
    video.pix_fmt = "yuv420p"
    context = video.codec_context
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED_RANGE
    return video


def _opened(image: bytes) -> Picture:
    with Image.open(io.BytesIO(image)) as picture:
        return np.asarray(picture.convert("RGB"))


def _ramp() -> Picture:
    row = np.linspace(40, 215, 256).astype(np.uint8)
    return np.broadcast_to(row[None, :, None], (144, 256, 3)).copy()


def _planes(picture: Picture, size: tuple[int, int], *, coded: bool) -> Planes:
    """Return an RGB picture at the clip's size as YUV, grey where the code will be painted."""
    fitted = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR))
    if coded:
        fitted[: size[1] // STRIP + 1] = _FLAT
    frame = av.VideoFrame.from_ndarray(fitted, format="rgb24").reformat(
        format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
    )
    return frame.to_ndarray().astype(np.int16)


def _dissolves(planes: Mapping[int, Planes], *, frames: int) -> Iterator[Picture]:
    """From each picture to the next; `frames` of them."""
    for (begin, first), (end, last) in pairwise(planes.items()):
        one, other = first.astype(np.int32), last.astype(np.int32)
        for done in range(end - begin):
            if begin + done < frames:
                mixed = one * (end - begin - done) + other * done
                yield (mixed // (end - begin)).astype(np.uint8)
    if frames - 1 in planes:
        yield planes[frames - 1].astype(np.uint8)


def _frame(planes: Picture, number: int, *, shot: int | None) -> av.VideoFrame:
    if shot is not None:
        height = planes.shape[0] * 2 // 3
        planes[:height] = paint(planes[:height], shot=shot, frame=number)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts = number
    return frame


def _tone(seconds: Fraction) -> Iterator[av.AudioFrame]:
    samples = round(seconds * _SAMPLE_RATE)
    for first in range(0, samples, _BLOCK):
        moments = np.arange(first, min(first + _BLOCK, samples)) / _SAMPLE_RATE
        wave = (0.1 * np.sin(2 * np.pi * _TONE * moments)).astype(np.float32)
        block = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        block.sample_rate = _SAMPLE_RATE
        block.pts = first
        yield block


def _when(packet: av.Packet[Any]) -> Fraction:
    return (packet.dts or 0) * Fraction(packet.time_base or 0)
