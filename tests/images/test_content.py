"""What names a picture: its pixels, colour and orientation as the file holds them, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from storyboard.images.picture_facts import inspect
from tests.images.samples import P3, chunk, exif, jpeg, photo, png, raw_png, rgb_profile, saved

KINDS = ["PNG", "JPEG", "WEBP", "AVIF"]
STILL = photo()
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r xmp:Rating='5'/></x:xmpmeta>"


def content(data: bytes) -> str:
    """What names it."""
    return inspect(data).content


def make(kind: str, image: Image.Image = STILL, **options: Any) -> bytes:
    """A file of this kind; WebP without loss, so that what is added changes no pixel."""
    return saved(image, kind, **({"lossless": True} if kind == "WEBP" else {}), **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [{"exif": exif()}, {"exif": exif(located=True)}, {"xmp": XMP}])
def test_what_is_said_about_a_picture_renames_nothing(kind: str, said: dict[str, Any]) -> None:
    """A camera's name, a place, a rating: none of it is sent, and none of it is named."""
    if kind == "PNG" and "xmp" in said:
        note = PngInfo()
        note.add_itxt("XML:com.adobe.xmp", XMP.decode())
        said = {"pnginfo": note}
    data = make(kind, **said)
    assert data != make(kind)
    assert content(data) == content(make(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_transparent_picture_can_be_rated_too(kind: str) -> None:
    """Its alpha is a part of it, wherever the file puts it."""
    if kind == "JPEG":
        pytest.skip("has no alpha")
    image = STILL.copy()
    image.putalpha(Image.linear_gradient("L").resize(STILL.size))
    assert content(make(kind, image, exif=exif())) == content(make(kind, image))
    assert content(make(kind, image)) != content(make(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        lambda kind: make(kind, STILL.rotate(180)),
        lambda kind: make(kind, exif=exif(orientation=6)),
        lambda kind: make(kind, icc_profile=rgb_profile("Display P3", P3, gamma=None)),
    ],
    ids=["pixels", "orientation", "profile"],
)
def test_what_changes_the_picture_renames_it(kind: str, change: Callable[[str], bytes]) -> None:
    """Other pixels, another way up, other colours."""
    assert content(change(kind)) != content(make(kind))


def test_how_a_png_is_divided_makes_no_difference() -> None:
    """Text, times, a resolution, and coded pixels in one chunk or in many."""
    data = png(STILL)
    at = data.index(b"IDAT") - 4
    length = int.from_bytes(data[at : at + 4], "big")
    before, coded, after = data[:at], data[at + 8 : at + 8 + length], data[at + 12 + length :]
    halves = chunk(b"IDAT", coded[:50]) + chunk(b"IDAT", coded[50:])
    said = chunk(b"tEXt", b"Rating\0005") + chunk(b"tIME", bytes(7)) + chunk(b"pHYs", bytes(9))
    assert content(before + said + halves + after) == content(data)


def test_a_palette_and_a_transparent_colour_are_the_picture() -> None:
    """Of a PNG, the parts that give its pixels their colours name it."""
    grey = np.arange(16).reshape(4, 4)
    plain = raw_png(grey, bits=8, kind=0)
    keyed = raw_png(grey, bits=8, kind=0, extra=chunk(b"tRNS", b"\0\3"))
    assert content(plain) != content(keyed)


def test_a_jpegs_resolution_and_comment_are_not_the_picture() -> None:
    """Dots per inch and comments change no pixel."""
    assert content(jpeg(STILL, dpi=(300, 300), comment=b"five stars")) == content(jpeg(STILL))


def test_an_unknown_avif_is_named_by_all_its_bytes() -> None:
    """A moving one, or one put together in another way: safe, and as before."""
    moving = saved(STILL, "AVIF", save_all=True, append_images=[STILL.rotate(90)])
    other = saved(STILL, "AVIF", save_all=True, append_images=[STILL.rotate(180)])
    assert content(moving) != content(other)
