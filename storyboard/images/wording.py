"""What happens to a picture, and why one is refused, in plain words for the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.units.focus import CENTER

if TYPE_CHECKING:
    from storyboard.images.picture_facts import PictureFacts
    from storyboard.images.recipe import PictureRecipe

_FITS = {
    "cover": "cut to {shape} (fit: cover)",
    "contain": "bars of {background} added for {shape} (fit: contain)",
    "blur": "blurred bars added for {shape} (fit: blur)",
    "stretch": "stretched to {shape} (fit: stretch)",
}

_CHANNELS = {
    "P": "palette expanded to RGB",
    "1": "black and white expanded to RGB",
    "L": "grey expanded to RGB",
    "LA": "grey expanded to RGB",
    "I;16": "grey expanded to RGB",
}


def notes(facts: PictureFacts, recipe: PictureRecipe) -> tuple[str, ...]:
    """What will be done to the picture, one short phrase each; empty where nothing is."""
    settled = recipe.settled(facts)
    found = [
        f"frame {settled.frame} of {facts.frames}" if settled.frame is not None else "",
        "turned upright (EXIF)" if facts.orientation != 1 else "",
        _colors(facts),
        f"{facts.bits} bits per channel scaled to 8" if facts.bits > 8 else "",
        f"transparency laid over {settled.background}" if facts.alpha else "",
        *_fitting(facts, settled),
        "location data removed" if facts.located else "",
        "" if facts.format in ("PNG", "JPEG") else f"{facts.format} sent as PNG or JPEG",
    ]
    return tuple(filter(None, found))


def refusals(
    facts: PictureFacts,
    *,
    min_side: int,
    min_aspect: float,
    max_aspect: float,
    max_side: int | None = None,
    recipe: PictureRecipe | None = None,
) -> tuple[str, ...]:
    """Why a model with these limits would refuse the picture, and how to fix it; empty if it fits.

    Aspect is width / height. What counts is the size after the recipe, where it sets one.
    """
    width, height = (recipe and recipe.size) or (facts.width, facts.height)
    found = []
    if min(width, height) < min_side:
        found.append(
            f"is {width}x{height} pixels, and the model takes no side below {min_side}; "
            "use a larger picture, or set `size` and `fit: cover`"
        )
    if max_side is not None and max(width, height) > max_side:
        found.append(
            f"is {width}x{height} pixels, and the model takes no side above {max_side}; "
            "use a smaller picture, or set `size` and `fit: cover`"
        )
    if not min_aspect <= width / height <= max_aspect:
        found.append(
            f"is {width}x{height} pixels, {width / height:.2f} times as wide as high, and the "
            f"model takes {min_aspect:.2f} to {max_aspect:.2f}; set `size` and `fit: cover`, or "
            "`fit: contain` to keep all of it"
        )
    return tuple(found)


def _colors(facts: PictureFacts) -> str:
    named = f" ({facts.profile})" if facts.profile else ""
    if facts.mode == "CMYK":
        return f"CMYK{named or ' without a profile'} converted to sRGB"
    if not facts.srgb:
        return f"colours converted to sRGB from {facts.profile}"
    return _CHANNELS.get(facts.mode, "")


def _fitting(facts: PictureFacts, settled: PictureRecipe) -> tuple[str, ...]:
    if settled.size is None or settled.fit is None:
        return ()
    (width, height), shape = settled.size, f"{settled.size[0]}x{settled.size[1]}"
    scales = width / facts.width, height / facts.height
    scale = min(scales) if settled.fit in ("contain", "blur") else max(scales)
    words = _FITS[settled.fit].format(shape=shape, background=settled.background)
    if width * facts.height == height * facts.width:
        words = f"scaled to {shape}"
    words += _lost(facts, settled)
    words += "" if settled.focus == CENTER else f", around {settled.focus}"
    return (words, f"enlarged {scale:.1f} times, which shows" if scale > 1.5 else "")


def _lost(facts: PictureFacts, settled: PictureRecipe) -> str:
    """How much is cut off, where anybody would see it."""
    share, side = max(zip(settled.cut_off(facts), ("width", "height"), strict=True))
    return f", which loses {share:.0%} of its {side}" if share >= 0.005 else ""
