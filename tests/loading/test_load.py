"""From file to storyboard: defaults, names, pictures, and who may read what."""

from __future__ import annotations

import json
import socket
from fractions import Fraction
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load, parse
from storyboard.units.sizes import Size
from tests.images.samples import photo, png
from tests.loading.stills import lay_out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures."""
    return lay_out(tmp_path_factory.mktemp("load"))


def loaded(folder: Path, text: str, **options: object) -> CheckedStoryboard:
    """The storyboard of this text."""
    return parse(f"version: 1\n{text}".encode(), folder / "film.yaml", **options)  # type: ignore[arg-type]


TWO = "keyframes:\n  - image: a.png\n    shot: {more}\n  - image: b.png\n"


def test_the_short_form(folder: Path) -> None:
    """A shot's text is its prompt; everything else has a usual value."""
    board = loaded(folder, TWO.format(more="The ball rolls on"))
    (shot,) = board.shots
    assert (shot.id, shot.scene, shot.prompt) == ("sh010", "scene1", "The ball rolls on")
    assert (str(shot.duration), shot.model.alias) == ("5 s", "kling-o1-standard")
    assert (shot.takes, shot.pick, shot.on_fail) == (1, 1, "error")
    assert shot.speed == 1
    assert shot.end is not None
    assert (shot.start.still.id, shot.end.still.id) == ("a", "b")


def test_shots_are_numbered_over_scenes(folder: Path) -> None:
    """sh010, sh020, ... in the order of the film."""
    scene = "  - keyframes:\n      - {image: a.png, shot: On}\n      - {image: b.png, shot: Open}\n"
    board = loaded(folder, "scenes:\n" + scene + scene)
    assert [shot.id for shot in board.shots] == ["sh010", "sh020", "sh030", "sh040"]
    assert [scene.id for scene in board.scenes] == ["scene1", "scene2"]


def test_an_open_ended_shot(folder: Path) -> None:
    """A last keyframe with a shot has a start frame only."""
    board = loaded(folder, "keyframes:\n  - {image: a.png, shot: On}\n")
    assert [shot.end for shot in board.shots] == [None]


@pytest.mark.parametrize(
    ("prompt", "style", "sent"),
    [
        ("The ball rolls on", "35mm film", "The ball rolls on. 35mm film"),
        ("The ball rolls on.", "35mm film.", "The ball rolls on. 35mm film."),
        ("Does it roll?", "35mm film", "Does it roll? 35mm film"),
        ("It rolls...", "35mm film", "It rolls... 35mm film"),
        ("  It rolls  ", "", "It rolls"),
    ],
)
def test_the_style_follows_the_prompt(folder: Path, prompt: str, style: str, sent: str) -> None:
    """As a sentence of its own."""
    text = f'defaults: {{style: "{style}"}}\n' + TWO.format(more=f"'{prompt}'")
    (shot,) = loaded(folder, text).shots
    assert (shot.prompt, shot.words) == (sent, prompt.strip())


def test_an_empty_style_is_none(folder: Path) -> None:
    """A shot can do without the storyboard's style."""
    text = "defaults: {style: 35mm film}\n" + TWO.format(more='{prompt: On, style: ""}')
    assert next(loaded(folder, text).shots).prompt == "On"


def test_times_are_exact(folder: Path) -> None:
    """0.1 is a tenth, and 24000/1001 is what it says."""
    more = "{prompt: On, duration: 4.1, speed: 1.1, trim: {start: 0.1}, hold: 12f}"
    board = loaded(folder, "fps: 24000/1001\n" + TWO.format(more=more))
    (shot,) = board.shots
    assert shot.duration.amount == Fraction(41, 10)
    assert shot.speed == Fraction(11, 10)
    assert shot.trim_start is not None
    assert shot.trim_start.amount == Fraction(1, 10)
    assert board.rate == Fraction(24000, 1001)


def test_colours_in_capitals(folder: Path) -> None:
    """#FFAA00 is #ffaa00."""
    text = 'defaults: {background: "#FFAA00"}\n' + TWO.format(more="On")
    assert loaded(folder, text).background == "#ffaa00"


def test_a_fit_brings_a_still_to_the_films_shape(folder: Path) -> None:
    """At a size that the model takes."""
    text = "defaults: {fit: contain}\nsize: 160x90\n" + TWO.format(more="On")
    (shot,) = loaded(folder, text).shots
    assert shot.start.recipe.size == (640, 360)
    assert shot.start.notes == ("bars of #000000 added for 640x360 (fit: contain)",)


def test_the_smallest_still_in_the_world(folder: Path) -> None:
    """One pixel sets a shape, too; with a fit it can even be sent."""
    text = "defaults: {fit: cover}\nkeyframes:\n  - {image: pixel.png, shot: On}\n"
    (shot,) = loaded(folder, text).shots
    assert shot.start.recipe.size == (300, 300)


def test_a_frame_of_an_animation(folder: Path) -> None:
    """It is the still."""
    board = loaded(folder, "keyframes:\n  - {image: moving.png, frame: 1, shot: On}\n")
    assert next(board.shots).start.recipe.frame == 1


def test_limits_are_warnings_to_a_draft(folder: Path) -> None:
    """What only the paid models can't do stops no draft."""
    text = TWO.format(more="{prompt: On, duration: 30}").replace("b.png", "small.png")
    with pytest.raises(InvalidStoryboard):
        loaded(folder, text)
    board = loaded(folder, text, draft=True)
    assert len(board.warnings) == 2


def test_two_hundred_shots_too_long_are_a_draft(folder: Path) -> None:
    """However many warnings there are."""
    keyframes = "  - {image: a.png, shot: {prompt: On, duration: 30}}\n" * 200
    board = loaded(folder, f"keyframes:\n{keyframes}", draft=True)
    assert len(list(board.shots)) == 200
    assert len(board.warnings) <= 100


def test_five_hundred_keyframes(folder: Path) -> None:
    """A still used often is read once."""
    keyframes = "  - {image: a.png, shot: On}\n" * 500
    board = loaded(folder, f"keyframes:\n{keyframes}")
    assert len({id(shot.start.still.facts) for shot in board.shots}) == 1


def test_the_film_has_the_first_stills_shape(folder: Path) -> None:
    """Unless the storyboard says a size."""
    assert loaded(folder, TWO.format(more="On")).size is None
    assert loaded(folder, "size: 640x640\n" + TWO.format(more="On")).size == Size(640, 640)


NAMES = [
    "-y.png",
    'it\'s "quoted".png',
    "two\nlines.png",
    "%d %s %(x)s.png",
    "[bold]name[red].png",
    "\N{FIRE} \N{WOMAN}\u200d\N{ROCKET}.png",
    "caf\u0065\u0301.png",
    "a;b|c&d $(touch x) `touch y`.png",
    "\x1b[31mred\x07.png",
    "\u202egnp.exe.png",
    "what?.png",
    "#hash.png",
    " spaces .png",
    "concat:a.png",
    "file:a.png",
    "x" * 200 + ".png",
    "no suffix",
    ".hidden",
    "~.png",
    "*.png",
    "{a,b}.png",
    "back\\slash.png",
    "$${HOME}.png",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_whatever_a_file_is_called(tmp_path: Path, name: str) -> None:
    """A name is only ever a name."""
    real = name.replace("$${", "${")
    (tmp_path / real).write_bytes((lay_out_one(tmp_path)).read_bytes())
    text = f"keyframes:\n  - image: {json.dumps(name, ensure_ascii=False)}\n    shot: On\n"
    (shot,) = loaded(tmp_path, text).shots
    assert shot.start.still.path == tmp_path / real
    assert shot.start.still.read() == (tmp_path / real).read_bytes()


def lay_out_one(folder: Path) -> Path:
    """One picture."""
    path = folder / "a picture"
    path.write_bytes(png(photo(320, 320)))
    return path


def test_a_storyboard_of_any_name(tmp_path: Path) -> None:
    """The file itself may be called anything, too."""
    lay_out(tmp_path)
    path = tmp_path / "-\x1b[1m\n%d.yaml"
    path.write_text("version: 1\n" + TWO.format(more="On"))
    assert load(path).path == path
    path.write_text("version: 3\n")
    with pytest.raises(InvalidStoryboard) as caught:
        load(path)
    assert "\x1b" not in caught.value.drawn()
    assert len(caught.value.drawn().splitlines()) == 3


@pytest.mark.parametrize("bad", ["folder", "pipe.png", "nothing.yaml", "/dev/zero"])
def test_a_storyboard_that_is_no_file(folder: Path, bad: str) -> None:
    """It is refused at once; nothing waits for a pipe."""
    with pytest.raises(InvalidStoryboard):
        load(folder / bad)


def test_a_socket_is_no_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything else that is not a file."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.png")
        with pytest.raises(InvalidStoryboard, match="not a file"):
            loaded(tmp_path, "keyframes:\n  - {image: s.png, shot: On}\n")


def test_confined_to_a_folder(folder: Path) -> None:
    """What lies inside loads; a link that stays inside is followed."""
    (folder / "inside.png").symlink_to("a.png")
    text = "keyframes:\n  - {image: inside.png, shot: On}\n"
    (shot,) = loaded(folder, text, confine=folder).shots
    assert shot.start.still.path == (folder / "a.png").resolve()


@pytest.mark.parametrize(
    "name", ["../a.png", "folder/../../a.png", "/etc/hostname", "link-out.png"]
)
def test_nothing_outside_the_folder(folder: Path, name: str) -> None:
    """By no way that a name can take."""
    with pytest.raises(InvalidStoryboard, match="outside"):
        loaded(folder, f"keyframes:\n  - {{image: {name}, shot: On}}\n", confine=folder)


def test_a_still_that_changes(tmp_path: Path) -> None:
    """The bytes that were priced are the bytes that are sent, or nothing is."""
    lay_out(tmp_path)
    (shot, *_) = loaded(tmp_path, TWO.format(more="On")).shots
    (tmp_path / "a.png").write_bytes((tmp_path / "b.png").read_bytes())
    with pytest.raises(MediaError, match=r"a.png has changed since it was read"):
        shot.start.still.read()


def test_every_input_is_known(folder: Path) -> None:
    """So that no output takes its place."""
    text = "audio: {music: {file: theme.wav}}\n" + TWO.format(more="On")
    inputs = loaded(folder, text).inputs
    assert {path.name for path in inputs} == {"film.yaml", "a.png", "b.png", "theme.wav"}
