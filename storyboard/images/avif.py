"""AVIF: boxes in boxes. Pillow's decoder reads them; only what it keeps to itself is read here."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import AvifImagePlugin

from storyboard.images.boxes import boxes, number
from storyboard.images.items import pictured
from storyboard.images.parts import MOST_PROFILE, Parts, PictureError, check_size

_HDR_TRANSFERS = {16, 18}
"""ITU-T H.273: the PQ and HLG curves."""

_INSIDE = ((b"meta", 4), (b"iprp", 0), (b"ipco", 0))
"""The way to a picture's properties, and how many bytes stand before a box's first child."""


def parts(data: bytes) -> Parts:
    """An AVIF taken apart; its turning (irot, imir) is reported as an EXIF orientation."""
    properties = list(_properties(data))
    for name, body in properties:
        if name == b"ispe" and len(body) >= 12:
            check_size(number(body[4:8]), number(body[8:12]))
        if name == b"colr" and body[:4] == b"nclx" and number(body[6:8]) in _HDR_TRANSFERS:
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
        picture=pictured(data),
    )


def _properties(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for name, before in _INSIDE:
        data = dict(reversed(list(boxes(data)))).get(name, b"")[before:]
    yield from boxes(data)
