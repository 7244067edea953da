"""AVIF: boxes in boxes. Pillow's decoder reads them; only what it keeps to itself is read here.

The layout is ISO/IEC 14496-12's (`meta` with iinf, iloc, iref, iprp): a picture, its alpha and its
tiles are items, and so are EXIF and XMP. Adding one of the latter moves the others in the file and
counts them anew; what they are stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import AvifImagePlugin

from storyboard.images.parts import MOST_PROFILE, Parts, PictureError, check_size, damaged

_HDR_TRANSFERS = {16, 18}
"""ITU-T H.273: the PQ and HLG curves."""

_INSIDE = ((b"meta", 4), (b"iprp", 0), (b"ipco", 0))
"""The way to a picture's properties, and how many bytes stand before a box's first child."""


def parts(data: bytes) -> Parts:
    """An AVIF taken apart; its turning (irot, imir) is reported as an EXIF orientation."""
    properties = list(_properties(data))
    for name, body in properties:
        if name == b"ispe" and len(body) >= 12:
            check_size(_number(body[4:8]), _number(body[8:12]))
        if name == b"colr" and body[:4] == b"nclx" and _number(body[6:8]) in _HDR_TRANSFERS:
            raise PictureError("is an HDR picture; save it as sRGB (SDR)")
    image = AvifImagePlugin.AvifImageFile(BytesIO(data))
    check_size(*image.size)
    icc = image.info.get("icc_profile") or b""
    if len(icc) > MOST_PROFILE:
        raise PictureError("has a damaged colour profile; save it again as sRGB")
    return Parts(
        still=data,
        bits=next((body[5] for name, body in properties if name == b"pixi" and len(body) > 5), 8),
        exif=(image.info.get("exif") or b"").removeprefix(b"Exif\0\0"),
        xmp=image.info.get("xmp") or b"",
        icc=icc,
        picture=_pictured(data),
    )


def _properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for name, before in _INSIDE:
        data = dict(reversed(list(_boxes(data)))).get(name, b"")[before:]
    yield from _boxes(data)


_SPOKEN = (b"Exif", b"mime", b"uri ")
"""Kinds of items that say something about the picture."""


def _pictured(data: bytes) -> tuple[bytes, ...]:
    """Each item of the picture: its kind, bytes, properties and references.

    The whole file where it holds a film, or is put together in a way that is not known here.
    """
    try:
        return tuple(_pieces(data))
    except (PictureError, LookupError, ValueError):
        return (data,)


@dataclass(slots=True)
class _Reader:
    """Numbers of a box's body, one after the other."""

    body: bytes
    at: int = 0

    def take(self, count: int) -> int:
        """The next number, so many bytes wide."""
        if self.at + count > len(self.body):
            raise ValueError("a box ends early")
        self.at += count
        return _number(self.body[self.at - count : self.at])

    @property
    def left(self) -> bool:
        return self.at < len(self.body)


def _pieces(data: bytes) -> Iterator[bytes]:
    if any(name == b"moov" for name, _ in _boxes(data)):
        raise ValueError("a film")
    meta = _first(data, b"meta")[4:]
    kinds = _kinds(_first(meta, b"iinf"))
    places = _places(_first(meta, b"iloc"))
    properties = _item_properties(_first(meta, b"iprp"))
    references = _references(_first(meta, b"iref"))
    sources = {0: data, 1: _first(meta, b"idat")}
    _check_total(places, len(data))
    yield _first(meta, b"pitm")
    for item in sorted(item for item, kind in kinds.items() if kind not in _SPOKEN):
        yield kinds[item] + item.to_bytes(4, "big")
        source, extents = places[item]
        yield b"".join(sources[source][at : at + length] for at, length in extents)
        yield from properties.get(item, [])
        yield from (b"%b%d" % (name, to) for name, to in references.get(item, []))


def _check_total(places: dict[int, tuple[int, list[tuple[int, int]]]], most: int) -> None:
    """Places that name more bytes than there are could be made to take for ever."""
    if sum(length for _, extents in places.values() for _, length in extents) > most:
        raise ValueError("items overlap")


def _kinds(body: bytes) -> dict[int, bytes]:
    found = {}
    for name, entry in _boxes(body[6 if body[0] == 0 else 8 :]):
        if name != b"infe" or entry[0] not in (2, 3):
            raise ValueError("an item of another time")
        wide = 2 if entry[0] == 2 else 4
        found[_number(entry[4 : 4 + wide])] = entry[6 + wide : 10 + wide]
    return found


def _places(body: bytes) -> dict[int, tuple[int, list[tuple[int, int]]]]:
    """By item: what its offsets count from (0 the file, 1 `idat`), and its extents."""
    version, reader = body[0], _Reader(body, 4)
    sizes = reader.take(2)
    wide_at, wide_length, wide_base, wide_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    found = {}
    for _ in range(reader.take(wide)):
        item = reader.take(wide)
        source = reader.take(2) & 15 if version else 0
        reader.take(2)
        base, extents = reader.take(wide_base), []
        for _ in range(reader.take(2)):
            reader.take(wide_index if version else 0)
            extents.append((base + reader.take(wide_at), reader.take(wide_length)))
        found[item] = (source, extents)
    return found


def _item_properties(body: bytes) -> dict[int, list[bytes]]:
    """By item: its property boxes, whole."""
    known = [name + inner for name, inner in _boxes(_first(body, b"ipco"))]
    lists = _first(body, b"ipma")
    reader = _Reader(lists, 4)
    wide, large = (2 if lists[0] == 0 else 4), lists[3] & 1
    found: dict[int, list[bytes]] = {}
    for _ in range(reader.take(4)):
        item = reader.take(wide)
        asked = [
            reader.take(1 + large) & (0x7FFF if large else 0x7F) for _ in range(reader.take(1))
        ]
        found[item] = [known[index - 1] for index in asked if index]
    return found


def _references(body: bytes) -> dict[int, list[tuple[bytes, int]]]:
    """By item: what it is for another one, and for which."""
    if not body:
        return {}
    wide = 2 if body[0] == 0 else 4
    found: dict[int, list[tuple[bytes, int]]] = {}
    for name, inner in _boxes(body[4:]):
        reader = _Reader(inner)
        item = reader.take(wide)
        found.setdefault(item, []).extend((name, reader.take(wide)) for _ in range(reader.take(2)))
    return found


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and bodies of the boxes that lie beside each other; PictureError where one is cut."""
    at = 0
    while at + 8 <= len(data):
        length, name = _number(data[at : at + 4]), data[at + 4 : at + 8]
        length = length or len(data) - at  # 0: to the end of the file
        if length < 8:
            return  # a 64-bit length: the media data, which comes last
        if at + length > len(data):
            raise damaged("it breaks off")
        yield name, data[at + 8 : at + length]
        at += length


def _first(data: bytes, name: bytes) -> bytes:
    """The body of the first box with this name; empty where there is none."""
    return next((body for found, body in _boxes(data) if found == name), b"")


def _number(digits: bytes) -> int:
    """Bytes as a whole number, the highest first."""
    return int.from_bytes(digits, "big")
