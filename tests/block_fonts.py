"""Small fonts for tests, whose letters are blocks."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def block_font(
    path: Path,
    letters: str = "H",
    *,
    name: str = "Blocks",
    wide: int = 600,
    weight: int = 400,
    slant: float = 0,
) -> Path:
    """A font that has these letters: blocks so wide, in thousandths of the letters' size."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (wide, 700), (wide, 0)):
        pen.lineTo(corner)
    pen.closePath()
    block, empty = pen.glyph(), TTGlyphPen(None).glyph()
    names = {ord(letter): f"u{ord(letter):04X}" for letter in letters}
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", *names.values()])
    made.setupCharacterMap(names)
    made.setupGlyf({".notdef": empty, **dict.fromkeys(names.values(), block)})
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (wide + 100, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": name, "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200, usWeightClass=weight)
    made.setupPost(italicAngle=slant)
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path
