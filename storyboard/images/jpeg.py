"""JPEG: markers, most of them with a segment, and between them the coded scans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from storyboard.images.parts import MOST_PROFILE, Parts, PictureError, check_size, damaged

SIGNATURE = b"\xff\xd8"

_SOS, _EOI, _DNL, _APP0, _APP1, _APP2, _ADOBE = 0xDA, 0xD9, 0xDC, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PICTURE = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDD, _DNL, _SOS}
_DROPPED = set(range(0xE0, 0xFF))
_NO_SEGMENT = {0x01, *range(0xD0, 0xD8)}

_SCAN_END = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""In coded data a 0xff is stuffed (0x00) or a restart marker; anything else ends the scan."""

_EXIF, _XMP, _ICC = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"


class _Segment(NamedTuple):
    marker: int
    body: bytes
    scan: bytes
    """The coded data behind a start of scan; empty behind other markers."""


def parts(data: bytes) -> Parts:
    """A JPEG taken apart; a second picture behind it (gain map, preview) is not part of it."""
    segments = list(_segments(data))
    frames = [segment.body for segment in segments if segment.marker in _FRAMES]
    if len(frames) != 1 or len(frames[0]) < 6:
        raise damaged("it has no picture, or several")
    bits, height, width = frames[0][0], *_pair(frames[0][1:5])
    check_size(width, height)
    if bits != 8:
        raise PictureError(f"is a {bits}-bit JPEG, which few programs read; save it as PNG")
    return Parts(
        still=SIGNATURE + b"".join(map(_kept, segments)) + b"\xff\xd9",
        exif=_app(segments, _APP1, _EXIF),
        xmp=_app(segments, _APP1, _XMP),
        icc=_profile(segments),
        picture=tuple(filter(None, map(_named, segments))),
    )


def _segments(data: bytes) -> Iterator[_Segment]:
    """Everything between the start and the end of the image; stray bytes are passed over."""
    at = len(SIGNATURE)
    while True:
        at = data.find(b"\xff", at)
        while at >= 0 and data[at : at + 2] == b"\xff\xff":
            at += 1
        if at < 0 or at + 2 > len(data):
            raise damaged("it breaks off")
        marker, at = data[at + 1], at + 2
        if marker == _EOI:
            return
        if marker == 0 or marker in _NO_SEGMENT:
            continue
        if marker not in _PICTURE and marker not in _DROPPED:
            raise damaged("an unknown marker")
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise damaged("it breaks off")
        body, at = data[at + 2 : at + length], at + length
        end = _scan_end(data, at) if marker == _SOS else at
        yield _Segment(marker, body, data[at:end])
        at = end


def _scan_end(data: bytes, at: int) -> int:
    found = _SCAN_END.search(data, at)
    if not found:
        raise damaged("it breaks off")
    return found.start()


def _kept(segment: _Segment) -> bytes:
    """The segment as it goes into the still; empty where it says something about the picture."""
    marker, body, scan = segment
    if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        body = body[:12] + b"\0\0"  # without its thumbnail
    elif marker == _ADOBE and body.startswith(b"Adobe") and len(body) >= 12:
        body = body[:12]  # says how the channels are coded
    elif marker not in _PICTURE:
        return b""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + scan


def _named(segment: _Segment) -> bytes:
    """The segment as it names the picture: also without what a print would measure."""
    kept = _kept(segment)
    return kept[:9] if segment.marker == _APP0 else kept  # JFIF's resolution is no pixel


def _app(segments: list[_Segment], marker: int, name: bytes) -> bytes:
    found = (s.body for s in segments if s.marker == marker and s.body.startswith(name))
    return next(found, b"")[len(name) :]


def _profile(segments: list[_Segment]) -> bytes:
    """The colour profile, put together from its numbered pieces."""
    start = len(_ICC) + 2
    pieces = {
        s.body[start - 2]: s.body
        for s in segments
        if s.marker == _APP2 and s.body.startswith(_ICC) and len(s.body) > start
    }
    if not pieces:
        return b""
    count = next(iter(pieces.values()))[start - 1]
    profile = b"".join(pieces[number][start:] for number in sorted(pieces))
    if sorted(pieces) != list(range(1, count + 1)) or len(profile) > MOST_PROFILE:
        raise PictureError("has a damaged colour profile; save it again as sRGB")
    return profile


def _pair(four: bytes) -> tuple[int, int]:
    return int.from_bytes(four[:2], "big"), int.from_bytes(four[2:], "big")
