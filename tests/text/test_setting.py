"""Lines in several typefaces: each letter in the first that has it, in the order of reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from storyboard.text import fonts
from storyboard.text.setting import Setting, shapes_scripts
from storyboard.text.typeface import read
from tests.block_fonts import block_font

HEBREW = fonts.FOLDER / fonts.BUNDLED[1]


def drawn(setting: Setting, line: str) -> NDArray[np.bool_]:
    """The columns in which there is ink."""
    canvas = Image.new("L", (400, 60))
    setting.draw(ImageDraw.Draw(canvas), (10, 10), line, 255)
    return np.array(np.asarray(canvas).max(axis=0) > 128)


def blocks(columns: NDArray[np.bool_]) -> list[int]:
    """How wide each run of ink is, from left to right."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], columns, [False])).astype(int)))
    return [int(end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def test_each_letter_is_set_in_the_first_that_has_it(tmp_path: Path) -> None:
    """Blocks of another width come from another font; the line is as long as all of them."""
    narrow = read(block_font(tmp_path / "narrow.ttf", "AB", wide=300))
    broad = read(block_font(tmp_path / "broad.ttf", "BC", wide=800))
    setting = Setting((narrow, broad), 20)
    assert blocks(drawn(setting, "ABCA")) == [6, 6, 16, 6]
    assert setting.getlength("ABCA") == 8 + 8 + 18 + 8


def test_signs_stay_with_what_is_before_them(tmp_path: Path) -> None:
    """Where that font has them; else they are set in the first that does."""
    narrow = read(block_font(tmp_path / "narrow.ttf", "A.", wide=300))
    broad = read(block_font(tmp_path / "broad.ttf", "C.!", wide=800))
    setting = Setting((narrow, broad), 20)
    assert blocks(drawn(setting, ".A.C.!")) == [6, 6, 6, 16, 16, 16]
    assert [part for _, part in setting.runs(".A.C.!")] == [".A.", "C.!"]


def test_one_font_draws_what_pillow_draws() -> None:
    """To the pixel: lines of one font are handed over whole."""
    face = fonts.faces_for("Morning")[0]
    canvas = Image.new("L", (400, 60))
    ImageDraw.Draw(canvas).text((10, 10), "Morning", 255, font=face.sized(20))
    other = Image.new("L", (400, 60))
    Setting((face,), 20).draw(ImageDraw.Draw(other), (10, 10), "Morning", 255)
    assert np.array_equal(np.asarray(canvas), np.asarray(other))


@pytest.mark.skipif(not shapes_scripts(), reason="lines are turned before they get here")
def test_right_to_left_letters_of_several_fonts_stand_in_reading_order(tmp_path: Path) -> None:
    """Two Hebrew letters in two fonts: the first one stands on the right."""
    narrow = read(block_font(tmp_path / "narrow.ttf", "אA", wide=300))
    broad = read(block_font(tmp_path / "broad.ttf", "ב", wide=800))
    setting = Setting((narrow, broad), 20)
    assert blocks(drawn(setting, "אב")) == [16, 6]
    assert blocks(drawn(setting, "AAאב")) == [6, 6, 16, 6]
