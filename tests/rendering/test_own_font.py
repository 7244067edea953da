"""A font of one's own: drawn, named by what it holds, and checked before anything is paid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from storyboard.cutting.clashes import foreseen
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.rendering import lettering
from storyboard.rendering.encode import SegmentJob, render
from storyboard.rendering.pieces import pieces
from storyboard.rendering.segment_keys import key_of
from storyboard.text import fonts
from storyboard.timeline import Words
from storyboard.units.sizes import Size
from storyboard.workflows.preflight import looked_over
from tests.block_fonts import block_font
from tests.boards import board
from tests.cli.running import storyboard as run
from tests.film_makers import QUICK, clip, in_order, take

HEBREW, LATIN = (fonts.FOLDER / fonts.BUNDLED[n] for n in (1, 0))
SIZE = Size(320, 180)


def words(font: str) -> Words:
    """A title in a font."""
    return Words("title", "HH", 0, 10, "center", 20, "#ffffff", font=font)


def test_words_are_set_in_it(tmp_path: Path) -> None:
    """The board's font goes along with its words, and draws other letters than the usual one."""
    own = block_font(tmp_path / "own.ttf")
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
    assert [face.path for face in fonts.faces_for("Привет", str(HEBREW))] == [LATIN]
    assert [face.path for face in fonts.faces_for("123", str(HEBREW))] == [HEBREW]
    assert [face.path for face in fonts.faces_for("a Привет", str(HEBREW))] == [HEBREW, LATIN]
    assert "☃" in lettering.lacking("snow ☃", str(HEBREW))


def test_a_font_that_is_none_is_said_at_its_line(tmp_path: Path) -> None:
    """Before anything is paid; one that is missing, too."""
    (tmp_path / "no.ttf").write_text("no font")
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:7: font: no.ttf can't be read as a"):
        looked_over(load(board(tmp_path, extra=["font: no.ttf"])))
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:7: font: .*away.ttf"):
        load(board(tmp_path, extra=["font: away.ttf"]))


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99, 0.999])
def test_a_font_that_breaks_off_is_said_at_its_line(tmp_path: Path, kept: float) -> None:
    """Before anything is paid, also where only its letters are missing."""
    whole = LATIN.read_bytes()
    (tmp_path / "no.woff").write_bytes(whole[: round(len(whole) * kept)])
    titles = "titles: [{at: 0, duration: 1, text: HH}]"
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:7: font: no.woff"):
        looked_over(load(board(tmp_path, extra=["font: no.woff", titles])))


def test_a_font_that_does_not_draw_is_no_traceback(tmp_path: Path) -> None:
    """A letter whose outline is damaged, found when it is drawn."""
    font = block_font(tmp_path / "own.ttf", "H")
    damaged = font.read_bytes().replace(TTFont(font).getTableData("glyf")[:16], b"\xff" * 16)
    font.write_bytes(damaged)
    with pytest.raises(MediaError, match="a font is damaged"):
        lettering.draw(words(str(font)), SIZE)


def test_a_font_that_is_found_here_decides_what_is_encoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters are drawn; a worker whose machine has it not draws nothing instead of a "?"."""
    snow = replace(words(""), text="☃ A")
    timeline = replace(in_order([clip(take(tmp_path, 0))]), words=(snow,))
    (piece, *_) = pieces(timeline, recipe=QUICK)
    without = key_of(timeline, piece), lettering.draw(snow, SIZE)
    block_font(tmp_path / "fonts" / "snow.ttf", "☃")
    monkeypatch.setenv("STORYBOARD_FONT_FOLDERS", str(tmp_path / "fonts"))
    assert key_of(timeline, piece) != without[0]
    assert (lettering.draw(snow, SIZE) != without[1]).any()
    assert lettering.lacking("☃") == ""
    there = tmp_path / f"{key_of(timeline, piece)}.mp4"
    assert render(SegmentJob(timeline, (piece,), (there,))) == piece.stretch.frames
    monkeypatch.setenv("STORYBOARD_FONT_FOLDERS", "")
    there.unlink()
    with pytest.raises(MediaError, match="this machine has other fonts"):
        render(SegmentJob(timeline, (piece,), (there,)))
    assert not there.exists()


def test_validate_and_plan_say_what_is_borrowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the words' line, with the font's name."""
    block_font(tmp_path / "fonts" / "snow.ttf", "☃", name="Winter")
    monkeypatch.setenv("STORYBOARD_FONT_FOLDERS", str(tmp_path / "fonts"))
    film = board(tmp_path, extra=["titles: [{at: 0, duration: 1, text: snow ☃}]"])
    said = "film.yaml:3:37: titles[0].text: the package's fonts lack letters: ☃ is set in Winter"
    for command in ("validate", "plan"):
        assert said in " ".join(run(command, film).err.split())
