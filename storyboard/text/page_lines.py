"""Words on sheets and slates: broken into lines that fit, in a font that has their letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PIL import ImageDraw

from storyboard.safe_text import in_one_line, in_picture
from storyboard.text import fonts
from storyboard.text.setting import Setting

if TYPE_CHECKING:
    from PIL import Image

LEADING = 1.32


def draw(
    canvas: Image.Image,
    place: tuple[int, int],
    text: str,
    *,
    pixels: int,
    width: int,
    ink: str,
    most: int = 1,
) -> int:
    """Draw the text from `place` down in at most so many lines; gives the y below the last."""
    left, top = place
    clean = in_one_line(in_picture(text))
    absent = fonts.missing(clean)
    shown = "".join("?" if letter in absent else letter for letter in clean)
    font = Setting(fonts.faces_for(f"{shown}…"), pixels)
    pen = ImageDraw.Draw(canvas)
    lines = list(_broken(shown, font, width))
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], font, width)]
    for line in lines:
        font.draw(pen, (left, top), line, ink)
        top += round(pixels * LEADING)
    return top


def _broken(text: str, font: Setting, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > width:
            yield line
            line = word
        else:
            line = longer
        while font.getlength(line) > width and len(line) > 1:
            fits = _fitting(line, font, width)
            yield line[:fits]
            line = line[fits:]
    if line:
        yield line


def _fitting(line: str, font: Setting, width: int) -> int:
    """How many letters of a word that is too long fit: at least one."""
    fits = len(line)
    while fits > 1 and font.getlength(line[:fits]) > width:
        fits -= 1
    return fits


def _shortened(line: str, font: Setting, width: int) -> str:
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
