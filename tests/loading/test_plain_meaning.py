"""What is taken where its meaning is plain, and that it is what the exact form would be."""

from __future__ import annotations

import json
import os
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from storyboard.errors import InvalidStoryboard
from storyboard.fileformat.json_schema import schema
from storyboard.loading import reading
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load, parse
from storyboard.planning.planner import plan
from tests.images.samples import photo, png
from tests.loading.stills import lay_out

VALID = Draft7Validator(schema())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures."""
    return lay_out(tmp_path_factory.mktemp("plain"))


def loaded(folder: Path, top: str, *, shot: str = "{prompt: On}") -> CheckedStoryboard:
    """The storyboard with these lines on top and this shot; the schema takes it, too."""
    text = f"version: 1\n{top}\nkeyframes:\n  - image: a.png\n    shot: {shot}\n  - image: b.png\n"
    data = text.encode()
    assert not list(VALID.iter_errors(reading.read(data, file="film.yaml").root))
    return parse(data, folder / "film.yaml")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5s", 5),
        ("5 s", 5),
        ("2.5 sec", Fraction(5, 2)),
        ("5 seconds", 5),
        ("500ms", Fraction(1, 2)),
        ("1 min", 60),
        ("1:05", 65),
        ("0:05", 5),
        ("00:00:05", 5),
        ("00:00:05.5", Fraction(11, 2)),
        ("1:30", 90),
        ("1:02:03", 3723),
        ('"5"', 5),
        ("12f", Fraction(1, 2)),
        ("12 frames", Fraction(1, 2)),
    ],
)
def test_a_time(folder: Path, written: str, seconds: Fraction) -> None:
    """Seconds with their unit, and a clock's minutes and seconds; also in YAML 1.1's reading."""
    (shot,) = loaded(folder, "title: Hi", shot=f"{{prompt: On, hold: {written}}}").shots
    assert shot.hold is not None
    assert shot.hold.seconds(Fraction(24)) == seconds


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("1080p", "1920x1080"),
        ("720p", "1280x720"),
        ("480p", "854x480"),
        ("4k", "3840x2160"),
        ("4K", "3840x2160"),
        ("16:9", "1920x1080"),
        ("9:16", "1080x1920"),
        ("1:1", "1080x1080"),
        ("4:5", "1080x1350"),
        ("2.39:1", "2582x1080"),
        ("1920 x 1080", "1920x1080"),
        ("1920×1080", "1920x1080"),
    ],
)
def test_a_size(folder: Path, written: str, size: str) -> None:
    """A number of lines is a 16:9 picture; a shape has 1080 pixels on its shorter side."""
    board = loaded(folder, f"size: {written}\ndefaults: {{fit: cover}}")
    assert str(board.size) == size


@pytest.mark.parametrize(
    ("written", "colour"),
    [("red", "#ff0000"), ("RebeccaPurple", "#663399"), ('"#f80"', "#ff8800"), ("grey", "#808080")],
)
def test_a_colour(folder: Path, written: str, colour: str) -> None:
    """By its name in CSS, in any case, or by one digit for each part."""
    assert loaded(folder, f"defaults: {{background: {written}}}").background == colour


def test_a_comment_in_free_fields(folder: Path) -> None:
    """What is in notes and x- keys is nobody's colour."""
    loaded(folder, "notes:\n  color: #ff0000\nx-theme:\n  background: #000000\ntitle: # none")


def test_a_box_behind_words(folder: Path) -> None:
    """With its opacity in one digit, too."""
    title = '{at: 0, duration: 1, text: Hi, background: "#0008"}'
    (made,) = loaded(folder, f"titles: [{title}]").board.titles
    assert made.background == "#00000088"


@pytest.mark.parametrize("written", ["$5", "5 USD", "5.00", "US$5"])
def test_money(folder: Path, written: str) -> None:
    """With the sign of US dollars."""
    assert loaded(folder, f"budget: {written}").board.budget == 5_000_000


def test_music_by_its_file(folder: Path) -> None:
    """As a shot is its prompt, and a transition its type."""
    board = loaded(folder, "audio: {music: theme.wav}")
    assert board.board.audio is not None
    assert [piece.file for piece in board.board.audio.music] == ["theme.wav"]
    assert board.sounds == {"theme.wav": folder / "theme.wav"}


@pytest.mark.parametrize(
    "written", ["theme.wav", "[theme.wav]", "{file: theme.wav}", "[{file: theme.wav}]"]
)
def test_voice_over_alone(folder: Path, written: str) -> None:
    """One piece needs no list, and a file no block."""
    board = loaded(folder, f"audio: {{voiceover: {written}}}")
    assert board.board.audio is not None
    assert [voice.file for voice in board.board.audio.voiceover] == ["theme.wav"]
    assert board.sounds == {"theme.wav": folder / "theme.wav"}


@pytest.mark.parametrize("written", ["music: no.wav", "voiceover: no.wav", "voiceover: [no.wav]"])
def test_a_sound_by_its_file_is_looked_for(folder: Path, written: str) -> None:
    """A missing one is a mistake at its place."""
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:2:.*no.wav' does not exist"):
        loaded(folder, f"audio: {{{written}}}")


def test_the_exact_form_has_the_same_key(folder: Path) -> None:
    """Nothing is bought again because it is written in another way."""
    exact = loaded(
        folder, 'size: 1080x1920\ndefaults: {fit: contain, background: "#ff0000", duration: 5}'
    )
    plain = loaded(folder, "size: 9:16\ndefaults: {fit: contain, background: Red, duration: 0:05}")
    keys = [[shot.request.key() for shot in plan(board).shots] for board in (exact, plain)]
    assert keys[0] == keys[1]


def test_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~/` is expanded; a folder that is really called `~` keeps its name."""
    home = lay_out_in(tmp_path / "home")
    monkeypatch.setenv("HOME", str(home))
    film = tmp_path / "film"
    lay_out_in(film)
    (shot,) = loaded_with(film, "~/a.png").shots
    assert shot.start.still.path == home / "a.png"
    lay_out_in(film / "~")
    (shot,) = loaded_with(film, "~/a.png").shots
    assert shot.start.still.path == film / "~" / "a.png"


def test_the_home_folder_is_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--confine` holds there, too."""
    monkeypatch.setenv("HOME", str(lay_out_in(tmp_path / "home")))
    film = lay_out_in(tmp_path / "film")
    with pytest.raises(InvalidStoryboard, match="is outside"):
        loaded_with(film, "~/a.png", confine=film)


@pytest.mark.parametrize(("on_disk", "written"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_unicode_forms_of_one_name(tmp_path: Path, on_disk: str, written: str) -> None:
    """A still and its folder are found in whatever form the disk has their names."""
    folder, still = "Été 2026", "à_côté.png"
    there = tmp_path / unicodedata.normalize(on_disk, folder)  # type: ignore[arg-type]
    there.mkdir()
    path = there / unicodedata.normalize(on_disk, still)  # type: ignore[arg-type]
    path.write_bytes(png(photo(320, 320)))
    name = unicodedata.normalize(written, f"{folder}/{still}")  # type: ignore[arg-type]
    (shot,) = loaded_with(tmp_path, name).shots
    assert shot.start.still.path == path
    assert shot.start.still.id == "à_côté"
    (shot,) = loaded_with(tmp_path, name, confine=tmp_path).shots
    assert shot.start.still.path == path


def test_the_storyboard_in_another_form(tmp_path: Path) -> None:
    """The file itself is found as its pictures are."""
    lay_out(tmp_path)
    path = tmp_path / unicodedata.normalize("NFD", "été.yaml")
    path.write_text("version: 1\nkeyframes:\n  - {image: a.png, shot: On}\n")
    assert load(tmp_path / unicodedata.normalize("NFC", "été.yaml")).path == path


def lay_out_in(folder: Path) -> Path:
    """A folder with one picture."""
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - a folder may be called ~
    (folder / "a.png").write_bytes(png(photo(320, 320)))
    return folder


def loaded_with(folder: Path, image: str, *, confine: Path | None = None) -> CheckedStoryboard:
    """The storyboard of one open shot from this picture."""
    name = json.dumps(image, ensure_ascii=False)
    text = f"version: 1\nkeyframes:\n  - image: {name}\n    shot: On\n"
    return parse(text.encode(), folder / "film.yaml", confine=confine)
