"""The fonts that words are set in, and which characters each of them has.

Three cuts of IBM Plex Sans Medium are bundled (SIL Open Font License, `storyboard/fonts`): Latin,
Greek and Cyrillic; Hebrew; Arabic. A font file named by the environment variable STORYBOARD_FONT
is asked after them, for the scripts that they lack.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont, features

from storyboard.errors import MediaError

FOLDER = Path(__file__).parent.parent / "fonts"
BUNDLED = (
    "IBMPlexSans-Medium.woff",
    "IBMPlexSansHebrew-Medium.woff",
    "IBMPlexSansArabic-Medium.woff",
)
FONT_VARIABLE = "STORYBOARD_FONT"


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file and the characters that it can draw."""

    path: Path
    letters: frozenset[int]

    def lacks(self, text: str) -> set[str]:
        """The characters of `text` that would come out as empty boxes."""
        return {letter for letter in text if letter != "\n" and ord(letter) not in self.letters}

    def sized(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The font with letters of this many pixels from line to line, unleaded."""
        return _opened(self.path, pixels)


def chosen(text: str, font: str = "") -> Typeface:
    """The first typeface that has every character of `text`, or the one that lacks the fewest.

    `font` is a file that is asked first.
    """
    faces = _typefaces(os.environ.get(FONT_VARIABLE, ""))
    return min((*_own(font), *faces), key=lambda face: len(face.lacks(text)))


@lru_cache(maxsize=4)
def _own(font: str) -> tuple[Typeface, ...]:
    return (Typeface(Path(font), characters(Path(font))),) if font else ()


def shapes_scripts() -> bool:
    """Whether Pillow can order and join right-to-left letters here (needs libraqm, fribidi)."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=4)
def _typefaces(extra: str) -> tuple[Typeface, ...]:
    paths = [FOLDER / name for name in BUNDLED]
    if extra:
        paths.append(Path(extra))
    return tuple(Typeface(path, characters(path)) for path in paths)


@lru_cache(maxsize=64)
def _opened(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels)


def characters(path: Path) -> frozenset[int]:
    """The code points that a TrueType, OpenType or WOFF file maps to a glyph.

    MediaError for a file that is none of these.
    """
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except Exception as error:  # a broken font fails in any way, wherever it is broken
        raise MediaError(
            f"{path}: can't be read as a font; "
            f"set {FONT_VARIABLE} to a TrueType or OpenType file, or unset it"
        ) from error
