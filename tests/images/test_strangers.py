"""Whatever bytes come in: a picture, or one clear sentence; never anything else."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from storyboard.images.developing import develop
from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.images.picture_facts import PictureFacts, inspect
from storyboard.images.recipe import PictureRecipe
from tests.images.samples import P3, chunk, exif, jpeg, photo, pixels, png, rgb_profile, saved

BOUNDED = settings(max_examples=150)
MOST = 5.0
"""CPU seconds for one picture."""

STILL = photo(24, 18)
CLEAR = STILL.convert("RGBA")
ICC = rgb_profile("Display P3", P3, gamma=None)
MOVING = {"save_all": True, "append_images": [STILL.rotate(180)]}
SEEDS = [
    png(STILL, exif=exif(orientation=6), icc_profile=ICC),
    png(STILL.convert("P"), transparency=3),
    png(STILL, **MOVING),
    jpeg(STILL, exif=exif(orientation=6, located=True), icc_profile=ICC),
    jpeg(STILL.convert("CMYK"), progressive=True),
    saved(CLEAR, "WEBP", exif=exif(orientation=3), icc_profile=ICC),
    saved(STILL, "WEBP", **MOVING),
    saved(CLEAR, "AVIF", exif=exif(orientation=3), icc_profile=ICC),
]


def looked_at(data: bytes) -> PictureFacts | PictureError:
    """The facts, with the picture also developed and sent; or why not. Never takes long."""
    began = time.process_time()
    try:
        return _looked_at(data)
    except PictureError as error:
        return error
    finally:
        assert time.process_time() - began < MOST


def _looked_at(data: bytes) -> PictureFacts:
    facts = inspect(data)
    recipe = PictureRecipe(frame=facts.frames - 1)
    develop(data, recipe)
    payload(data, recipe, max_bytes=1_000_000)
    return facts


def is_clear(answer: PictureFacts | PictureError) -> bool:
    """Facts, or one printable line with a way out."""
    return isinstance(answer, PictureFacts) or (str(answer).isprintable() and "; " in str(answer))


@BOUNDED
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    """Noise is no picture."""
    assert is_clear(looked_at(data))


@BOUNDED
@given(
    st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x40\0\0\0WEBP", b"\0\0\0 ftypavif"]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_behind_a_signature(magic: bytes, data: bytes) -> None:
    """A signature makes no picture."""
    assert is_clear(looked_at(magic + data))


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A real file with bytes changed, taken out or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        data[at : at + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(data)


@BOUNDED
@given(damaged_files())
def test_damaged_files(data: bytes) -> None:
    """A broken picture is shown or refused; nothing else comes out."""
    assert is_clear(looked_at(data))


@BOUNDED
@given(st.sampled_from(SEEDS[:3]), st.data())
def test_damaged_chunks_with_right_checksums(data: bytes, draw: st.DataObject) -> None:
    """An attacker writes right checksums."""
    out, at = data[:8], 8
    wanted = draw.draw(st.integers(0, 6))
    for index in range(40):
        length = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if index == wanted:
            cut = draw.draw(st.integers(0, len(body)))
            body = body[:cut] + draw.draw(st.binary(max_size=12)) + body[cut + 4 :]
        out += chunk(name, body)
        at += 12 + length
        if at >= len(data):
            break
    assert is_clear(looked_at(out))


small_pictures = st.builds(
    lambda seed, width, height: Image.fromarray(
        np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    ),
    st.integers(0, 99),
    st.integers(1, 40),
    st.integers(1, 40),
)


@BOUNDED
@given(
    small_pictures,
    st.integers(1, 100),
    st.sampled_from([0, 1, 2]),
    st.booleans(),
    st.binary(max_size=60),
)
def test_a_stripped_jpeg_has_the_same_pixels(
    image: Image.Image, quality: int, sampling: int, progressive: bool, comment: bytes
) -> None:
    """Whatever its coding, and whatever is said in it."""
    data = jpeg(
        image,
        quality=quality,
        subsampling=sampling,
        progressive=progressive,
        comment=comment,
        exif=exif(located=True),
    )
    upload = payload(data, PictureRecipe(), max_bytes=10**6)
    assert upload.mime == "image/jpeg"
    assert np.array_equal(pixels(upload.data), pixels(data))


@BOUNDED
@given(small_pictures, st.integers(0, 9), st.text(max_size=40))
def test_a_stripped_png_has_the_same_pixels(image: Image.Image, level: int, text: str) -> None:
    """Whatever its coding, and whatever is said in it."""
    said = PngImagePlugin.PngInfo()
    said.add_itxt("Comment", text)
    data = png(image, compress_level=level, pnginfo=said, exif=exif(located=True))
    upload = payload(data, PictureRecipe(), max_bytes=10**6)
    assert upload.mime == "image/png"
    assert np.array_equal(pixels(upload.data), pixels(data))
