"""Text to lines: what may be drawn, where lines break, and how large the letters can be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bidi import get_display
from PIL import Image, ImageDraw

from storyboard.safe_text import in_one_line, in_picture
from storyboard.text import fonts, setting
from storyboard.text.setting import Setting

if TYPE_CHECKING:
    from storyboard.text.typeface import Typeface

LEADING = 1.28
"""From one base line to the next, in letter sizes."""

SMALLEST = 0.5
"""Letters shrink to this part of their size before words are broken or left out."""

_STEPS = 8
_LEAST_PIXELS = 6
_REPLACEMENT = "?"
_PROOF = 24
"""Pixels of the letters that are drawn to see whether they can be."""


@dataclass(frozen=True, slots=True)
class WrappedLines:
    """Text broken into lines that fit their measure."""

    lines: tuple[str, ...]
    font: Setting
    pixels: int
    """Size of the letters."""
    as_asked: bool
    """Whether every word is there, at the size that was asked for."""

    @property
    def leading(self) -> int:
        """Pixels from one base line to the next."""
        return round(self.pixels * LEADING)


def missing(text: str, font: str = "") -> set[str]:
    """The characters of `text` that can't be drawn here; a "?" stands in their place."""
    clean = in_picture(text)
    absent = fonts.missing(clean, font)
    if not setting.shapes_scripts():
        absent |= {letter for letter in clean if _needs_joining(letter)}
    return absent


def lacking(text: str, font: str = "") -> str:
    """What is said of text with letters that can't be drawn here; empty where all can."""
    absent = missing(text, font)
    if not absent:
        return ""
    return (
        f"no font here has {_listed(absent)}; a ? stands for each. "
        f"Install one that has them, or name its file in {fonts.FONT_VARIABLE}"
    )


def borrowed(text: str, font: str = "") -> str:
    """What is said of letters that are set in another font than the others; empty where none is.

    The package's own fonts are said to be where the storyboard has one, which lacks the letters.
    """
    clean = in_picture(text)
    left = set(clean) - missing(text, font) - {"\n"}
    said = []
    for number, face in enumerate(fonts.faces_for(clean, font)):
        own = bool(font) and face.path == Path(font)
        letters = {letter for letter in face.having(left) if not letter.isspace()}
        left -= letters
        if own or not letters or (not font and (number == 0 or fonts.is_bundled(face))):
            continue
        verb = "is" if len(letters) == 1 else "are"
        said.append(f"{_listed(letters)} {verb} set in {face.name}")
    why = f"{Path(font).name} lacks" if font else "the package's fonts lack"
    return f"{why} letters: {'; '.join(said)}" if said else ""


def _listed(letters: Iterable[str]) -> str:
    """The first ten of them, and how many there are besides."""
    every = sorted(letters)
    more = f" and {len(every) - 10} more" if len(every) > 10 else ""
    return " ".join(every[:10]) + more


def typeset(text: str, pixels: int, *, width: int, height: int, font: str = "") -> WrappedLines:
    """Break `text` into lines of at most `width` pixels, all of them within `height`.

    Letters become smaller, down to SMALLEST, where a word or the whole text would not fit;
    after that long words are broken and the last lines left out, with an ellipsis.
    """
    clean, faces = as_set(text, font)
    for step in range(_STEPS + 1):
        now = max(round(pixels * (1 - (1 - SMALLEST) * step / _STEPS)), _LEAST_PIXELS)
        set_in, most = Setting(faces, now), _most_lines(now, height)
        lines = [line for part in clean.split("\n") for line in _balanced(part, set_in, width)]
        if len(lines) <= most and all(set_in.getlength(line) <= width for line in lines):
            ordered = tuple(map(_in_reading_order, lines))
            return WrappedLines(ordered, set_in, now, as_asked=step == 0)
    lines = [piece for line in lines for piece in _broken(line, set_in, width)]
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1] + " …", set_in, width)]
    return WrappedLines(tuple(map(_in_reading_order, lines)), set_in, now, as_asked=False)


def prove(text: str, font: str = "") -> None:
    """Draw a text for nobody to see; MediaError where one of its fonts turns out to be damaged."""
    set_in = typeset(text, _PROOF, width=_PROOF * 40, height=_PROOF * 40, font=font)
    pen = ImageDraw.Draw(Image.new("L", (_PROOF, _PROOF)))
    for line in set_in.lines:
        set_in.font.draw(pen, (0, 0), line, 255)


def single_line(text: str, pixels: int, *, width: int) -> tuple[str, Setting]:
    """The text on one line and its font; what does not fit `width` gives way to an ellipsis."""
    clean = in_one_line(in_picture(text))
    clean = _drawable(clean, missing(clean))
    font = Setting(fonts.faces_for(f"{clean}…"), pixels)
    return _in_reading_order(_shortened(clean, font, width)), font


def _shortened(text: str, font: Setting, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    fits = _most_letters(text, font, width, ending="…")
    return text[:fits].rstrip(" …") + "…"


def as_set(text: str, font: str = "") -> tuple[str, tuple[Typeface, ...]]:
    """What is drawn of a text, and the typefaces that it is set in."""
    clean = in_picture(text)
    clean = _drawable(clean, missing(clean, font))
    return clean, fonts.faces_for(clean, font)


def _drawable(clean: str, lacking: set[str]) -> str:
    return "".join(_REPLACEMENT if letter in lacking else letter for letter in clean)


def _most_lines(pixels: int, height: int) -> int:
    return max(1 + int((height - pixels) / (pixels * LEADING)), 1)


def _balanced(text: str, font: Setting, width: int) -> list[str]:
    """Lines of about the same length: the narrowest measure that needs no more of them."""
    lines = list(_wrapped(text, font, width))
    low, high = width // 2, width
    while len(lines) > 1 and high - low > max(width // 64, 1):
        middle = (low + high) // 2
        narrower = list(_wrapped(text, font, middle))
        if len(narrower) == len(lines) and max(map(font.getlength, narrower)) <= middle:
            lines, high = narrower, middle
        else:
            low = middle
    return lines


def _wrapped(text: str, font: Setting, width: int) -> Iterator[str]:
    """Greedy lines; a word wider than the measure stands alone."""
    line = ""
    for word in _words(text):
        if line and font.getlength((line + word).rstrip()) > width:
            yield line.rstrip()
            line = word.lstrip()
        else:
            line += word
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Pieces after which a line may end: words with the blank behind, ideographs one by one."""
    piece = ""
    for letter in text:
        if piece and (piece[-1] == " " != letter or _is_ideograph(letter)):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _broken(line: str, font: Setting, width: int) -> Iterator[str]:
    while line and font.getlength(line) > width:
        fits = max(_most_letters(line, font, width), 1)
        yield line[:fits]
        line = line[fits:]
    yield line


def _most_letters(text: str, font: Setting, width: int, *, ending: str = "") -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle] + ending) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _is_ideograph(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) == "W" and unicodedata.category(letter)[0] == "L"


def _needs_joining(letter: str) -> bool:
    """Letters that come out wrong without shaping: all right-to-left ones but Hebrew, and Indic."""
    kind = unicodedata.bidirectional(letter)
    return kind == "AL" or "\u0900" <= letter <= "\u0dff"


def _in_reading_order(line: str) -> str:
    """The line as it must be handed to Pillow: in the order it is drawn where raqm is missing."""
    return line if setting.shapes_scripts() else str(get_display(line))
