"""Row 47: turning, colours, depth, transparency and animations, measured in levels of 255."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from storyboard.images.developing import develop
from storyboard.images.parts import PictureError
from storyboard.images.recipe import PictureRecipe
from tests.images.samples import (
    ADOBE,
    P3,
    Pixels,
    chunk,
    cmyk_profile,
    encoded,
    exif,
    grey_profile,
    jpeg,
    linear,
    meant,
    photo,
    png,
    raw_png,
    rgb_profile,
    saved,
    turned,
)

STILL = photo()
PLAIN = PictureRecipe()


def developed(data: bytes, recipe: PictureRecipe = PLAIN) -> Pixels:
    """The picture's levels, with sign, so that differences are right."""
    image = develop(data, recipe)
    assert (image.mode, image.info) == ("RGB", {})
    return np.asarray(image).astype(int)


def apart(one: Pixels, other: Pixels) -> float:
    """The largest difference in any channel, in levels of 255."""
    return float(np.abs(one.astype(float) - other.astype(float)).max())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation: int) -> None:
    """All eight ways to hold a camera give the same picture."""
    data = png(turned(STILL, orientation), exif=exif(orientation=orientation))
    assert apart(developed(data), np.asarray(STILL)) == 0


@pytest.mark.parametrize(
    ("name", "colors", "gamma"), [("Display P3", P3, None), ("Adobe RGB", ADOBE, 563 / 256)]
)
def test_wide_colors_become_srgb(
    name: str, colors: tuple[tuple[float, ...], ...], gamma: float | None
) -> None:
    """The levels are those worked out from the profile's definition, to within one."""
    data = png(STILL, icc_profile=rgb_profile(name, colors, gamma=gamma))
    wanted = meant(np.asarray(STILL), colors, gamma=gamma)
    assert apart(developed(data), wanted) <= 1
    assert apart(np.asarray(STILL), wanted) > 50


def test_a_grey_profile_is_followed() -> None:
    """Grey that was stored as light itself is given sRGB's curve."""
    grey = STILL.convert("L")
    data = png(grey, icc_profile=grey_profile("Linear grey", 1.0))
    wanted = encoded(np.asarray(grey) / 255) * 255
    assert apart(developed(data)[..., 0], wanted) <= 1


def test_grey_with_a_color_profile_is_followed() -> None:
    """Programs that turn a photo grey often leave its profile in; its curve still counts."""
    grey = STILL.convert("L")
    data = png(grey, icc_profile=rgb_profile("Gamma 1.8", P3, gamma=1.8))
    wanted = encoded((np.asarray(grey) / 255) ** (round(1.8 * 256) / 256)) * 255
    assert apart(developed(data)[..., 0], wanted) <= 1


def test_a_profile_for_other_pixels_is_refused() -> None:
    """A grey profile says nothing about colours."""
    with pytest.raises(PictureError) as error:
        develop(png(STILL, icc_profile=grey_profile("Grey", 2.2)), PLAIN)
    assert str(error.value) == (
        "has RGB pixels but a colour profile for L ones; save it again as sRGB"
    )


PRESS: dict[tuple[int, ...], tuple[float, float, float]] = {
    (0, 0, 0, 0): (100.0, 0.0, 0.0),
    (1, 0, 0, 0): (55.0, -37.0, -50.0),
    (0, 1, 0, 0): (48.0, 74.0, -3.0),
    (0, 0, 1, 0): (89.0, -5.0, 93.0),
    (0, 0, 0, 1): (16.0, 0.0, 0.0),
}


@pytest.mark.parametrize(
    ("ink", "color"),
    [
        ((0, 0, 0, 0), (255, 255, 255)),
        ((0, 255, 0, 0), (215, 10, 122)),
        ((0, 0, 0, 255), (40, 40, 40)),
    ],
)
def test_cmyk_follows_its_press(ink: tuple[int, ...], color: tuple[int, ...]) -> None:
    """Printed magenta is Lab 48, 74, -3, which is far from a screen's."""
    data = jpeg(Image.new("CMYK", (16, 16), ink), icc_profile=cmyk_profile("Press", PRESS))
    assert apart(developed(data), np.array(color)) <= 3


def test_cmyk_without_a_profile_is_the_complement() -> None:
    """Nothing is known about the inks, so cyan is what is not red."""
    data = jpeg(Image.new("CMYK", (16, 16), (255, 0, 0, 0)))
    assert apart(developed(data), np.array((0, 255, 255))) <= 2


def test_sixteen_bits_of_grey_are_scaled() -> None:
    """A ramp of 65536 levels becomes an even ramp of 256, not two levels."""
    ramp = np.arange(65536).reshape(256, 256)
    grey = developed(raw_png(ramp, bits=16, kind=0))[..., 0]
    assert apart(grey, ramp / 257) <= 0.5
    assert len(np.unique(grey)) == 256


def test_sixteen_bits_of_color_are_scaled() -> None:
    """Each channel keeps its level to within one."""
    ramp = np.arange(0, 65536, 64).reshape(32, 32)
    color = np.stack([ramp, ramp[::-1], ramp.T], axis=-1)
    assert apart(developed(raw_png(color, bits=16, kind=2)), color / 257) <= 1


@pytest.mark.parametrize(("mode", "off"), [("1", 0), ("L", 0), ("P", 0), ("LA", 0), ("RGBA", 0)])
def test_every_kind_of_pixels_becomes_rgb(mode: str, off: float) -> None:
    """Grey, palette, black and white, and opaque alpha show what a viewer shows."""
    stored = STILL.convert(mode)
    wanted = np.asarray(stored.convert("RGB"))
    assert apart(developed(png(stored)), wanted) <= off


def test_transparency_is_laid_over_the_background() -> None:
    """Half a white over blue is light blue, and what is hidden stays hidden."""
    levels = np.array([[[255, 255, 255, 128], [255, 0, 0, 0], [10, 20, 30, 255]]])
    shown = developed(raw_png(levels, bits=8, kind=6), PictureRecipe(background="#0000ff"))
    assert apart(shown, np.array([[(128, 128, 255), (0, 0, 255), (10, 20, 30)]])) <= 1


def test_colors_are_converted_before_they_are_mixed() -> None:
    """The background is sRGB whatever the picture's profile says."""
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    data = png(clear, icc_profile=rgb_profile("Display P3", P3, gamma=None))
    assert apart(developed(data, PictureRecipe(background="#00c800")), np.array((0, 200, 0))) == 0


@pytest.mark.parametrize(
    ("bits", "kind", "levels", "key", "shown"),
    [
        (1, 0, [[0, 1]], b"\0\1", [0, 9]),
        (2, 0, [[1, 3]], b"\0\1", [9, 255]),
        (4, 0, [[5, 15]], b"\0\5", [9, 255]),
        (8, 0, [[77, 78]], b"\0\x4d", [9, 78]),
        (16, 0, [[300, 65535]], b"\1\x2c", [9, 255]),
    ],
)
def test_one_transparent_grey_is_laid_over_too(
    bits: int, kind: int, levels: list[list[int]], key: bytes, shown: list[int]
) -> None:
    """A PNG may call one level transparent, at every depth."""
    data = raw_png(np.array(levels), bits=bits, kind=kind, extra=chunk(b"tRNS", key))
    assert developed(data, PictureRecipe(background="#090909"))[0, :, 0].tolist() == shown


@pytest.mark.parametrize("bits", [8, 16])
def test_one_transparent_color_is_laid_over_too(bits: int) -> None:
    """A PNG may call one colour transparent; others that share a channel stay."""
    scale = 257 if bits == 16 else 1
    levels = np.array([[[10, 20, 30], [10, 20, 31]]]) * scale
    key = (levels[0, 0]).astype(">u2").tobytes()
    data = raw_png(levels, bits=bits, kind=2, extra=chunk(b"tRNS", key))
    shown = developed(data, PictureRecipe(background="#090909"))
    assert shown[0].tolist() == [[9, 9, 9], [10, 20, 31]]


def test_a_palette_may_be_transparent() -> None:
    """Alpha in a palette counts for each of its colours."""
    stored = Image.new("P", (2, 1))
    stored.putpalette([200, 0, 0, 0, 200, 0])
    stored.putpixel((1, 0), 1)
    data = png(stored, transparency=bytes([0, 255]))
    assert developed(data, PictureRecipe(background="#0a0a0a"))[0].tolist() == [
        [10, 10, 10],
        [0, 200, 0],
    ]


MOVING = {"save_all": True, "append_images": [Image.new("RGB", STILL.size, "blue")]}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_an_animation_needs_a_choice(kind: str) -> None:
    """Row 46: which frame is meant is not guessed."""
    data = saved(STILL, kind, **MOVING)
    with pytest.raises(PictureError) as error:
        develop(data, PLAIN)
    assert str(error.value) == (
        "is an animation of 2 frames; choose one with `frame: 0` to `frame: 1`, or save a still"
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_the_chosen_frame_is_shown(kind: str) -> None:
    """Frames count from 0."""
    data = saved(STILL, kind, **MOVING)
    assert apart(developed(data, PictureRecipe(frame=1)), np.array((0, 0, 255))) <= 4
    assert apart(developed(data, PictureRecipe(frame=0))[0, 0], np.array((220, 30, 40))) <= 12


def test_a_frame_behind_the_last_is_refused() -> None:
    """The message counts as the file counts."""
    with pytest.raises(PictureError) as error:
        develop(saved(STILL, "WEBP", **MOVING), PictureRecipe(frame=2))
    assert str(error.value) == "has 2 frames, counted from 0; there is no 2"


def test_pixels_that_break_off_are_refused() -> None:
    """Row 46: a whole file with half of its pixels is not a picture with a grey half."""
    data = png(STILL)
    at = data.index(b"IDAT")
    body = data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]
    short = data[: at - 4] + chunk(b"IDAT", body[: len(body) // 2]) + chunk(b"IEND", b"")
    with pytest.raises(PictureError) as error:
        develop(short, PLAIN)
    assert str(error.value) == ("is damaged (its pixels can't be decoded); save or copy it again")


def test_the_size_comes_last() -> None:
    """A turned picture is fitted in its upright shape."""
    data = jpeg(turned(STILL, 6), exif=exif(orientation=6))
    image = develop(data, PictureRecipe(size=(32, 24), fit="cover"))
    wanted = STILL.resize((32, 24), Image.Resampling.LANCZOS)
    assert apart(np.asarray(image), np.asarray(wanted)) <= 6


def test_linear_and_encoded_undo_each_other() -> None:
    """The arithmetic these tests rely on is right."""
    levels = np.linspace(0, 1, 256)
    assert np.allclose(encoded(linear(levels)), levels, atol=1e-6)
    assert Image.open(BytesIO(png(STILL))).size == STILL.size
