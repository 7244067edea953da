"""Words over the picture: titles, captions and the burn-in, as small patches with opacity.

`overlay` is what lies over one film frame, and `over` lays it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageColor, ImageDraw, ImageFilter

from storyboard.rendering.burn_in import burn_in
from storyboard.rendering.patch import Patch, cropped, faded, over
from storyboard.rendering.stacking import Slab, stacked
from storyboard.text import fonts
from storyboard.text.wrapping import lacking, missing, typeset

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from storyboard.text.wrapping import WrappedLines
    from storyboard.timeline import Timeline, Words
    from storyboard.units.sizes import Size

__all__ = [
    "Overlay",
    "Patch",
    "crowded",
    "draw",
    "lacking",
    "lift",
    "missing",
    "over",
    "overlay",
]


@dataclass(frozen=True, slots=True)
class Margins:
    """What words keep clear of, in parts of the picture's width and height."""

    side: float
    top: float
    bottom: float

    def room(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, width and height of what is left, in pixels."""
        side = round(size[0] * self.side)
        top, bottom = round(size[1] * self.top), round(size[1] * self.bottom)
        return side, top, size[0] - 2 * side, size[1] - top - bottom


MARGINS = {
    "title": Margins(side=0.10, top=0.05, bottom=0.05),
    "phone": Margins(side=0.12, top=0.14, bottom=0.20),
}
"""The title-safe area, and what the players of TikTok, Reels and Shorts leave free."""

_PAD_WIDTH, _PAD_HEIGHT, _ROUND = 0.45, 0.26, 0.16
_HALO, _HALO_STRENGTH = 0.10, 1.6
_DARK = 110

Overlay = tuple[Patch, ...]
"""What lies over a film frame, bottom first; empty where the picture is untouched."""


def overlay(timeline: Timeline, frame: int) -> Overlay:
    """What lies over this film frame: the burn-in, then captions, then titles, faded."""
    layers = [
        faded(_drawn(words, timeline.size).lower(lift(timeline, words)), _opacity(words, frame))
        for words in timeline.words_at(frame)
    ]
    shot = timeline.burn_in_at(frame)
    if shot is not None:
        layers.insert(0, burn_in(timeline, shot, frame))
    return tuple(layer for layer in layers if layer.pixels.size)


def lift(timeline: Timeline, words: Words) -> int:
    """Pixels by which words stand lower than they ask for (higher, if negative): others are there.

    It is the same for as long as they stand, whether or not the others still do.
    """
    states = tuple(fonts.states(font) for font in {one.font for one in timeline.words})
    return _lifts(timeline.words, timeline.size, states).get(words, 0)


@lru_cache(maxsize=16)
def _lifts(words: tuple[Words, ...], size: Size, _states: object) -> dict[Words, int]:
    """Those that are moved."""
    crowd = [one for one in words if any(_meet(one, other) for other in words if other is not one)]
    moved = stacked([_slab(one, size) for one in crowd], size.height)
    return {one: by for one, by in zip(crowd, moved, strict=True) if by}


def _meet(one: Words, other: Words) -> bool:
    return one.start < other.end and other.start < one.end


def _slab(words: Words, size: Size) -> Slab:
    patch = _drawn(words, size)
    high, wide = patch.pixels.shape[:2]
    upwards = "bottom" in words.position
    return Slab(words.start, words.end, patch.left, patch.top, wide, high, upwards)


def draw(words: Words, size: Size) -> NDArray[np.uint8]:
    """The words on a clear picture: RGBA uint8 (height, width, 4), without their fades."""
    return _drawn(words, size).on(size)


def crowded(words: Words, size: Size) -> bool:
    """Whether the words don't fit the title-safe area at their size, and are made smaller."""
    return not _lines(words, size).as_asked


def _opacity(words: Words, frame: int) -> float:
    """0 to 1: rising over the fade in, falling over the fade out, never quite 0."""
    done, left = frame - words.start + 1, words.frames - (frame - words.start)
    return min(1.0, done / (words.fade_in + 1), left / (words.fade_out + 1))


def _lines(words: Words, size: Size) -> WrappedLines:
    pixels = max(round(words.size / 100 * min(size.width, size.height)), 1)
    _, _, width, height = MARGINS[words.safe].room((size.width, size.height))
    return typeset(words.text, pixels, width=width, height=height, font=words.font)


def _drawn(words: Words, size: Size) -> Patch:
    """Only what the letters, their box and their halo need of the picture."""
    return _painted(words, size, fonts.states(words.font))


@lru_cache(maxsize=64)
def _painted(words: Words, size: Size, _states: object) -> Patch:
    """The same, drawn once for as long as its fonts stay as they are."""
    lines = _lines(words, size)
    canvas = Image.new("L", (size.width, size.height))
    box = _set(lines, canvas, words)
    red, green, blue = ImageColor.getrgb(words.color)[:3]
    ink = Image.new("RGBA", canvas.size, (red, green, blue, 255))
    ink.putalpha(canvas)
    if words.background:
        under = _box(canvas.size, box, lines.pixels, colour=words.background)
    else:
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < _DARK
        under = _halo(canvas, lines.pixels, colour=255 if dark else 0)
    return cropped(Image.alpha_composite(under, ink))


def _set(lines: WrappedLines, canvas: Image.Image, words: Words) -> tuple[int, int, int, int]:
    """Draw the lines into a mask at their position; their left, top, right and bottom."""
    pen = ImageDraw.Draw(canvas)
    widths = [round(lines.font.getlength(line)) for line in lines.lines]
    ascent, descent = lines.font.getmetrics()
    block = max(widths), lines.leading * (len(widths) - 1) + lines.pixels
    left, top = _place(block, canvas.size, words)
    nudge = (lines.pixels - ascent - descent) // 2
    for row, (line, width) in enumerate(zip(lines.lines, widths, strict=True)):
        shift = round((block[0] - width) * _across(words.position))
        place = left + shift, top + nudge + row * lines.leading
        lines.font.draw(pen, place, line, 255)
    return left, top, left + block[0], top + block[1]


def _place(block: tuple[int, int], canvas: tuple[int, int], words: Words) -> tuple[int, int]:
    left, top, width, height = MARGINS[words.safe].room(canvas)
    position = words.position
    down = 0.0 if "top" in position else 1.0 if "bottom" in position else 0.5
    return (
        left + round((width - block[0]) * _across(position)),
        top + round((height - block[1]) * down),
    )


def _across(position: str) -> float:
    return 0.0 if "left" in position else 1.0 if "right" in position else 0.5


def _box(
    canvas: tuple[int, int], box: tuple[int, int, int, int], pixels: int, *, colour: str
) -> Image.Image:
    glass = Image.new("RGBA", canvas)
    wide, high = round(_PAD_WIDTH * pixels), round(_PAD_HEIGHT * pixels)
    outer = (box[0] - wide, box[1] - high, box[2] + wide - 1, box[3] + high - 1)
    ImageDraw.Draw(glass).rounded_rectangle(
        outer, radius=round(_ROUND * pixels), fill=ImageColor.getrgb(colour)
    )
    return glass


def _halo(letters: Image.Image, pixels: int, *, colour: int) -> Image.Image:
    """A soft edge in the opposite brightness, so that letters stand out on any picture."""
    blurred = letters.filter(ImageFilter.GaussianBlur(max(_HALO * pixels, 0.8)))
    strength = blurred.point([min(round(level * _HALO_STRENGTH), 190) for level in range(256)])
    halo = Image.new("RGBA", letters.size, (colour, colour, colour, 255))
    halo.putalpha(strength)
    return halo
