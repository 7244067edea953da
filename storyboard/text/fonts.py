"""The fonts that words are set in, and which characters each of them has.

Words are asked for in a font of the storyboard's own, if it has one; then in the three cuts of IBM
Plex Sans Medium that are bundled (SIL Open Font License, `storyboard/fonts`): Latin, Greek and
Cyrillic; Hebrew; Arabic; then in a file that the environment variable STORYBOARD_FONT names. What
all of them lack is looked for in the fonts of this machine (`system_fonts`).
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.safe_text import JOINERS, MARKS
from storyboard.text.system_fonts import folders, found_for
from storyboard.text.typeface import read, state_of

if TYPE_CHECKING:
    from storyboard.text.typeface import FileState, Typeface

FOLDER = Path(__file__).parent.parent / "fonts"
BUNDLED = (
    "IBMPlexSans-Medium.woff",
    "IBMPlexSansHebrew-Medium.woff",
    "IBMPlexSansArabic-Medium.woff",
)
FONT_VARIABLE = "STORYBOARD_FONT"


def faces_for(text: str, font: str = "") -> tuple[Typeface, ...]:
    """The typefaces that `text` is set in: each letter in the first of them that has it.

    `font` is a file that is asked first. The first typeface is it, where it has a letter or a
    figure of the text, or else the one of the usual ones that lacks the fewest. MediaError where
    `font`, or the font of STORYBOARD_FONT, can't be read.
    """
    own = _opened(font) if font else ()
    return _chosen(_asked(text), own, (*_bundled(), *_named()), folders())


def check() -> None:
    """MediaError where the font of STORYBOARD_FONT can't be read."""
    _named()


def states(font: str = "") -> tuple[object, ...]:
    """What changes when words would be set in other fonts: files and settings as they are now."""
    own = _opened(font) if font else ()
    return tuple((face.path, face.state) for face in (*own, *_named())), folders()


def missing(text: str, font: str = "") -> set[str]:
    """The characters of `text` that no font here has."""
    asked = set(_asked(text))
    for face in faces_for(text, font):
        asked -= face.having(asked)
    return asked


def is_bundled(face: Typeface) -> bool:
    """Whether it is one of the package's own."""
    return face.path.parent == FOLDER


def _asked(text: str) -> str:
    """The characters that are drawn, each once and in order."""
    return "".join(dict.fromkeys(text)).translate(dict.fromkeys(map(ord, f"\n{JOINERS}{MARKS}")))


@lru_cache(maxsize=512)
def _chosen(
    asked: str, own: tuple[Typeface, ...], usual: tuple[Typeface, ...], places: tuple[Path, ...]
) -> tuple[Typeface, ...]:
    first = min((*own, *usual), key=lambda face: len(face.lacks(asked)))
    if own and any(letter.isalnum() for letter in own[0].having(asked)):
        first = own[0]
    found, left = [first], first.lacks(asked)
    for face in (*own, *usual, *(found_for(left, places) if left else ())):
        if face.having(left):
            found.append(face)
            left -= face.having(left)
    return tuple(found)


@lru_cache(maxsize=1)
def _bundled() -> tuple[Typeface, ...]:
    return tuple(read(FOLDER / name) for name in BUNDLED)


def _named() -> tuple[Typeface, ...]:
    """The font of STORYBOARD_FONT."""
    named = os.environ.get(FONT_VARIABLE)
    return _opened(named) if named else ()


def _opened(font: str) -> tuple[Typeface]:
    """The typeface of a TrueType, OpenType or WOFF file; MediaError for one that is none."""
    path = Path(font)
    try:
        return (_read(path, state_of(path)),)
    except Exception as error:  # a broken font fails in any way, wherever it is broken
        raise MediaError(
            f"{path}: can't be read as a font; "
            f"set {FONT_VARIABLE} to a TrueType or OpenType file, or unset it"
        ) from error


@lru_cache(maxsize=8)
def _read(path: Path, _state: FileState) -> Typeface:
    return read(path)
