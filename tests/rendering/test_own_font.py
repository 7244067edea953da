"""A font of one's own: drawn, named by what it holds, and checked before anything is paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from storyboard.cutting.clashes import foreseen
from storyboard.errors import InvalidStoryboard
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.rendering import lettering
from storyboard.text import fonts
from storyboard.timeline import Words
from storyboard.units.sizes import Size
from storyboard.workflows.preflight import looked_over
from tests.boards import board

HEBREW, LATIN = (fonts.FOLDER / fonts.BUNDLED[n] for n in (1, 0))
SIZE = Size(320, 180)


def blocks(path: Path) -> Path:
    """A font whose only letter, H, is a block."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (600, 700), (600, 0)):
        pen.lineTo(corner)
    pen.closePath()
    block, empty = pen.glyph(), TTGlyphPen(None).glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "H"])
    made.setupCharacterMap({ord("H"): "H"})
    made.setupGlyf({".notdef": empty, "H": block})
    made.setupHorizontalMetrics({".notdef": (700, 0), "H": (700, 0)})
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.save(path)
    return path


def words(font: str) -> Words:
    """A title in a font."""
    return Words("title", "HH", 0, 10, "center", 20, "#ffffff", font=font)


def test_words_are_set_in_it(tmp_path: Path) -> None:
    """The board's font goes along with its words, and draws other letters than the usual one."""
    own = blocks(tmp_path / "own.ttf")
    titles = "titles: [{at: 0, duration: 1, text: HH}]"
    loaded = load(board(tmp_path, extra=["font: own.ttf", titles]))
    assert own in loaded.inputs
    assert [one.font for one in foreseen(plan(loaded)).words] == [str(own)]
    assert looked_over(loaded).remarks == ()
    pixels = [lettering.draw(words(font), SIZE) for font in ("", str(own), str(LATIN))]
    assert (pixels[0] == pixels[2]).all()
    white = [int((drawn[..., 0] > 200).sum()) for drawn in pixels]
    assert white[1] > white[0] * 1.3


def test_what_it_lacks_is_set_in_another(tmp_path: Path) -> None:
    """Cyrillic in a font without it: the package's own; what none has is said with the font."""
    assert fonts.chosen("Привет", str(HEBREW)).path == LATIN
    assert fonts.chosen("123", str(HEBREW)).path == HEBREW
    assert "☃" in lettering.lacking("snow ☃", str(HEBREW))


def test_a_font_that_is_none_is_said_at_its_line(tmp_path: Path) -> None:
    """Before anything is paid; one that is missing, too."""
    (tmp_path / "no.ttf").write_text("no font")
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:7: font: no.ttf can't be read as a"):
        looked_over(load(board(tmp_path, extra=["font: no.ttf"])))
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:7: font: .*away.ttf"):
        load(board(tmp_path, extra=["font: away.ttf"]))
