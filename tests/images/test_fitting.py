"""Row 48: one rule brings stills and frames of takes to a size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from storyboard.images.developing import develop
from storyboard.images.fitting import fit, fit_frame
from storyboard.images.recipe import PictureRecipe
from storyboard.units.sizes import Fit
from tests.images.samples import photo, png

FITS: tuple[Fit, ...] = ("cover", "contain", "blur", "stretch")


def target(width: int, height: int) -> Image.Image:
    """Grey with a white disc of half the shorter side in its middle."""
    image = Image.new("RGB", (width, height), (90, 90, 90))
    radius = min(width, height) // 4
    box = (width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius)
    ImageDraw.Draw(image).ellipse(box, fill="white")
    return image


def disc(image: Image.Image) -> tuple[float, float, float, float]:
    """Centre x, centre y, width and height of what is brighter than grey, in pixels."""
    ys, xs = np.nonzero(np.asarray(image.convert("L")) > 172)
    return (
        float(xs.mean()) + 0.5,
        float(ys.mean()) + 0.5,
        float(np.ptp(xs)) + 1,
        float(np.ptp(ys)) + 1,
    )


@pytest.mark.parametrize("how", FITS)
@pytest.mark.parametrize("size", [(160, 90), (90, 160), (200, 200), (7, 300), (1, 1)])
def test_the_size_is_exact(how: Fit, size: tuple[int, int]) -> None:
    """Every fit gives every size exactly, in colour."""
    image = fit(photo(), size, how)
    assert (image.size, image.mode) == (size, "RGB")


@pytest.mark.parametrize("how", FITS)
def test_the_right_size_is_left_alone(how: Fit) -> None:
    """A picture that fits already comes back as it is."""
    image = photo()
    assert fit(image, image.size, how) is image


def test_cover_cuts_around_the_middle() -> None:
    """The disc stays round and in the middle; the picture fills the size."""
    image = fit(target(400, 300), (320, 180), "cover")
    x, y, width, height = disc(image)
    assert (round(x), round(y)) == (160, 90)
    assert abs(width - height) <= 1
    assert abs(width - 150 * 320 / 400) <= 2
    edges = np.asarray(image)[[0, -1]]
    assert (edges.min(), edges.max()) == (90, 90)


def test_contain_shows_all_between_bars() -> None:
    """The disc stays round and in the middle; the bars have the background's colour."""
    image = fit(target(300, 300), (320, 180), "contain", background="#102030")
    x, y, width, height = disc(image)
    assert (round(x), round(y)) == (160, 90)
    assert abs(width - 90) <= 2
    assert abs(height - 90) <= 2
    assert [image.getpixel((69, 5)), image.getpixel((70, 5))] == [(16, 32, 48), (90, 90, 90)]


def test_blur_fills_the_bars_with_the_darkened_picture() -> None:
    """The bars are darker than the picture and without its edges."""
    image = np.asarray(fit(target(300, 300), (320, 180), "blur")).astype(int)
    bar, inner = image[:, :70, 0], image[:, 70:250, 0]
    assert bar.max() < 0.7 * inner.max()
    assert bar.min() >= 40
    assert np.abs(np.diff(bar, axis=0)).max() <= 6


def test_stretch_distorts() -> None:
    """The disc fills the same part of both sides."""
    _, _, width, height = disc(fit(target(300, 300), (320, 180), "stretch"))
    assert abs(width - 160) <= 2
    assert abs(height - 90) <= 2


def test_a_bar_of_a_pixel_is_no_bar() -> None:
    """1921x1080 into 1920x1080 does not get a dark line."""
    image = fit(Image.new("RGB", (1281, 720), "white"), (640, 360), "contain")
    assert np.asarray(image).min() == 255


@pytest.mark.parametrize("how", FITS)
def test_frames_and_stills_are_fitted_alike(how: Fit) -> None:
    """A frame of a take gets the very pixels a still gets."""
    still = photo(100, 40)
    frame = fit_frame(np.asarray(still), (64, 64), how)
    developed = develop(png(still), PictureRecipe(size=(64, 64), fit=how))
    assert frame.shape == (64, 64, 3)
    assert frame.dtype == np.uint8
    assert np.array_equal(frame, np.asarray(developed))


@pytest.mark.parametrize("how", FITS)
def test_a_pair_of_different_shapes_comes_out_alike(how: Fit) -> None:
    """Both stills of a shot have one size, whatever shape they came in."""
    recipe = PictureRecipe(size=(96, 54), fit=how)
    sizes = {develop(png(photo(*size)), recipe).size for size in ((120, 40), (40, 120))}
    assert sizes == {(96, 54)}


def test_shrinking_keeps_no_false_patterns() -> None:
    """Lines too fine for the size become even grey, not stripes."""
    lines = np.zeros((600, 800, 3), np.uint8)
    lines[:, ::2] = 255
    small = np.asarray(fit(Image.fromarray(lines), (80, 60), "cover")).astype(int)
    assert np.ptp(small[5:-5, 5:-5]) <= 4
