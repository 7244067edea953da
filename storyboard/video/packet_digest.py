"""What an encoder sent and what a file holds, in the same terms: a digest over all packets."""

from __future__ import annotations

import hashlib
from pathlib import Path

from storyboard.video.containers import reading
from storyboard.video.h264 import units

_IN_UNITS = frozenset({"h264", "hevc"})


class PacketDigest:
    """A digest that grows with each packet.

    Encoders put a start code before each unit of a packet, files its length: the units count.
    """

    def __init__(self, codec: str, *, by_length: bool) -> None:
        self._sum = hashlib.sha256()
        self._in_units, self._by_length = codec in _IN_UNITS, by_length
        self.packets = 0

    def add(self, packet: bytes) -> None:
        """Take in the next packet."""
        self.packets += 1
        for unit in units(packet, by_length=self._by_length) if self._in_units else (packet,):
            self._sum.update(len(unit).to_bytes(4))
            self._sum.update(unit)

    @property
    def hex(self) -> str:
        """The digest so far, 64 hexadecimal digits."""
        return self._sum.hexdigest()


def digest_of(path: Path) -> PacketDigest:
    """Of the packets of a file's picture, in the order of decoding."""
    with reading(path) as container:
        stream = container.streams.video[0]
        found = PacketDigest(stream.codec_context.codec.canonical_name, by_length=True)
        for packet in container.demux(stream):
            if packet.size:
                found.add(bytes(packet))
    return found
