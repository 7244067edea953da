"""PNG: a signature and chunks, each with a length, a name and a checksum.

The old chunks gAMA and cHRM are passed over, as most programs do; a colour profile is not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import groupby

from storyboard.images.parts import MOST_PROFILE, Parts, PictureError, check_size, damaged

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_ANIMATION = {b"acTL", b"fcTL", b"fdAT"}
_SRGB_PRIMARIES, _HDR_TRANSFERS = 1, {16, 18}
"""Code points of ITU-T H.273: BT.709 primaries; the PQ and HLG curves."""


def parts(data: bytes) -> Parts:
    """A PNG or APNG taken apart; PictureError where a chunk is broken or missing."""
    chunks = list(_chunks(data))
    first = dict(reversed(chunks))  # of several, the first one counts
    header = first.get(b"IHDR", b"")
    if chunks[0][0] != b"IHDR" or len(header) != 13:
        raise damaged("no PNG header")
    width, height, bits = struct.unpack(">IIB", header[:9])
    check_size(width, height)
    icc = _profile(first[b"iCCP"]) if b"iCCP" in first else b""
    _check_signal(first.get(b"cICP", b""), icc)
    animated = _frame_count(first.get(b"acTL", b"")) > 1
    kept = _PICTURE | _ANIMATION if animated else _PICTURE
    return Parts(
        still=SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks if name in kept),
        bits=bits,
        exif=first.get(b"eXIf", b""),
        xmp=b"".join(body for name, body in chunks if name == b"iTXt"),
        icc=icc,
        picture=tuple(_joined((name, body) for name, body in chunks if name in kept)),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and bodies, up to IEND; what follows it is not part of the picture."""
    at = len(SIGNATURE)
    while True:
        if at + 12 > len(data):
            raise damaged("it breaks off")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            raise damaged("it breaks off")
        body = data[at + 8 : end]
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[end : end + 4], "big"):
            raise damaged("a checksum is wrong")
        if name[:1].isupper() and name not in _PICTURE:
            raise damaged("an unknown part that it says is needed")
        yield name, body
        if name == b"IEND":
            return
        at = end + 4


def _joined(chunks: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """The chunks, with the coded pixels in one: where they are divided is the writer's choice."""
    for name, run in groupby(chunks, key=lambda chunk: chunk[0]):
        bodies = [body for _, body in run]
        yield from [name, b"".join(bodies)] if name == b"IDAT" else [name, *bodies]


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(name))
    return len(body).to_bytes(4, "big") + name + body + checksum.to_bytes(4, "big")


def _profile(body: bytes) -> bytes:
    _, _, packed = body.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], MOST_PROFILE + 1)
    except zlib.error:
        profile = b""
    if not profile or not unpacking.eof or len(profile) > MOST_PROFILE:
        raise PictureError("has a damaged colour profile; save it again as sRGB")
    return profile


def _check_signal(body: bytes, icc: bytes) -> None:
    """The colour code points of newer PNGs: a film in sRGB has no use for HDR."""
    if len(body) != 4:
        return
    if body[1] in _HDR_TRANSFERS:
        raise PictureError("is an HDR picture; save it as sRGB (SDR)")
    if body[0] != _SRGB_PRIMARIES and not icc:
        raise PictureError("has a wide gamut but no colour profile; save it as sRGB")


def _frame_count(body: bytes) -> int:
    if not body:
        return 1
    count = int.from_bytes(body[:4], "big")
    if len(body) != 8 or not 1 <= count <= 0x7FFFFFFF:
        raise damaged("its animation has no frames")
    return count
