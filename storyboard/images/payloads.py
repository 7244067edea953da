"""The exact bytes of a picture that leave the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from storyboard.images.developing import developed
from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import opened

if TYPE_CHECKING:
    from PIL import Image

    from storyboard.images.picture_facts import PictureFacts
    from storyboard.images.recipe import PictureRecipe

_QUALITIES = (95, 92, 88, 80)
_FULL_COLOR, _QUARTER_COLOR = 0, 2
"""Pillow's numbers for 4:4:4 and 4:2:0."""

_BAND, _HOPE = 16, 1.1
"""A PNG is tried unless a sixteenth of it promises clearly more than there is room for."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A PNG or JPEG, upright, in sRGB, opaque, and without metadata."""

    data: bytes
    mime: str
    """`image/png` or `image/jpeg`."""
    name_suffix: str
    """`.png` or `.jpg`."""


def payload(data: bytes, recipe: PictureRecipe, *, max_bytes: int) -> Payload:
    """What is uploaded for the picture: its own coding where nothing has to change.

    Otherwise PNG, and where that is over `max_bytes`, JPEG of falling quality. PictureError for a
    picture that is broken or stays too big. The picture is always decoded once, so that a broken
    one is found before anything is paid for.
    """
    picture = opened(data)
    settled = recipe.settled(picture.facts)
    image = developed(picture, settled)
    if kept_as_is(picture.facts, settled) and len(picture.parts.still) <= max_bytes:
        return _named(picture.parts.still, picture.facts.format)
    for encoded, kind in _encodings(image, max_bytes):
        if len(encoded) <= max_bytes:
            return _named(encoded, kind)
    raise PictureError(
        f"is over {max_bytes / 1e6:.3g} MB even as a JPEG; make it smaller, or set `size`"
    )


def kept_as_is(facts: PictureFacts, settled: PictureRecipe) -> bool:
    """Whether a settled recipe asks for nothing but leaving out the metadata."""
    return (
        facts.format in ("PNG", "JPEG")
        and (facts.mode, facts.bits, facts.orientation, facts.frames) == ("RGB", 8, 1, 1)
        and facts.srgb
        and not facts.alpha
        and settled.size is None
    )


def _encodings(image: Image.Image, most: int) -> Iterator[tuple[bytes, str]]:
    """From the best to the smallest."""
    if _png_may_fit(image, most):
        yield _saved(image, "PNG"), "PNG"
    for quality in _QUALITIES:
        for sampling in (_FULL_COLOR, _QUARTER_COLOR):
            yield _saved(image, "JPEG", quality=quality, subsampling=sampling), "JPEG"


def _png_may_fit(image: Image.Image, most: int) -> bool:
    """Whether a band across the middle gives hope: coding all of a big photograph takes seconds."""
    width, height = image.size
    if width * height * 3 <= most:
        return True
    top, rows = height // 2, max(1, height // _BAND)
    band = image.crop((0, top, width, min(top + rows, height)))
    return len(_saved(band, "PNG")) * height / band.height <= _HOPE * most


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _named(data: bytes, kind: str) -> Payload:
    if kind == "JPEG":
        return Payload(data, "image/jpeg", ".jpg")
    return Payload(data, "image/png", ".png")
