"""WebP: a RIFF file of chunks."""

from __future__ import annotations

from collections.abc import Iterator

from storyboard.images.parts import MOST_PROFILE, Parts, PictureError, check_size, damaged

_ALPHA, _MOVES = 0x10, 0x02
"""Flags of an extended file."""
_DRAWN = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"}


def parts(data: bytes) -> Parts:
    """A WebP taken apart; PictureError where it is broken."""
    size = int.from_bytes(data[4:8], "little") + 8
    if size > len(data):
        raise damaged("it breaks off")
    chunks = list(_chunks(data[:size]))
    if not chunks:
        raise damaged("it has no picture")
    check_size(*_canvas(*chunks[0]))
    first = dict(reversed(chunks))  # of several, the first one counts
    icc = first.get(b"ICCP", b"")
    if len(icc) > MOST_PROFILE:
        raise PictureError("has a damaged colour profile; save it again as sRGB")
    exif = first.get(b"EXIF", b"")
    return Parts(
        still=data[:size],
        exif=exif.removeprefix(b"Exif\0\0"),
        xmp=first.get(b"XMP ", b""),
        icc=icc,
        picture=tuple(_pictured(chunks)),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > len(data):
            raise damaged("it breaks off")
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _pictured(chunks: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """What is drawn, and on what. Metadata turn a plain file into an extended one: both are named
    by canvas, transparency and movement, and by their coded chunks."""
    name, body = chunks[0]
    yield b"%dx%d" % _canvas(name, body)
    flags = body[0] if name == b"VP8X" else 0
    sees_through = name == b"VP8L" and body[4] & 0x10
    yield b"alpha" if flags & _ALPHA or sees_through else b"opaque"
    yield b"moves" if flags & _MOVES else b"stands"
    for chunk, inner in chunks:
        if chunk in _DRAWN:
            yield chunk + inner


def _canvas(name: bytes, body: bytes) -> tuple[int, int]:
    """Width and height, which each of the three kinds of WebP writes in its own way."""
    if name == b"VP8X" and len(body) >= 10:
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        packed = int.from_bytes(body[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return width, height
    raise damaged("it has no picture")
