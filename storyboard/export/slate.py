"""The slate: the picture that stands in for missing media, and says what is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

GROUND, BAR, INK, QUIET = "#17191d", "#e0a030", "#f4f1ea", "#a6a8ad"


def slate(
    size: tuple[int, int], words: Sequence[str], *, under: Image.Image | None = None
) -> Image.Image:
    """A slate of `size` (width, height): the first word large, the others in lines below.

    `under` is dimmed and shown behind them.
    """
    image = Image.new("RGB", size, GROUND)
    if under is not None:
        image = Image.blend(under.convert("RGB").resize(size), image, 0.72)
    width, height = size
    draw = ImageDraw.Draw(image)
    left, top = width // 12, height // 6
    draw.rectangle((left, top, left + width // 6, top + max(2, height // 90)), fill=BAR)
    top += height // 16
    title, *rest = words or ("",)
    draw.text((left, top), title, font=lettering(height / 8), fill=INK)
    top += height // 6
    font = lettering(height / 22)
    columns = max(12, int(width * 0.83 / (height / 22 * 0.55)))
    for text in rest:
        for line in textwrap.wrap(text, columns)[:6]:
            draw.text((left, top), line, font=font, fill=QUIET)
            top += int(height / 15)
    return image


def lettering(height: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Letters of about this height in pixels."""
    return ImageFont.load_default(size=max(8.0, height))
