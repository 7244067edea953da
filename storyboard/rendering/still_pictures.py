"""The picture of a still or a card, as the film and its exports show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from storyboard import files
from storyboard.errors import FileTrouble, MediaError
from storyboard.images.developing import developed
from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import opened
from storyboard.images.recipe import PictureRecipe
from storyboard.images.still import MAX_STILL_BYTES
from storyboard.units.focus import CENTER

if TYPE_CHECKING:
    from storyboard.timeline import Media
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit, Size


def still_picture(
    media: Media, size: Size, fit: Fit, *, background: str, focus: Focus = CENTER
) -> Image.Image:
    """The `RGB` image of a still or a card at this size.

    MediaError where its file can't be read, or shows another picture than when the storyboard was
    read: pieces of the film are named by that one.
    """
    box = size.width, size.height
    if media.color:
        return Image.new("RGB", box, media.color)
    recipe = PictureRecipe(
        frame=media.picture, background=background.lower(), size=box, fit=fit, focus=focus
    )
    try:
        found = opened(files.read(media.path, limit=MAX_STILL_BYTES))
        if media.content and found.facts.content != media.content:
            raise MediaError(f"{media.path} has changed since it was read; run the command again")
        return developed(found, recipe)
    except (FileTrouble, PictureError) as cause:
        raise MediaError(f"{media.path} can't be read: {cause}") from cause
