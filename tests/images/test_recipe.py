"""A recipe's text goes into keys: it must be stable, and say only what counts."""

from __future__ import annotations

from typing import Any

import pytest

from storyboard.images.parts import PictureError
from storyboard.images.payloads import payload
from storyboard.images.picture_facts import inspect
from storyboard.images.recipe import PictureRecipe
from storyboard.units.focus import Focus
from tests.images.samples import photo, png, saved

STILL = inspect(png(photo(640, 480)))


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (PictureRecipe(), "v1 bg=#000000"),
        (PictureRecipe(frame=3, background="#0a0b0c"), "v1 frame=3 bg=#0a0b0c"),
        (PictureRecipe(size=(1280, 720), fit="cover"), "v1 bg=#000000 fit=cover 1280x720"),
        (
            PictureRecipe(size=(1280, 720), fit="cover", focus=Focus(0.25, 0.5)),
            "v1 bg=#000000 focus=0.25,0.5 fit=cover 1280x720",
        ),
    ],
)
def test_the_text_is_short_and_stable(recipe: PictureRecipe, text: str) -> None:
    """A change here changes keys, and so buys shots again."""
    assert recipe.text == text


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (PictureRecipe(background="#ffffff"), "v1 bg=#000000"),
        (PictureRecipe(frame=0), "v1 bg=#000000"),
        (PictureRecipe(size=(640, 480), fit="blur"), "v1 bg=#000000"),
        (PictureRecipe(size=(320, 240), fit="contain"), "v1 bg=#000000 fit=stretch 320x240"),
        (
            PictureRecipe(size=(320, 320), fit="cover", background="#ffffff"),
            "v1 bg=#000000 fit=cover 320x320",
        ),
        (
            PictureRecipe(size=(320, 320), fit="contain", background="#ffffff"),
            "v1 bg=#ffffff fit=contain 320x320",
        ),
        (
            PictureRecipe(size=(320, 320), fit="cover", focus=Focus(0.5, 0.0)),
            "v1 bg=#000000 fit=cover 320x320",
        ),
        (
            PictureRecipe(size=(320, 320), fit="cover", focus=Focus(0.1, 0.9)),
            "v1 bg=#000000 focus=0.375,0.5 fit=cover 320x320",
        ),
        (
            PictureRecipe(size=(320, 320), fit="contain", focus=Focus(0.1, 0.9)),
            "v1 bg=#000000 fit=contain 320x320",
        ),
    ],
)
def test_what_makes_no_difference_is_settled(recipe: PictureRecipe, text: str) -> None:
    """A setting that leaves the picture as it was leaves its key as it was."""
    assert recipe.settled(STILL).text == text


@pytest.mark.parametrize(
    "recipe",
    [
        PictureRecipe(background="#ff0000", frame=0),
        PictureRecipe(size=(64, 48), fit="contain"),
        PictureRecipe(size=(32, 24), fit="cover", background="#ff0000"),
        PictureRecipe(size=(32, 32), fit="cover", background="#ff0000"),
    ],
)
def test_a_settled_recipe_sends_the_same(recipe: PictureRecipe) -> None:
    """Settling changes the text, never the bytes."""
    data = png(photo())
    settled = recipe.settled(inspect(data))
    assert payload(data, recipe, max_bytes=10**6) == payload(data, settled, max_bytes=10**6)


def test_what_makes_a_difference_is_kept() -> None:
    """Of an animation with transparency, frame and background count."""
    clear = photo().convert("RGBA")
    clear.putalpha(100)
    facts = inspect(saved(clear, "WEBP", save_all=True, append_images=[photo().convert("RGBA")]))
    assert (
        PictureRecipe(frame=1, background="#ffffff").settled(facts).text == "v1 frame=1 bg=#ffffff"
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"frame": -1}, "frame -1 does not exist; frames count from 0"),
        (
            {"background": "white"},
            "'white' is not a colour; write it as #rrggbb, like #1a2b3c",
        ),
        (
            {"background": "#FFFFFF\n"},
            "'#FFFFFF\\n' is not a colour; write it as #rrggbb, like #1a2b3c",
        ),
        ({"size": (10, 10)}, "a size needs a fit, and a fit a size; give both or neither"),
        ({"fit": "cover"}, "a size needs a fit, and a fit a size; give both or neither"),
        (
            {"size": (0, 10), "fit": "cover"},
            "a size must be between 1x1 and 50 million pixels; choose another",
        ),
        (
            {"size": (10, 10), "fit": "fill"},
            "'fill' is no fit; use cover, contain, blur or stretch",
        ),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    """It is refused where it is written, before any picture is read."""
    with pytest.raises(PictureError) as error:
        PictureRecipe(**wrong)
    assert str(error.value) == message
