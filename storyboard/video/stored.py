"""How a video file is stored: which packets hold which frames, and what can be taken out of it.

Packets can be taken as they are from an IDR picture on, up to any place where the frames decoded
so far are exactly the frames seen so far. What is behind that place is then not needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from av.sidedata.sidedata import Type

from storyboard.errors import MediaError
from storyboard.units.sizes import Size
from storyboard.video.colour import BT709, FULL_RANGE, matrix_of
from storyboard.video.containers import reading, wrapped
from storyboard.video.h264 import IDR, PLAYED, PPS, SPS, ParameterSets, kind, tagged, units
from storyboard.video.probing import facts_of, index, picture_stream, untold

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from storyboard.video.probing import Moment, VideoFacts

_FORMAT = "yuv420p"
_UNSAID = 2
"""H.273's number of a colour tag that says nothing."""
_QUANTIZERS = {"export_side_data": "venc_params"}
_BLOCK = 20
"""Bytes of an AVVideoBlockParams: four places and a quantizer's difference, int32 each."""


@dataclass(frozen=True, slots=True)
class PacketRun:
    """Packets that can be taken out of a file as they are."""

    packet: int
    """The place of the first one in the file's order, which is the order of decoding."""
    first: int
    """The first frame that is seen."""
    frames: int
    """How many there are; it has as many packets."""
    reorder: int
    """How many frames a packet comes before its turn, at most."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What joining by packets has to know of a file."""

    facts: VideoFacts
    quantizer: float
    """Of its first picture, mean: 0 is without loss, 51 the coarsest. 51 where it is not said."""
    sets: ParameterSets | None = None
    order: tuple[int, ...] = ()
    """The number of the frame that each packet holds."""
    starts: frozenset[int] = frozenset()
    """Packets that hold an IDR picture."""
    inside: bool = False
    """Whether packets repeat the parameter sets."""
    why: str = ""
    """Why its packets can't be taken out; empty where they can."""

    def run(self, first: int, last: int) -> PacketRun | None:
        """The longest run within the frames `first` up to, not including, `last`."""
        starts = [place for place in self.starts if first <= self.order[place] < last]
        if self.why or not starts:
            return None
        begin = min(starts)
        number, furthest, count, ahead, reorder = self.order[begin], -1, 0, 0, 0
        for place, shown in enumerate(self.order[begin:]):
            furthest = max(furthest, shown)
            ahead = max(ahead, place - (shown - number))
            if furthest >= last:
                break
            if furthest - number == place:
                count, reorder = place + 1, ahead
        return PacketRun(begin, number, count, reorder) if count else None


def stored(path: Path) -> Stored:
    """Look at a file, once as long as it stays as it is; MediaError when it is no video file."""
    with wrapped(path, "read"):
        state = path.stat()
    return _looked_at(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1024)
def _looked_at(path: Path, _size: int, _modified: int) -> Stored:
    with reading(path) as container, wrapped(path, "read"):
        stream = picture_stream(container, path)
        moments = index(container, stream, path)
        container.seek(0)
        stream.codec_context.options = _QUANTIZERS
        first = next(container.decode(stream), None)
        if first is None:
            raise MediaError(f"{path} can't be read: its first frame can't be decoded")
        seen = Stored(facts_of(container, first, moments), _quantizer(first))
        try:
            return _taken_apart(container, stream, first, seen, moments)
        except MediaError as reason:
            return replace(seen, why=str(reason))


def _quantizer(picture: VideoFrame) -> float:
    """The mean quantizer of a decoded picture, as the decoder tells it (AVVideoEncParams)."""
    every: Any = picture.side_data  # by kind; what its iteration gives is up to the version of av
    said = every.get(Type.VIDEO_ENC_PARAMS)
    if said is None:
        return 51.0
    data = bytes(said)
    count = int.from_bytes(data[:4], "little")
    offset, size = (int.from_bytes(data[at : at + 8], "little") for at in (8, 16))
    base = np.frombuffer(data, "<i4", 1, 28)[0]
    if not count or size != _BLOCK:
        return float(base)
    blocks = np.frombuffer(data, "<i4", count * 5, offset).reshape(count, 5)
    return float(base + blocks[:, 4].mean())


def _taken_apart(
    container: InputContainer,
    stream: VideoStream,
    first: VideoFrame,
    seen: Stored,
    moments: list[Moment],
) -> Stored:
    """The same with what its packets are; MediaError says why they can't be taken out."""
    _refuse_unlike(seen.facts, first)
    sets = _sets_of(stream)
    if untold(stream, moments):
        raise MediaError("its take does not say in which order its frames are seen")
    numbers = {moment.pts: number for number, moment in enumerate(moments)}
    order: list[int] = []
    starts: set[int] = set()
    opening: Packet[VideoStream] | None = None
    inside: set[bytes] = set()
    container.seek(0)
    for packet in container.demux(stream):
        if not packet.size or packet.pts is None:
            continue
        if packet.is_discard or packet.pts not in numbers:
            raise MediaError("its take stores frames that it does not show")
        found = list(units(bytes(packet), by_length=True))
        inside |= {unit for unit in found if kind(unit) in (SPS, PPS)}
        if any(kind(unit) == IDR for unit in found):
            starts.add(len(order))
        order.append(numbers[packet.pts])
        opening = opening or packet
    if not inside <= sets.data:
        raise MediaError("its take changes its parameter sets on the way")
    if 0 not in starts or opening is None:
        raise MediaError("its take does not begin with a picture that stands alone")
    if not seen.facts.colour.bt709:
        sets = tagged(stream, opening)
    return replace(
        seen, sets=sets, order=tuple(order), starts=frozenset(starts), inside=bool(inside)
    )


def _sets_of(stream: VideoStream) -> ParameterSets:
    """Its parameter sets; MediaError where they ask for what players do differently."""
    sets = ParameterSets.of(bytes(stream.codec_context.extradata or b""))
    if not all(one.profile in PLAYED for one in sets.sequences):
        raise MediaError("its take has a profile of H.264 that few players know")
    if not all(one.from_corner for one in sets.sequences):
        raise MediaError("its take is cut off at its left or top, which players do differently")
    if not all(one.progressive for one in sets.sequences):
        raise MediaError("its take is interlaced")
    return sets


def _refuse_unlike(facts: VideoFacts, first: VideoFrame) -> None:
    """MediaError where a file is not H.264 as films are written."""
    if facts.codec != "h264" or facts.pix_fmt != _FORMAT:
        raise MediaError(f"its take is {facts.codec}, {facts.pix_fmt}")
    if not facts.plain:
        raise MediaError("its take is turned, or its pixels are not square")
    if not _in_bt709(first):
        raise MediaError("its take's colours are not BT.709 in video range")


def as_in_films(picture: VideoFrame, size: Size) -> bool:
    """Whether a decoded picture is what a film of this size has; a take may change on the way."""
    seen = Size(picture.width, picture.height)
    return seen == size and picture.format.name == _FORMAT and _in_bt709(picture)


def _in_bt709(picture: VideoFrame) -> bool:
    """Whether its colours are BT.709 in video range, as they are tagged or as players take them."""
    tags = {picture.colorspace, picture.color_primaries, picture.color_trc}
    full = picture.color_range == FULL_RANGE
    return not full and matrix_of(picture) == BT709 and tags <= {1, _UNSAID}
