"""The fonts that words are set in, and which characters each of them has.

Three cuts of IBM Plex Sans Medium are bundled (SIL Open Font License, `storyboard/fonts`): Latin,
Greek and Cyrillic; Hebrew; Arabic. A font file named by the environment variable STORYBOARD_FONT
is asked after them, for the scripts that they lack.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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


def chosen(text: str) -> Typeface:
    """The first typeface that has every character of `text`, or the one that lacks the fewest."""
    return min(
        _typefaces(os.environ.get(FONT_VARIABLE, "")), key=lambda face: len(face.lacks(text))
    )


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
        return frozenset(_mapped(_table(path.read_bytes(), b"cmap")))
    except (OSError, ValueError, KeyError, IndexError, struct.error, zlib.error) as error:
        raise MediaError(
            f"{path}: can't be read as a font; "
            f"set {FONT_VARIABLE} to a TrueType or OpenType file, or unset it"
        ) from error


def _table(font: bytes, wanted: bytes) -> bytes:
    if font[:4] == b"wOFF":
        return _woff_table(font, wanted)
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", font, start + 4)[0]
    for entry in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, start + 12 + 16 * entry)
        if tag == wanted:
            return font[offset : offset + length]
    raise KeyError(wanted)


def _woff_table(font: bytes, wanted: bytes) -> bytes:
    count = struct.unpack_from(">H", font, 12)[0]
    for entry in range(count):
        tag, offset, packed, length = struct.unpack_from(">4sIII", font, 44 + 20 * entry)
        if tag == wanted:
            body = font[offset : offset + packed]
            return zlib.decompress(body) if packed < length else body
    raise KeyError(wanted)


def _mapped(cmap: bytes) -> set[int]:
    """The code points of every Unicode table in a `cmap`; formats 4 and 12 are all there is."""
    found: set[int] = set()
    for entry in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * entry)
        kind = struct.unpack_from(">H", cmap, offset)[0]
        if platform in (0, 3) and kind == 4:
            found |= _format_4(cmap, offset)
        elif platform in (0, 3) and kind == 12:
            found |= _format_12(cmap, offset)
    return found


def _format_4(cmap: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", cmap, at + 6)[0] // 2
    columns = [
        struct.unpack_from(f">{count}H", cmap, at + 14 + 2 * count * row + (2 if row else 0))
        for row in range(4)
    ]
    found: set[int] = set()
    for column, (last, first, delta, jump) in enumerate(zip(*columns, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if jump:
                place = at + 16 + 2 * (3 * count + column) + jump + 2 * (code - first)
                glyph = struct.unpack_from(">H", cmap, place)[0]
            if glyph and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _format_12(cmap: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for group in range(struct.unpack_from(">I", cmap, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", cmap, at + 16 + 12 * group)
        if last > 0x10FFFF:
            raise ValueError("a code point beyond Unicode")
        found.update(range(first + (glyph == 0), last + 1))
    return found
