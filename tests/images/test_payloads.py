"""What leaves the machine: the picture and nothing else, as good as it fits."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from storyboard.images.developing import develop
from storyboard.images.parts import PictureError
from storyboard.images.payloads import Payload, payload
from storyboard.images.picture_facts import inspect
from storyboard.images.recipe import PictureRecipe
from tests.images.samples import (
    P3,
    SRGB,
    chunk,
    exif,
    jpeg,
    photo,
    pixels,
    png,
    rgb_profile,
    saved,
    turned,
)

STILL = photo(320, 320)
PLAIN = PictureRecipe()
SECRETS = (b"Lisbon", b"A camera", b"Exif", b"GPS", b"ICC_PROFILE", b"iCCP", b"Photoshop")


def sent(data: bytes, recipe: PictureRecipe = PLAIN, *, max_bytes: int = 10_000_000) -> Payload:
    """What is uploaded for the file."""
    return payload(data, recipe, max_bytes=max_bytes)


def noise(width: int, height: int) -> Image.Image:
    """A picture that no encoder can make small."""
    levels = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(levels)


def gossiping_jpeg() -> bytes:
    """A JPEG with place, camera, comment, keywords, profile, and bytes behind its end."""
    plain = jpeg(
        STILL,
        exif=exif(located=True),
        comment=b"Lisbon",
        xmp=b"<x:xmpmeta>Lisbon</x:xmpmeta>",
        icc_profile=rgb_profile("Lisbon display", SRGB, gamma=None),
    )
    keywords = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x06Lisbon"
    segment = b"\xff\xed" + (len(keywords) + 2).to_bytes(2, "big") + keywords
    return plain[:2] + segment + plain[2:] + b"Lisbon, behind the end"


def gossiping_png() -> bytes:
    """A PNG with place, camera, text, time, profile, and bytes behind its end."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Lisbon")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Lisbon</x:xmpmeta>")
    plain = png(
        STILL,
        pnginfo=text,
        exif=exif(located=True),
        icc_profile=rgb_profile("Lisbon display", SRGB, gamma=None),
        dpi=(300, 300),
    )
    return plain + b"Lisbon, behind the end"


@pytest.mark.parametrize(
    ("data", "mime", "suffix"),
    [
        (gossiping_jpeg(), "image/jpeg", ".jpg"),
        (gossiping_png(), "image/png", ".png"),
    ],
)
def test_metadata_is_left_out_and_the_coding_kept(data: bytes, mime: str, suffix: str) -> None:
    """A picture that needs no change keeps every pixel, and says nothing about its maker."""
    upload = sent(data)
    assert (upload.mime, upload.name_suffix) == (mime, suffix)
    assert np.array_equal(pixels(upload.data), pixels(data))
    assert [word for word in SECRETS if word in upload.data] == []
    with Image.open(BytesIO(upload.data)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize(
    "options",
    [
        {"progressive": True},
        {"optimize": True, "quality": 60},
        {"subsampling": 2},
        {"restart_marker_blocks": 3},
        {"keep_rgb": True},
    ],
)
def test_every_coding_of_a_jpeg_is_kept(options: dict[str, int]) -> None:
    """Progressive, with restarts, halved colours or plain RGB: decoded the same."""
    data = jpeg(STILL, **options)
    assert np.array_equal(pixels(sent(data).data), pixels(data))
    assert len(sent(data).data) <= len(data)


def test_sending_twice_sends_the_same() -> None:
    """What was sent needs no change when it comes again."""
    for data in (gossiping_jpeg(), gossiping_png()):
        once = sent(data)
        assert sent(once.data) == once


@pytest.mark.parametrize(
    "data",
    [
        png(turned(STILL, 6), exif=exif(orientation=6)),
        png(STILL.convert("L")),
        png(STILL.convert("P")),
        png(STILL.convert("RGBA")),
        png(STILL, icc_profile=rgb_profile("Display P3", P3, gamma=None)),
        jpeg(STILL.convert("CMYK")),
        jpeg(turned(STILL, 3), exif=exif(orientation=3)),
        saved(STILL, "WEBP"),
        saved(STILL, "AVIF"),
    ],
)
def test_what_has_to_change_is_sent_as_png(data: bytes) -> None:
    """A new coding loses nothing of the developed picture."""
    upload = sent(data)
    assert upload.mime == "image/png"
    assert np.array_equal(pixels(upload.data), np.asarray(develop(data, PLAIN)))


def test_a_size_is_sent_at_that_size() -> None:
    """The recipe's size is the upload's."""
    upload = sent(jpeg(STILL), PictureRecipe(size=(160, 90), fit="blur"))
    assert pixels(upload.data).shape == (90, 160, 3)


def test_a_size_that_is_there_already_changes_nothing() -> None:
    """The file's own coding is kept, as if no size were given."""
    data = jpeg(STILL)
    assert sent(data, PictureRecipe(size=STILL.size, fit="contain")) == sent(data)


def test_what_is_too_big_becomes_a_good_jpeg() -> None:
    """Row 48: a PNG over the limit is sent as the best JPEG under it."""
    best = len(jpeg(noise(320, 320), quality=95, subsampling=0))
    upload = sent(png(noise(320, 320)), max_bytes=best)
    assert (upload.mime, upload.name_suffix) == ("image/jpeg", ".jpg")
    assert len(upload.data) == best
    assert inspect(upload.data).mode == "RGB"


def test_the_limit_is_kept_by_falling_quality() -> None:
    """Row 48: with less room the quality falls, never the size."""
    data = png(noise(320, 320))
    sizes = [len(sent(data, max_bytes=most).data) for most in (250_000, 150_000, 100_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_what_stays_too_big_is_refused() -> None:
    """Row 48: pixels are not thrown away unasked."""
    with pytest.raises(PictureError) as error:
        sent(png(noise(320, 320)), max_bytes=20_000)
    assert str(error.value) == "is over 0.02 MB even as a JPEG; make it smaller, or set `size`"


def test_a_broken_picture_is_never_sent() -> None:
    """A kept coding is decoded all the same, before anything is paid for."""
    data = png(STILL)
    at = data.index(b"IDAT")
    broken = data[: at - 4] + chunk(b"IDAT", b"\x78\x9c" + bytes(40)) + chunk(b"IEND", b"")
    with pytest.raises(PictureError, match="its pixels can't be decoded"):
        sent(broken)
