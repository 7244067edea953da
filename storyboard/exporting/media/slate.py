"""The slate: the picture that stands in for missing media, and says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from storyboard.text import page_lines

if TYPE_CHECKING:
    from storyboard.video.colour import Picture

GROUND, ACCENT, INK, QUIET = "#17191d", "#e0a030", "#f4f1ea", "#b4b6bb"
_DIMMED = 0.72


def slate(
    size: tuple[int, int], words: Sequence[str], *, under: Image.Image | None = None
) -> Image.Image:
    """A slate of `size` (width, height): the first word large, the others in lines below.

    `under` is dimmed and shown behind them.
    """
    canvas = Image.new("RGB", size, GROUND)
    if under is not None:
        canvas = Image.blend(under.convert("RGB").resize(size), canvas, _DIMMED)
    width, height = size
    left, top, measure = width // 12, height // 5, width * 5 // 6
    bar = (left, top, left + width // 8, top + max(2, height // 90))
    ImageDraw.Draw(canvas).rectangle(bar, fill=ACCENT)
    title, *rest = words or ("",)
    top += height // 16
    top = page_lines.draw(
        canvas, (left, top), title, pixels=_letters(height, 8), width=measure, ink=INK
    )
    for text in rest:
        small = _letters(height, 22)
        top += small // 2
        place = (left, top)
        top = page_lines.draw(canvas, place, text, pixels=small, width=measure, ink=QUIET, most=5)
    return canvas


@dataclass(frozen=True, slots=True)
class SlateLook:
    """A slate on a shot's frames, where the film is drawn."""

    shot: str
    start: int
    end: int
    words: tuple[str, ...]
    key: str
    over: bool = False
    """Whether the shot's own picture is seen behind it."""

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The slate at the picture's size."""
        del frame
        high, wide = picture.shape[:2]
        under = Image.fromarray(picture) if self.over else None
        return np.asarray(slate((wide, high), self.words, under=under))


def _letters(height: int, part: int) -> int:
    return max(8, height // part)
