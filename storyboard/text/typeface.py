"""A typeface: a font file, what it is called, and the characters that it can draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from PIL import ImageFont

from storyboard.errors import MediaError

FileState = tuple[int, int]
"""A file's size in bytes, and the time it was changed at, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file and the characters that it can draw."""

    path: Path
    letters: frozenset[int]
    state: FileState
    """The file's when its letters were read: another file of its name is another typeface."""
    given_name: str = ""
    """What the font calls itself, where that is known already."""
    index: int = 0
    """Which of the fonts in its file it is."""

    @property
    def name(self) -> str:
        """What the font calls itself."""
        return self.given_name or _name_in(self.path, self.state)

    def lacks(self, text: Iterable[str]) -> set[str]:
        """The characters of `text` that would come out as empty boxes."""
        return {letter for letter in text if letter != "\n" and ord(letter) not in self.letters}

    def having(self, letters: Iterable[str]) -> set[str]:
        """Those of the letters that it has."""
        return {letter for letter in letters if ord(letter) in self.letters}

    def sized(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The font with letters of this many pixels from line to line, unleaded."""
        return _opened(self.path, self.state, pixels, self.index)

    @property
    def digest(self) -> str:
        """SHA-256 of its file, in hex digits."""
        return _digest(self.path, self.state)


@lru_cache(maxsize=64)
def _opened(path: Path, state: FileState, pixels: int, index: int) -> ImageFont.FreeTypeFont:
    _check(path, state)
    return ImageFont.truetype(str(path), pixels, index=index)


@lru_cache(maxsize=64)
def _digest(path: Path, state: FileState) -> str:
    _check(path, state)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, state: FileState) -> None:
    """MediaError where the file is another one than its letters were read of."""
    try:
        same = state_of(path) == state
    except OSError:
        same = False
    if not same:
        raise MediaError(f"{path} has changed since it was read; run the command again")


def state_of(path: Path) -> FileState:
    """A font file's size and time; OSError where it is not there."""
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def read(path: Path) -> Typeface:
    """The typeface of a TrueType, OpenType or WOFF file; any error for one that is none."""
    state = state_of(path)
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return Typeface(path, characters(font), state)


@lru_cache(maxsize=64)
def _name_in(path: Path, _state: FileState) -> str:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return name_of(font) or path.name


def characters(font: Any) -> frozenset[int]:
    """The code points that an open font maps to a glyph."""
    return frozenset(font.getBestCmap() or ())


def name_of(font: Any) -> str:
    """The family's name, without its weight where the font has it so."""
    return str(font["name"].getBestFamilyName() or "") if "name" in font else ""
