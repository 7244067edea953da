"""What a picture is told to be, and which files are refused before anything is decoded."""

from __future__ import annotations

import warnings
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import PictureFacts, inspect
from tests.images.samples import (
    P3,
    SRGB,
    chunk,
    exif,
    jpeg,
    photo,
    png,
    raw_png,
    rgb_profile,
    saved,
)

STILL = photo()
MOVING = {"save_all": True, "append_images": [STILL.rotate(180), STILL.rotate(90)]}


@pytest.fixture(autouse=True)
def silence() -> None:
    """No decoder may warn: the library prints nothing."""
    warnings.simplefilter("error")


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "WebP"), ("AVIF", "AVIF")]
)
def test_the_format_is_told_from_the_content(kind: str, name: str) -> None:
    """Four formats are known by their first bytes."""
    facts = inspect(saved(STILL, kind))
    assert replace(facts, content="") == PictureFacts(
        format=name,
        width=64,
        height=48,
        mode="RGB",
        orientation=1,
        alpha=False,
        profile=None,
        frames=1,
        bits=8,
        srgb=True,
        located=False,
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_everything_a_phone_says_is_read(kind: str) -> None:
    """Turning, place and profile are told for each format, and the size is the upright one."""
    icc = rgb_profile("Display P3", P3, gamma=None)
    facts = inspect(saved(STILL, kind, exif=exif(orientation=6, located=True), icc_profile=icc))
    assert (facts.width, facts.height, facts.orientation) == (48, 64, 6)
    assert (facts.profile, facts.srgb, facts.located) == ("Display P3", False, True)


def test_an_avif_may_call_itself_an_image_file() -> None:
    """Some programs write the container's name first, and AVIF after it."""
    data = saved(STILL, "AVIF")
    assert inspect(data.replace(b"ftypavif", b"ftypmif1", 1)).format == "AVIF"


@pytest.mark.parametrize(("kind", "frames"), [("PNG", 3), ("WEBP", 3), ("AVIF", 3)])
def test_frames_are_counted(kind: str, frames: int) -> None:
    """An APNG, an animated WebP and an AVIF sequence tell how many pictures they hold."""
    assert inspect(saved(STILL, kind, **MOVING)).frames == frames


def test_bits_and_alpha_are_as_stored() -> None:
    """A 16-bit grey PNG with one see-through level has 16 bits and alpha."""
    ramp = np.arange(64).reshape(8, 8) * 1000
    facts = inspect(raw_png(ramp, bits=16, kind=0, extra=chunk(b"tRNS", b"\0\0")))
    assert (facts.mode, facts.bits, facts.alpha) == ("I;16", 16, True)


def test_a_gain_map_behind_a_photo_is_not_a_second_frame() -> None:
    """Phones put a second JPEG behind the photo; the photo is a still all the same."""
    data = saved(STILL, "MPO", save_all=True, append_images=[STILL])
    assert (inspect(data).format, inspect(data).frames) == ("JPEG", 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty; save the picture again"),
        (b"hello", "is not a picture of a known kind; use PNG, JPEG, WebP or AVIF"),
        (b"GIF89a" + bytes(99), "is a GIF picture; save it as PNG or JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is a PostScript (EPS) file; save it as PNG or JPEG"),
        (b"%PDF-1.7\n", "is a PDF document; save it as PNG or JPEG"),
        (b"<svg xmlns='a'/>", "is an SVG drawing; save it as PNG or JPEG"),
        (
            b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>",
            "is an SVG drawing; save it as PNG or JPEG",
        ),
        (b"\0\0\0\x18ftypheic" + bytes(99), "is a HEIC picture; save it as PNG or JPEG"),
        (b"\0\0\0\x18ftypisom" + bytes(99), "is a video; save it as PNG or JPEG"),
        (b"II*\0" + bytes(99), "is a TIFF or raw camera picture; save it as PNG or JPEG"),
        (b"<!DOCTYPE html><p>", "is a web page, not a picture; save it as PNG or JPEG"),
    ],
)
def test_what_is_not_a_picture_is_named(data: bytes, message: str) -> None:
    """Row 46: other files are refused with what they are and what to do."""
    with pytest.raises(PictureError) as error:
        inspect(data)
    assert str(error.value) == message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_that_breaks_off_is_refused(kind: str, kept: float) -> None:
    """Row 46: a truncated file is found from its blocks, before decoding."""
    data = saved(STILL, kind)
    with pytest.raises(PictureError, match=r"^is damaged \(.*\); save or copy it again$"):
        inspect(data[: int(len(data) * kept)])


def test_a_changed_byte_in_a_png_is_found() -> None:
    """Row 46: the checksums of a PNG are checked."""
    data = bytearray(png(STILL))
    data[len(data) // 2] ^= 1
    with pytest.raises(PictureError) as error:
        inspect(bytes(data))
    assert str(error.value) == "is damaged (a checksum is wrong); save or copy it again"


def test_a_bomb_of_one_bit_is_refused() -> None:
    """Row 46: 81 million pixels in 10 KB are refused by their header."""
    data = png(Image.new("1", (9000, 9000)))
    assert len(data) < 20_000
    with pytest.raises(PictureError) as error:
        inspect(data)
    assert str(error.value) == (
        "is 9000x9000 pixels, more than the 50 million that are read; make it smaller"
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_bomb_of_twenty_thousand_squared_is_refused(kind: str) -> None:
    """Row 46: a header that claims 400 million pixels is refused, also where Pillow would warn."""
    with pytest.raises(PictureError, match=r"million that are read; make it smaller$"):
        inspect(claiming(kind, 16_000, 16_000))


def claiming(kind: str, width: int, height: int) -> bytes:
    """A small picture whose header says that it is a big one."""
    if kind == "PNG":
        data = png(STILL)
        header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + data[24:29]
        return data[:8] + chunk(b"IHDR", header) + data[33:]
    if kind == "JPEG":
        data = jpeg(STILL)
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + data[at + 4 :]
    data = saved(STILL, "WEBP", lossless=True)
    at = data.index(b"VP8L") + 9
    packed = (width - 1) | (height - 1) << 14
    return data[:at] + packed.to_bytes(4, "little") + data[at + 4 :]


def test_a_strip_is_refused() -> None:
    """A side that encoders can't write is refused."""
    with pytest.raises(PictureError) as error:
        inspect(claiming("PNG", 40_000, 2))
    assert str(error.value) == "is 40000x2 pixels, and no side above 32767 is read; cut it"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_a_broken_profile_is_not_passed_over(kind: str) -> None:
    """Colours that can't be told are an error: guessing would change them silently."""
    with pytest.raises(PictureError) as error:
        inspect(saved(STILL, kind, icc_profile=b"not a profile at all" * 10))
    assert str(error.value) == "has a damaged colour profile; save it again as sRGB"


def test_a_profile_bomb_is_refused() -> None:
    """A profile that unpacks to gigabytes is given up early."""
    bomb = b"name\0\0" + zlib.compress(bytes(50_000_000))
    data = raw_png(np.zeros((2, 2, 3)), bits=8, kind=2, extra=chunk(b"iCCP", bomb))
    with pytest.raises(PictureError) as error:
        inspect(data)
    assert str(error.value) == "has a damaged colour profile; save it again as sRGB"


def test_an_hdr_png_is_refused() -> None:
    """A PNG with the PQ curve would come out grey and flat."""
    data = raw_png(np.zeros((2, 2, 3)), bits=8, kind=2, extra=chunk(b"cICP", bytes([9, 16, 0, 1])))
    with pytest.raises(PictureError) as error:
        inspect(data)
    assert str(error.value) == "is an HDR picture; save it as sRGB (SDR)"


def test_a_wide_gamut_without_profile_is_refused() -> None:
    """A PNG that says P3 in numbers only is refused, not read as sRGB."""
    data = raw_png(np.zeros((2, 2, 3)), bits=8, kind=2, extra=chunk(b"cICP", bytes([12, 13, 0, 1])))
    with pytest.raises(PictureError) as error:
        inspect(data)
    assert str(error.value) == "has a wide gamut but no colour profile; save it as sRGB"


def test_nonsense_in_exif_says_nothing() -> None:
    """A broken EXIF block neither stops nor warns: viewers show such pictures as stored."""
    facts = inspect(jpeg(STILL, exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))
    assert (facts.orientation, facts.located) == (1, False)


def test_a_profile_is_srgb_by_what_it_means() -> None:
    """A profile that only calls itself sRGB is converted; one that means sRGB is not."""
    liar = png(STILL, icc_profile=rgb_profile("sRGB", P3, gamma=None))
    modest = png(STILL, icc_profile=rgb_profile("My display", SRGB, gamma=None))
    assert (inspect(liar).srgb, inspect(modest).srgb) == (False, True)
