"""The burn-in of a draft: a strip that says which shot this is, and that it is not the film."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from storyboard.rendering.patch import Patch
from storyboard.text import fonts
from storyboard.text.wrapping import single_line
from storyboard.units.timing import decimal, timecode

if TYPE_CHECKING:
    from storyboard.timeline import Timeline
    from storyboard.units.sizes import Size

_LETTERS, _LEAST_PIXELS = 0.032, 10
"""Size of the letters: part of the picture's shorter side, and pixels at least."""
_MARGIN = 0.04
_PAD, _GAP, _LEADING = 0.62, 0.85, 1.42
"""Around the words, between them, and from line to line, in letter sizes."""
_PROMPT_WIDTH = 24
"""How far the prompt may run, in letter sizes."""
_GLASS = (18, 19, 23, 190)
_WHITE, _GREY, _AMBER = (255, 255, 255, 255), (190, 194, 201, 255), (255, 187, 66, 255)


@dataclass(frozen=True, slots=True)
class _Strip:
    """The part of a burn-in that stays, and where the timecode is written into it."""

    image: Image.Image
    left: int
    top: int
    pen: tuple[int, int]
    pixels: int


def burn_in(timeline: Timeline, shot: str, frame: int) -> Patch:
    """The strip over one film frame: draft, shot, timecode, length, the prompt's first words."""
    prompt = timeline.note(shot).prompt
    strip = _strip(shot, _length(timeline, shot), prompt, timeline.size, fonts.states())
    image = strip.image.copy()
    words, font = single_line(timecode(frame, timeline.rate), strip.pixels, width=image.width)
    font.draw(ImageDraw.Draw(image), strip.pen, words, _WHITE)
    return Patch(strip.left, strip.top, np.asarray(image))


def _length(timeline: Timeline, shot: str) -> str:
    frames = sum(clip.frames for clip in timeline.of(shot))
    return f"{decimal(frames / timeline.rate, 2)} s"


@lru_cache(maxsize=16)
def _strip(shot: str, length: str, prompt: str, size: Size, _states: object) -> _Strip:
    short = min(size.width, size.height)
    pixels = max(round(short * _LETTERS), _LEAST_PIXELS)
    margin, pad = round(short * _MARGIN), round(pixels * _PAD)
    room = size.width - 2 * (margin + pad)
    heading = [("DRAFT", _AMBER), (shot, _WHITE), ("00:00:00:00", None), (length, _GREY)]
    starts, ends = _laid_out([text for text, _ in heading], pixels, room)
    wide = max(ends[-1], min(round(_PROMPT_WIDTH * pixels), room))
    said, said_font = single_line(prompt, pixels, width=wide)
    wide = max(ends[-1], round(said_font.getlength(said)))
    step = round(pixels * _LEADING)
    high = 2 * pad + pixels + (step if said else 0)
    image = Image.new("RGBA", (wide + 2 * pad, high))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, image.width - 1, high - 1), round(0.3 * pixels), _GLASS)
    top = pad - round(0.17 * pixels)
    for (text, ink), start, end in zip(heading, starts, ends, strict=True):
        if ink:
            line, font = single_line(text, pixels, width=end - start)
            font.draw(pen, (pad + start, top), line, ink)
    said_font.draw(pen, (pad, top + step), said, _GREY)
    return _Strip(image, margin, margin, (pad + starts[2], top), pixels)


def _laid_out(words: list[str], pixels: int, room: int) -> tuple[list[int], list[int]]:
    """Where each word of the heading starts and ends; the shot's name, the second, gives way."""
    gap = round(pixels * _GAP)
    widths = [int(single_line(word, pixels, width=room)[1].getlength(word)) + 1 for word in words]
    spare = room - sum(widths) - gap * (len(words) - 1)
    widths[1] = max(widths[1] + min(spare, 0), 2 * pixels)
    starts = [sum(widths[:place]) + gap * place for place in range(len(words))]
    return starts, [start + width for start, width in zip(starts, widths, strict=True)]
