"""The plan says in plain words what is converted and why a picture is refused."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from storyboard.images.picture_facts import inspect
from storyboard.images.recipe import PictureRecipe
from storyboard.images.wording import notes, refusals
from tests.images.samples import (
    P3,
    cmyk_profile,
    exif,
    jpeg,
    photo,
    png,
    raw_png,
    rgb_profile,
    saved,
)

STILL = photo(640, 480)
PLAIN = PictureRecipe()
WIDE = PictureRecipe(size=(1280, 720), fit="cover")


@pytest.mark.parametrize(
    ("data", "recipe", "wanted"),
    [
        (jpeg(STILL), PLAIN, ()),
        (
            jpeg(STILL, exif=exif(orientation=6, located=True)),
            PLAIN,
            ("turned upright (EXIF)", "location data removed"),
        ),
        (
            png(STILL, icc_profile=rgb_profile("Display P3", P3, gamma=None)),
            PLAIN,
            ("colours converted to sRGB from Display P3",),
        ),
        (
            jpeg(STILL.convert("CMYK")),
            PLAIN,
            ("CMYK without a profile converted to sRGB",),
        ),
        (
            jpeg(
                STILL.convert("CMYK"),
                icc_profile=cmyk_profile("Press", {(0, 0, 0, 0): (100.0, 0.0, 0.0)}),
            ),
            PLAIN,
            ("CMYK (Press) converted to sRGB",),
        ),
        (png(STILL.convert("L")), PLAIN, ("grey expanded to RGB",)),
        (png(STILL.convert("P")), PLAIN, ("palette expanded to RGB",)),
        (png(STILL.convert("1")), PLAIN, ("black and white expanded to RGB",)),
        (
            png(STILL.convert("RGBA")),
            PictureRecipe(background="#102030"),
            ("transparency laid over #102030",),
        ),
        (
            saved(STILL, "WEBP", save_all=True, append_images=[STILL.rotate(180)]),
            PictureRecipe(frame=1),
            ("frame 1 of 2", "WebP sent as PNG or JPEG"),
        ),
        (
            png(STILL),
            WIDE,
            (
                "cut to 1280x720 (fit: cover), which loses 25% of its height",
                "enlarged 2.0 times, which shows",
            ),
        ),
        (
            png(STILL),
            PictureRecipe(size=(640, 360), fit="contain"),
            ("bars of #000000 added for 640x360 (fit: contain)",),
        ),
        (
            png(STILL),
            PictureRecipe(size=(640, 360), fit="blur"),
            ("blurred bars added for 640x360 (fit: blur)",),
        ),
        (
            png(STILL),
            PictureRecipe(size=(640, 360), fit="stretch"),
            ("stretched to 640x360 (fit: stretch)",),
        ),
        (png(STILL), PictureRecipe(size=(320, 240), fit="cover"), ("scaled to 320x240",)),
    ],
)
def test_what_is_done_is_said(data: bytes, recipe: PictureRecipe, wanted: tuple[str, ...]) -> None:
    """Row 47: each conversion is one phrase, and nothing else is said."""
    assert notes(inspect(data), recipe) == wanted


def test_lost_depth_is_said() -> None:
    """Row 47: 16 bits become 8."""
    facts = inspect(raw_png(np.zeros((4, 4, 3)), bits=16, kind=2))
    assert notes(facts, PLAIN) == ("16 bits per channel scaled to 8",)


def refused(width: int, height: int, recipe: PictureRecipe | None = None) -> tuple[str, ...]:
    """Why a model with common limits refuses a picture of that size."""
    return refusals(
        inspect(png(Image.new("1", (width, height)))),
        min_side=300,
        min_aspect=0.40,
        max_aspect=2.50,
        max_side=4096,
        recipe=recipe,
    )


@pytest.mark.parametrize("size", [(300, 300), (750, 300), (300, 750), (4096, 4096)])
def test_the_limits_themselves_are_fine(size: tuple[int, int]) -> None:
    """Row 48: the edges belong to what is allowed."""
    assert refused(*size) == ()


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (
            (299, 400),
            "is 299x400 pixels, and the model takes no side below 300; "
            "use a larger picture, or set `size` and `fit: cover`",
        ),
        (
            (4097, 4000),
            "is 4097x4000 pixels, and the model takes no side above 4096; "
            "use a smaller picture, or set `size` and `fit: cover`",
        ),
        (
            (1200, 400),
            "is 1200x400 pixels, 3.00 times as wide as high, and the model takes 0.40 to 2.50; "
            "set `size` and `fit: cover`, or `fit: contain` to keep all of it",
        ),
    ],
)
def test_a_refusal_names_the_fix(size: tuple[int, int], message: str) -> None:
    """Row 48: too small, too big, and too wide are each said with what helps."""
    assert refused(*size) == (message,)


def test_every_reason_is_said_at_once() -> None:
    """A picture that is too small and too wide is told both."""
    assert len(refused(800, 200)) == 2


def test_a_size_in_the_recipe_is_what_counts() -> None:
    """The fix that the message names does fix it."""
    assert refused(800, 200, WIDE) == ()
