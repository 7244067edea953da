"""`storyboard new`: from a folder of pictures to a storyboard."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from PIL import Image

from storyboard.errors import MediaError
from storyboard.loading.load import load
from storyboard.workflows.new import gather, natural_order, written
from tests.boards import still
from tests.cli.running import storyboard
from tests.images.samples import photo, saved

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
MOVIE = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
SOUND = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"


def test_pictures_come_in_natural_order() -> None:
    """2 before 10, whatever the case of the names."""
    names = ["b10.png", "B2.png", "a.png", "b1.png"]
    assert [p.name for p in natural_order(map(Path, names))] == [
        "a.png",
        "b1.png",
        "B2.png",
        "b10.png",
    ]


def test_named_pictures_keep_their_order(tmp_path: Path) -> None:
    """Only folders are sorted."""
    later, first = still(tmp_path / "2.png", 2), still(tmp_path / "1.png", 1)
    assert [picture.path for picture in gather([later, first]).pictures] == [later, first]


def test_one_picture_is_not_a_film(tmp_path: Path) -> None:
    """Fewer than two pictures are refused."""
    with pytest.raises(MediaError, match="at least two pictures"):
        written([still(tmp_path / "1.png", 1)], tmp_path / "film.yaml")


def test_what_is_written_loads(tmp_path: Path) -> None:
    """The storyboard is valid as it is, also for names that YAML would read otherwise."""
    for number, name in enumerate(["1.png", "#two: 2.png", "- 'three'.png"]):
        still(tmp_path / "frames" / name, number)
    found = storyboard("new", "frames", cwd=tmp_path)
    assert found.code == 0, found.err
    assert "3 keyframes, 2 shots" in found.out
    board = load(tmp_path / "film.yaml")
    shots = list(board.shots)
    assert [shot.start.still.name for shot in shots] == ["frames/1.png", "frames/#two: 2.png"]
    assert shots[-1].end is not None
    assert shots[-1].end.still.name == "frames/- 'three'.png"


def test_pictures_of_several_shapes_get_a_fit_rule(tmp_path: Path) -> None:
    """What would be a mistake without `fit` is written with one."""
    still(tmp_path / "1.png", 1)
    still(tmp_path / "2.png", 2, size=(480, 320))
    assert storyboard("new", ".", cwd=tmp_path).code == 0
    assert load(tmp_path / "film.yaml").board.defaults.fit == "cover"


def test_portraits_among_landscapes_keep_their_heads(tmp_path: Path) -> None:
    """Mixed orientations are set before a blurred copy of themselves, not cut."""
    still(tmp_path / "1.png", 1, size=(480, 320))
    still(tmp_path / "2.png", 2, size=(320, 480))
    made = written([tmp_path], tmp_path / "film.yaml")
    (tmp_path / "film.yaml").write_text(made.text)
    assert load(tmp_path / "film.yaml").board.defaults.fit == "blur"


@pytest.mark.parametrize("size", [(60, 40), (2000, 300), (16, 16)])
def test_pictures_that_a_model_would_refuse(tmp_path: Path, size: tuple[int, int]) -> None:
    """Too small or too wide ones are fitted, so that the storyboard is valid."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number, size=size)
    (tmp_path / "film.yaml").write_text(written([tmp_path], tmp_path / "film.yaml").text)
    assert load(tmp_path / "film.yaml").board.defaults.fit == "cover"


def test_what_is_passed_over_is_said(tmp_path: Path) -> None:
    """Each kind with its number and what to do; files that are no pictures are not spoken of."""
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for number, name in enumerate(("1.JPG", "2.png")):
        still(mixed / name, number)
    shutil.copy(mixed / "1.JPG", mixed / "3.jfif")
    shutil.copy(mixed / "1.JPG", mixed / "4")
    (mixed / "5.heic").write_bytes(HEIC)
    (mixed / "6.jpg").write_bytes(HEIC)
    (mixed / "7.tif").write_bytes(saved(photo(), "TIFF"))
    (mixed / "8.gif").write_bytes(saved(photo(), "GIF"))
    (mixed / "9.mp4").write_bytes(MOVIE)
    (mixed / "10.png").write_bytes((mixed / "2.png").read_bytes()[:20])
    (mixed / "notes.txt").write_text("not a picture")
    (mixed / "theme.m4a").write_bytes(SOUND)
    found = storyboard("new", "mixed", cwd=tmp_path)
    assert found.code == 0
    assert "4 keyframes, 3 shots" in found.out
    assert found.err.splitlines()[:-1] == [
        "passed over: 1 GIF picture, which is not read; save it as PNG",
        "passed over: 2 HEIC pictures, which are not read; save them as JPEG",
        "passed over: 1 TIFF or raw camera picture, which is not read; save it as JPEG",
        "passed over: 1 video, which is not read; save a still of it as PNG",
        "passed over: 10.png is damaged (it breaks off); save or copy it again",
    ]


def test_folders_below_and_links_that_lead_nowhere_are_said(tmp_path: Path) -> None:
    """What somebody may have meant; hidden files and folders of other things are not spoken of."""
    mixed = tmp_path / "mixed"
    for number in (1, 2):
        still(mixed / f"{number}.png", number)
    still(mixed / "more" / "3.png", 3)
    still(mixed / ".thumbnails" / "1.png", 1)
    (mixed / ".1.png").write_bytes(b"")
    (mixed / "texts").mkdir()
    (mixed / "texts" / "notes.txt").write_text("no picture")
    (mixed / "4.png").symlink_to("moved.png")
    (mixed / "5.png").symlink_to("1.png")
    found = storyboard("new", "mixed", cwd=tmp_path)
    assert "3 keyframes, 2 shots" in found.out
    assert found.err.splitlines()[:-1] == [
        "passed over: 4.png is a link that leads nowhere; copy the picture itself",
        "passed over: the folder more is not looked into; name it, too",
    ]


@pytest.mark.parametrize("name", ["-x.yaml", "my film.yaml", "it's.yaml", "$HOME.yaml"])
def test_the_next_command_can_be_pasted(tmp_path: Path, name: str) -> None:
    """Quoted for a shell, and never an option."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    found = storyboard("new", "1.png", "2.png", "-o", name, cwd=tmp_path)
    words = shlex.split(found.err.strip().removeprefix("next: storyboard "))
    words[0] = "validate"
    assert storyboard(*words, cwd=tmp_path).code == 0


def test_every_make_of_picture_is_read(tmp_path: Path) -> None:
    """CMYK, palette, one bit, 16 bits, turned, transparent, of several frames, of any name."""
    folder = tmp_path / "all"
    folder.mkdir()
    plain = Image.effect_noise((360, 640), 90)
    turned = Image.Exif()
    turned[274] = 6
    deep = np.arange(360 * 640, dtype=np.uint16).reshape(640, 360)
    plain.convert("CMYK").save(folder / "cmyk.jpg")
    plain.convert("RGB").save(folder / "turned.JPG", exif=turned)
    plain.convert("P").save(folder / "palette.png")
    plain.convert("1").save(folder / "one bit.png")
    plain.convert("RGBA").save(folder / "clear.webp", save_all=True, append_images=[plain])
    plain.save(folder / "clear.png")
    plain.convert("RGB").save(folder / "Bäume 猫.avif")
    Image.fromarray(deep).save(folder / "deep.png")
    found = storyboard("new", "all", cwd=tmp_path)
    assert found.out == "film.yaml: 8 keyframes, 7 shots\n"
    assert "passed over" not in found.err
    assert storyboard("plan", cwd=tmp_path).code == 0


def test_a_folder_of_nothing_that_is_read(tmp_path: Path) -> None:
    """The reason is what was passed over."""
    for number in (1, 2):
        (tmp_path / f"IMG_{number}.HEIC").write_bytes(HEIC)
    found = storyboard("new", ".", cwd=tmp_path)
    assert found.code == 8
    assert "2 HEIC pictures, which are not read; save them as JPEG" in found.err


def test_an_animation_shows_its_first_picture(tmp_path: Path) -> None:
    """Which one it is has to be written."""
    still(tmp_path / "1.png", 1)
    moving = {"save_all": True, "append_images": [photo(320, 320).rotate(90)]}
    (tmp_path / "2.png").write_bytes(saved(photo(320, 320), "PNG", **moving))
    text = written([tmp_path], tmp_path / "film.yaml").text
    assert "    frame: 0\n" in text


NASTY = "abc019 .-_'\"#:,[]{}&*!|>%@`$~?=\\éü漢א\u0301\u202e\x07\x7f\x85\ufeff\u2028"
NAMES = st.text(
    st.one_of(
        st.sampled_from(NASTY),
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=24,
).filter(lambda name: len(name.encode()) < 200)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=4, unique=True), NAMES)
def test_whatever_the_pictures_are_called(names: list[str], film: str) -> None:
    """What is written is valid, and names every picture; folder and film may be called so, too."""
    with TemporaryDirectory() as place:
        still(Path(place) / "1.png", 1)
        folder = Path(place) / f"d{film}"
        folder.mkdir()
        for name in names:
            shutil.copy(Path(place) / "1.png", folder / f"{name}.png")
        target = Path(place) / f"{film}.yaml"
        made = written([folder], target)
        target.write_bytes(made.text.encode())
        shown = {shot.start.still.path.name for shot in load(target).shots}
        last = list(load(target).shots)[-1].end
        assert last is not None
        shown |= {last.still.path.name}
        assert shown == {f"{name}.png" for name in names if not name.startswith(".")}


@pytest.mark.parametrize(
    "name", ["null", "true", "12", "1e3", "~", ".5", "0x1f", "no", "- a", "a "]
)
def test_names_that_are_other_things_to_yaml(tmp_path: Path, name: str) -> None:
    """Pictures without an ending, named one by one."""
    still(tmp_path / "1.png", 1)
    shutil.copy(tmp_path / "1.png", tmp_path / name)
    text = written([tmp_path / "1.png", tmp_path / name], tmp_path / "film.yaml").text
    (tmp_path / "film.yaml").write_text(text)
    (shot,) = load(tmp_path / "film.yaml").shots
    assert shot.end is not None
    assert shot.end.still.name == name


def test_through_a_link_to_the_folder(tmp_path: Path) -> None:
    """`..` is counted from where the storyboard really lies."""
    for number in (1, 2):
        still(tmp_path / "pictures" / f"{number}.png", number)
    (tmp_path / "deep" / "films").mkdir(parents=True)
    (tmp_path / "films").symlink_to("deep/films")
    target = tmp_path / "films" / "film.yaml"
    target.write_text(written([tmp_path / "pictures"], target).text)
    assert len(list(load(target).shots)) == 1


def test_editors_are_told_where_the_schema_is(tmp_path: Path) -> None:
    """The first line names a file of this very format, which takes what was written."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    text = written([tmp_path], tmp_path / "film.yaml").text
    line = text.partition("\n")[0]
    assert line.startswith("# yaml-language-server: $schema=file:///")
    schema = Path(line.partition("file://")[2])
    Draft7Validator.check_schema(json.loads(schema.read_text()))
    assert "storyboard" in json.loads(schema.read_text())["title"]


def test_a_storyboard_is_never_overwritten(tmp_path: Path) -> None:
    """One that exists stays as it is."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text("mine")
    found = storyboard("new", ".", cwd=tmp_path)
    assert found.code == 8
    assert "is there already" in found.err
    assert (tmp_path / "film.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("missing/film.yaml", "the directory 'missing' does not exist; make it first"),
        ("1.png/film.yaml", "'1.png' is not a directory; choose another place"),
        ("folder", "'folder' is a directory; name a file in it"),
        ("x" * 300 + ".yaml", "is too long a name for this system; shorten it"),
        ("/dev/null/film.yaml", "is not a directory; choose another place"),
        ("dangling.yaml", "is there already"),
        ("/proc/film.yaml", "can't be made there; choose another place"),
    ],
)
def test_a_target_that_cannot_be(tmp_path: Path, target: str, said: str) -> None:
    """One sentence about a file that is yet to be made, and exit code 8."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling.yaml").symlink_to("nowhere/there")
    found = storyboard("new", "1.png", "2.png", "-o", target, cwd=tmp_path)
    assert found.code == 8, found.err
    assert said in found.err
    assert len(found.err.splitlines()) == 1


def test_the_title_is_text_whatever_the_file_is_called(tmp_path: Path) -> None:
    """`2001.yaml` is called "2001", not the number."""
    pictures = [still(tmp_path / f"{number}.png", number) for number in (1, 2)]
    assert 'title: "2001"' in written(pictures, tmp_path / "2001.yaml").text
