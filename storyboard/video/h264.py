"""H.264 as it is stored in MP4: units of a packet, parameter sets, and what those say.

Only what joining packets of different encoders needs is read (ITU-T H.264, 7.3.2; ISO/IEC
14496-15, 5.3.3). Everything else is left to FFmpeg.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from av.bitstream import BitStreamFilterContext

from storyboard.errors import MediaError

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

IDR, SPS, PPS = 5, 7, 8
"""Kinds of units: a picture that nothing before is needed for, and the two parameter sets."""
PLAYED = frozenset({66, 77, 100})
"""The profiles that players know: Baseline, Main and High. Others are for studios."""

_START = re.compile(rb"\x00\x00\x01")
_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"""Profiles whose sets say how colour is sampled."""
_TAGS = (
    "h264_mp4toannexb,h264_metadata=colour_primaries=1:transfer_characteristics=1"
    ":matrix_coefficients=1:video_full_range_flag=0"
)


def units(packet: bytes, *, by_length: bool) -> Iterator[bytes]:
    """The units of a packet: each behind its length of four bytes, or behind a start code."""
    if not by_length:
        starts = [found.end() for found in _START.finditer(packet)]
        ends = [start - 3 for start in starts[1:]] + [len(packet)]
        for start, end in zip(starts, ends, strict=True):
            yield packet[start:end].rstrip(b"\x00")
        return
    place = 0
    while place + 4 <= len(packet):
        size = int.from_bytes(packet[place : place + 4])
        yield packet[place + 4 : place + 4 + size]
        place += 4 + size


def kind(unit: bytes) -> int:
    """What a unit is."""
    return unit[0] & 31 if unit else 0


@dataclass(frozen=True)
class SequenceSet:
    """A sequence parameter set: what holds from one IDR picture to the next."""

    data: bytes

    @cached_property
    def _fields(self) -> tuple[int, bool, bool]:
        return _read_sequence(_Bits(self.data[4:]), self.data[1])

    @property
    def number(self) -> int:
        """The id that picture sets name it by, 0 to 31."""
        return self._fields[0]

    @property
    def profile(self) -> int:
        """What a decoder has to know (A.2), by its number."""
        return self.data[1]

    @property
    def progressive(self) -> bool:
        """Whether every picture is a whole frame (`frame_mbs_only_flag`)."""
        return self._fields[1]

    @property
    def from_corner(self) -> bool:
        """Whether pictures begin where what is stored does: decoders cut the other sides alike."""
        return self._fields[2]


@dataclass(frozen=True)
class PictureSet:
    """A picture parameter set."""

    data: bytes

    @property
    def number(self) -> int:
        """The id that slices name it by, 0 to 255."""
        return _Bits(self.data[1:]).unsigned()


@dataclass(frozen=True)
class ParameterSets:
    """The sets that a stream's packets are decoded by, as its header lists them."""

    sequences: tuple[SequenceSet, ...]
    pictures: tuple[PictureSet, ...]

    @classmethod
    def of(cls, header: bytes) -> ParameterSets:
        """From a stream's header (`avcC`), or from units with start codes; MediaError if neither.

        Lengths of units that are not written in four bytes are refused as well.
        """
        if header[:1] == b"\x01" and len(header) > 6 and header[4] & 3 == 3:
            found = list(_listed(header))
        elif header[:3] in (b"\x00\x00\x00", b"\x00\x00\x01"):
            found = list(units(header, by_length=False))
        else:
            raise MediaError("its parameter sets are stored in a way that is not known")
        return cls(
            tuple(SequenceSet(unit) for unit in found if kind(unit) == SPS),
            tuple(PictureSet(unit) for unit in found if kind(unit) == PPS),
        )

    @property
    def numbers(self) -> set[int]:
        """All ids that are taken."""
        return {one.number for one in self.sequences} | {one.number for one in self.pictures}

    @property
    def data(self) -> set[bytes]:
        """The sets' bytes."""
        return {one.data for one in self.sequences} | {one.data for one in self.pictures}

    def agrees(self, other: ParameterSets) -> bool:
        """Whether both can be in one header: no id means two different sets."""
        return _agree(self.sequences, other.sequences) and _agree(self.pictures, other.pictures)

    def joined(self, other: ParameterSets) -> ParameterSets:
        """Both together, each set once."""
        return ParameterSets(
            tuple(dict.fromkeys((*self.sequences, *other.sequences))),
            tuple(dict.fromkeys((*self.pictures, *other.pictures))),
        )

    def header(self) -> bytes:
        """The stream's header (`avcC`) for 8 bits, 4:2:0: the highest profile and level of all."""
        heads = [one.data[1:4] for one in self.sequences]
        constraints = 0xFF
        for head in heads:
            constraints &= head[1]
        profile, level = max(head[0] for head in heads), max(head[2] for head in heads)
        parts = [bytes([1, profile, constraints, level, 0xFF, 0xE0 | len(self.sequences)])]
        parts += [len(one.data).to_bytes(2) + one.data for one in self.sequences]
        parts.append(bytes([len(self.pictures)]))
        parts += [len(one.data).to_bytes(2) + one.data for one in self.pictures]
        if profile in _HIGH:
            parts.append(bytes([0xFD, 0xF8, 0xF8, 0]))
        return b"".join(parts)


def tagged(stream: VideoStream, packet: Packet[VideoStream]) -> ParameterSets:
    """The stream's parameter sets, saying that colours are BT.709 in video range.

    `packet` is its first one, an IDR picture.
    """
    (changed,) = BitStreamFilterContext(_TAGS, stream).filter(packet)
    return ParameterSets.of(bytes(changed))


def _agree(
    ours: Sequence[SequenceSet | PictureSet], theirs: Sequence[SequenceSet | PictureSet]
) -> bool:
    known = {one.number: one.data for one in ours}
    return all(known.get(one.number, one.data) == one.data for one in theirs)


def _listed(header: bytes) -> Iterator[bytes]:
    """The sets in an `avcC`: sequence sets behind their number, then picture sets."""
    place = 5
    for mask in (31, 255):
        count = header[place] & mask
        place += 1
        for _ in range(count):
            size = int.from_bytes(header[place : place + 2])
            yield header[place + 2 : place + 2 + size]
            place += 2 + size


def _read_sequence(bits: _Bits, profile: int) -> tuple[int, bool, bool]:
    """The set's id, whether its pictures are whole frames, and begin in the corner (7.3.2.1.1)."""
    number = bits.unsigned()
    if profile in _HIGH:
        _pass_sampling(bits)
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.bit()
        for _ in range(2):
            bits.unsigned()
        for _ in range(bits.unsigned()):
            bits.unsigned()
    bits.unsigned(), bits.bit(), bits.unsigned(), bits.unsigned()
    if not (progressive := bits.bit() == 1):
        bits.bit()
    bits.bit()
    left, _, top, _ = [bits.unsigned() for _ in range(4)] if bits.bit() else (0, 0, 0, 0)
    return number, progressive, left == top == 0


def _pass_sampling(bits: _Bits) -> None:
    sampled = bits.unsigned()
    if sampled == 3:
        bits.bit()
    bits.unsigned(), bits.unsigned(), bits.bit()
    if bits.bit():
        for place in range(12 if sampled == 3 else 8):
            if bits.bit():
                _pass_scaling(bits, 16 if place < 6 else 64)


def _pass_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            code = bits.unsigned()
            following = (last + ((code + 1) // 2 if code % 2 else -(code // 2))) % 256
        last = following or last


class _Bits:
    """A unit's bits, without the bytes that keep start codes out of it."""

    def __init__(self, data: bytes) -> None:
        plain = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._bits = int.from_bytes(plain)
        self._left = len(plain) * 8

    def bit(self) -> int:
        """The next bit; MediaError at the end."""
        if self._left == 0:
            raise MediaError("a parameter set of it is cut off")
        self._left -= 1
        return self._bits >> self._left & 1

    def unsigned(self) -> int:
        """The next Exp-Golomb number, ue(v); a signed one takes the same bits."""
        zeros = 0
        while not self.bit():
            zeros += 1
        value = 1
        for _ in range(zeros):
            value = value << 1 | self.bit()
        return value - 1
