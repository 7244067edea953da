"""Letters that the storyboard's and the package's fonts lack: found on this machine, and said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from storyboard.text import fonts, system_fonts, wrapping
from storyboard.text.setting import Setting
from tests.block_fonts import block_font

SNOW, STAR, KANA, HAN = "☃", "★", "か", "漢"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of fonts, and nothing else on the machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "fonts"
    folder.mkdir()
    monkeypatch.setenv(system_fonts.FOLDERS_VARIABLE, str(folder))
    return folder


def names(text: str, font: str = "") -> list[str]:
    """What the text is set in."""
    return [face.name for face in fonts.faces_for(text, font)]


def test_a_letter_that_the_package_lacks_is_found(machine: Path) -> None:
    """In a font in any folder below; the other letters stay in the package's."""
    block_font(machine / "deep" / "snow.TTF", SNOW, name="Winter")
    assert names(f"snow {SNOW}") == ["IBM Plex Sans", "Winter"]
    assert wrapping.missing(f"snow {SNOW}{STAR}") == {STAR}


def test_the_one_that_has_the_most_then_the_plainest_is_taken(machine: Path) -> None:
    """Whatever the files are called."""
    block_font(machine / "a.ttf", SNOW, name="Half")
    block_font(machine / "b.ttf", SNOW + STAR, name="Slanted", slant=-12)
    block_font(machine / "c.ttf", SNOW + STAR, name="Heavy", weight=900)
    block_font(machine / "d.ttf", SNOW + STAR, name="Book", weight=400)
    block_font(machine / "e.ttf", SNOW + STAR, name="Book Serif", weight=500)
    assert names(SNOW + STAR)[1:] == ["Book"]
    assert names(SNOW)[1:] == ["Book"]


def test_several_are_taken_where_none_has_all(machine: Path) -> None:
    """As few as can be; what none has is said to be missing, and the rest is drawn."""
    block_font(machine / "a.ttf", SNOW, name="Winter")
    block_font(machine / "b.ttf", STAR, name="Night")
    assert names(SNOW + STAR + HAN)[1:] == ["Night", "Winter"]
    assert wrapping.missing(SNOW + STAR + HAN) == {HAN}
    assert "no font here has 漢;" in wrapping.lacking(SNOW + HAN)


def test_chinese_characters_are_drawn_as_the_words_language_does(machine: Path) -> None:
    """Beside kana as in Japan, alone as in China; also out of one file with both."""
    both = [
        TTFont(block_font(machine / f"{region}.ttf", KANA + HAN, name=f"Noto Sans CJK {region}"))
        for region in ("JP", "SC")
    ]
    collection = TTCollection()
    collection.fonts = both
    collection.save(machine / "both.ttc")
    for region in ("JP", "SC"):
        (machine / f"{region}.ttf").unlink()
    assert names(KANA + HAN)[1:] == ["Noto Sans CJK JP"]
    assert names(HAN)[1:] == ["Noto Sans CJK SC"]
    assert [face.index for face in fonts.faces_for(HAN)] == [0, 1]
    assert Setting(fonts.faces_for(HAN), 20).getlength(HAN) > 10


def test_what_is_no_font_or_draws_nothing_is_passed_over(machine: Path) -> None:
    """A broken file, one of boxes for every letter, and one of another kind."""
    (machine / "broken.otf").write_bytes(b"OTTO" + bytes(40))
    block_font(machine / "boxes.ttf", SNOW, name="LastResort")
    block_font(machine / "snow.fon", SNOW)
    assert names(SNOW) == ["IBM Plex Sans"]


def test_fonts_that_were_named_come_first(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`font:`, then the package's, then STORYBOARD_FONT, and only then this machine's."""
    block_font(machine / "here.ttf", SNOW + STAR, name="Here")
    own = block_font(tmp_path / "own.ttf", f"H{STAR}", name="Brand")
    named = block_font(tmp_path / "named.ttf", SNOW, name="Named")
    monkeypatch.setenv(fonts.FONT_VARIABLE, str(named))
    assert names(f"Hé{STAR}", str(own)) == ["Brand", "IBM Plex Sans"]
    assert names(f"a {SNOW}") == ["Named"] or names(f"a {SNOW}") == ["IBM Plex Sans", "Named"]
    assert names(f"a {STAR}") == ["IBM Plex Sans", "Here"]


def test_it_is_said_what_letters_are_set_in(machine: Path, tmp_path: Path) -> None:
    """Where a font of one's own lacks them, or the package's do; not where all is as usual."""
    block_font(machine / "snow.ttf", SNOW, name="Winter")
    own = str(block_font(tmp_path / "own.ttf", "Helo ", name="Brand"))
    assert wrapping.borrowed("Hello שלום") == ""
    assert wrapping.borrowed("Hello", own) == ""
    said = wrapping.borrowed(f"Hello é{SNOW}", own)
    assert said == "own.ttf lacks letters: é is set in IBM Plex Sans; ☃ is set in Winter"
    assert wrapping.borrowed(SNOW) == "the package's fonts lack letters: ☃ is set in Winter"


def test_a_font_is_read_once_as_long_as_it_stays(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters are in a note of the user's; one that changed is read again, a broken note
    is none."""
    monkeypatch.setattr(system_fonts, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    note = tmp_path / "cache" / "fonts.json"
    font = block_font(machine / "snow.ttf", SNOW, name="Winter")
    assert names(SNOW)[1:] == ["Winter"]
    kept = json.loads(note.read_bytes())
    kept[str(font)]["faces"][0]["name"] = "As noted"
    note.write_text(json.dumps(kept))
    assert _anew(SNOW)[1:] == ["As noted"]
    block_font(font, SNOW + STAR, name="Winter")
    os.utime(font, ns=(1, 1))
    assert _anew(SNOW)[1:] == ["Winter"]
    note.write_text('{"broken": 1}')
    assert _anew(STAR)[1:] == ["Winter"]


def _anew(text: str) -> list[str]:
    """As another run would find it."""
    system_fonts._faces.cache_clear()
    fonts._chosen.cache_clear()
    return names(text)


def test_the_folders_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none are named; an empty name means none."""
    assert system_fonts.folders() == ()
    monkeypatch.delenv(system_fonts.FOLDERS_VARIABLE)
    monkeypatch.setenv("XDG_DATA_DIRS", "/opt/share:/usr/share")
    monkeypatch.setattr("sys.platform", "linux")
    assert system_fonts.folders()[:2] == (Path("/opt/share/fonts"), Path("/usr/share/fonts"))
    monkeypatch.setattr("sys.platform", "darwin")
    assert Path("/System/Library/Fonts") in system_fonts.folders()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("WINDIR", "W")
    monkeypatch.setenv("LOCALAPPDATA", "L")
    assert system_fonts.folders() == (Path("W/Fonts"), Path("L/Microsoft/Windows/Fonts"))
