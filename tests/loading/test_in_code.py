"""A storyboard that is made in code, given as data or as a stream, and written as YAML."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import storyboard
from storyboard import (
    Audio,
    Caption,
    CutShot,
    Defaults,
    Keyframe,
    Music,
    Scene,
    Seam,
    Shot,
    Storyboard,
    Title,
    Transition,
    Trim,
)
from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.fileformat import yaml_text
from storyboard.fileformat.fields import Part
from storyboard.loading import reading
from storyboard.units.timing import Duration
from tests.loading.stills import lay_out

SPEC = Path(yaml_text.__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures."""
    return lay_out(tmp_path_factory.mktemp("code"))


def pair(shot: Shot | str = "The ball rolls on", **more: Any) -> Storyboard:
    """A storyboard of one shot."""
    return Storyboard(keyframes=[Keyframe("a.png", shot=shot), Keyframe("b.png")], **more)


def keys(board: storyboard.CheckedStoryboard) -> list[str]:
    """The keys of all takes."""
    return [take.key for shot in storyboard.plan(board).shots for take in shot.takes]


def wrong(given: Any, folder: Path) -> list[str]:
    """The mistakes of what is given, as text."""
    with pytest.raises(InvalidStoryboard) as caught:
        storyboard.load(given, base=folder)
    return str(caught.value).splitlines()


def test_made_in_code_it_is_what_its_file_is(folder: Path) -> None:
    """Values, plain data and a text are the same storyboard, under the same keys."""
    made = storyboard.load(pair(), base=folder)
    data = {"keyframes": [{"image": "a.png", "shot": "The ball rolls on"}, {"image": "b.png"}]}
    assert storyboard.load(data, base=folder) == made
    text = json.dumps({"version": 1, **data})
    assert storyboard.load(io.StringIO(text), base=str(folder)) == made
    assert storyboard.load(io.BytesIO(text.encode()), base=folder) == made
    (folder / "film.yaml").write_text(text)
    assert keys(storyboard.load(folder / "film.yaml")) == keys(made)


def test_values_may_be_pythons_own(folder: Path) -> None:
    """Paths, fractions, decimals and tuples stand for the text that a file would have."""
    made = Storyboard(
        (Keyframe(folder / "a.png", shot=Shot("On", duration=Fraction(9, 2))), Keyframe("b.png")),
        fps=Fraction(24000, 1001),
        budget=Decimal("2.50"),
    )
    assert made.keyframes is not None
    assert made.keyframes[0].shot == Shot(prompt="On", duration=Duration(Fraction(9, 2)))
    assert (made.fps, made.budget) == (Fraction(24000, 1001), 2_500_000)
    assert made.keyframes[0].image == (folder / "a.png").as_posix()
    assert storyboard.load(made, base=folder).rate == Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("part", "fields", "said"),
    [
        (Shot, {"prompt": "On", "duration": 0}, "Shot.duration: must be more than 0"),
        (Shot, {"prompt": "On", "duration": Fraction(1, 3)}, "more than nine decimals"),
        (Shot, {}, "Shot.prompt: is required"),
        (Keyframe, {"image": "a", "shot": {"prompt": ""}}, "Keyframe.shot.prompt: must not be"),
        (Scene, {"keyframes": [{"imag": "a"}]}, "Scene.keyframes[0].imag: is not a field of a key"),
        (Title, {"text": "Hi", "at": "5,0", "duration": 1}, "Title.at: has a comma; write 5.0"),
        (Storyboard, {"keyframes": [Keyframe("a")], "fps": 23.976}, "fps: is not an exact rate"),
        (Storyboard, {"keyframes": [{"image": 3}]}, "keyframes[0].image: must be text, not 3"),
        (Storyboard, {"keyframes": [], "version": 2}, "version: "),
        (Storyboard, {"keyframs": []}, "keyframs: is not a field of a storyboard; did you mean"),
        (Storyboard, {"variables": {"x": float("nan")}}, "variables.x: must be a finite number"),
    ],
)
def test_mistakes_are_said_where_they_are_made(
    part: type[Part], fields: Mapping[str, Any], said: str
) -> None:
    """A block that can't be says so at once, in the words that a file's mistakes have."""
    with pytest.raises(InvalidStoryboard) as caught:
        part(**fields)
    assert said in str(caught.value)
    assert str(caught.value) == "\n".join(mistake.drawn() for mistake in caught.value.mistakes)


def test_mistakes_of_a_whole_point_into_the_structure(folder: Path) -> None:
    """What only shows when everything is known has the field, and neither file nor line."""
    made = Storyboard(
        keyframes=[
            Keyframe("a.png", shot=Shot("On", id="one")),
            Keyframe("b.png", shot=Shot("On", id="one", duration=12)),
            Keyframe("gone.png"),
        ]
    )
    found = wrong(made, folder)
    assert "keyframes[1].shot.duration: kling-o1-standard makes 3 to 10 s" in "\n".join(found)
    assert "keyframes[1].shot.id: another shot is called one, at keyframes[0].shot.id" in found
    assert any(line.startswith("keyframes[2].image: ") for line in found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "storyboard: has neither keyframes nor scenes"),
        ({"version": 3}, "version: only version 1 of the format is known here"),
        ({"keyframes": {"image": "a.png"}}, "keyframes: must be a list, not a block"),
        ({3: 4}, "storyboard: a field's name that is not text: 3"),
        ({"title": "${x}", "keyframes": []}, "title: no variable is called 'x'"),
        ({"notes": {"k": f"{'0' * 8}-{'0' * 4}-{'0' * 4}-{'0' * 4}-{'0' * 12}:{'0' * 32}"}}, "key"),
    ],
)
def test_mistakes_in_plain_data(given: Any, said: str, folder: Path) -> None:
    """Data from elsewhere is judged as a file is."""
    assert any(said in line for line in wrong(given, folder))


def test_data_without_an_end(folder: Path) -> None:
    """A dict that holds itself is refused, as is one of too many values."""
    endless: dict[str, Any] = {}
    endless["notes"] = endless
    assert "nested deeper" in wrong(endless, folder)[0]
    assert "more than 100000 values" in wrong({"notes": [0] * 100_001}, folder)[0]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ("version: 1\nkeyframes: []", StoryboardError, "not its path; give io.StringIO"),
        ('{"version": 1}', StoryboardError, "not its path; give io.StringIO"),
        (3, TypeError, "a path, a Storyboard, a dict or a stream, not from int"),
    ],
)
def test_what_is_no_storyboard(given: Any, error: type[Exception], said: str) -> None:
    """A text in a path's place, and anything else, is told what to give."""
    with pytest.raises(error, match=said):
        storyboard.load(given)


def test_only_one_field_goes_without_its_name() -> None:
    """As the field that is alone in the short form; a second one is a mistake of the code."""
    with pytest.raises(TypeError, match="only prompt may be given without a name"):
        Shot("On", "b")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="two values for image"):
        Keyframe("a.png", image="b.png")  # type: ignore[misc]


def test_the_place_of_what_has_no_file(folder: Path) -> None:
    """It is called after its title, in its folder; an open file is that file."""
    assert storyboard.load(pair(title="Fox / no. 2"), base=folder).path == folder / "Fox_no._2.yaml"
    assert storyboard.load(pair(), base=folder).path == folder / "storyboard.yaml"
    assert not storyboard.load(pair(), base=folder).on_disk
    path = pair().write(folder / "open.yaml")
    with path.open() as stream:
        loaded = storyboard.load(stream)
    assert (loaded.path, loaded.on_disk) == (path, True)


def test_a_stream_has_lines(folder: Path) -> None:
    """A text's mistakes stand at its lines, whatever the text is called."""
    assert wrong(io.StringIO("version: 1\nkeyframes: []\n"), folder) == [
        "<text>:2:12: keyframes: must not be empty"
    ]


def test_the_yaml_of_a_storyboard(folder: Path) -> None:
    """Short forms where they say all, no defaults, quotes where YAML wants them."""
    made = Storyboard(
        title="yes",
        fps=25,
        variables={"n": "01", "on": True, "x": 1.0},
        scenes=[
            Scene([Keyframe("a.png", shot=Shot("Go")), Keyframe("b.png")], id="day"),
            Scene(
                [
                    Keyframe("a.png", shot=Shot("${n}: é\n# 😀\u2028", trim=Trim(), hold="6f")),
                    Keyframe("b.png"),
                ],
                transition=Transition("dissolve", duration="12f"),
            ),
        ],
        audio=Audio(music=Music("a b.wav")),
        budget="$2.50",
        notes={"a": [1, [2, []]], "b": {}},
    )
    assert made.to_yaml().splitlines() == [
        "version: 1",
        'title: "yes"',
        "fps: 25",
        "variables:",
        '  "n": "01"',
        '  "on": true',
        "  x: 1.0",
        "scenes:",
        "  - id: day",
        "    keyframes:",
        "      - image: a.png",
        "        shot: Go",
        "      - image: b.png",
        "  - transition:",
        "      type: dissolve",
        "      duration: 12f",
        "    keyframes:",
        "      - image: a.png",
        "        shot:",
        '          prompt: "${n}: é\\n# 😀\\u2028"',
        "          trim: {}",
        "          hold: 6f",
        "      - image: b.png",
        "audio:",
        "  music: a b.wav",
        "budget: 2.5",
        "notes:",
        "  a:",
        "    - 1",
        "    - - 2",
        "      - []",
        "  b: {}",
    ]
    assert repr(made) == "<Storyboard 'yes', 2 scenes>"
    assert repr(Shot("On", takes=2)) == "Shot(prompt='On', takes=2)"


def test_what_was_loaded_can_be_written_again(folder: Path) -> None:
    """Variables have been put in by then: what looks like one is text."""
    made = pair("$${a} and ${b}", variables={"b": "${c}"})
    loaded = storyboard.load(made, base=folder)
    assert next(iter(loaded.shots)).prompt == "${a} and ${c}"
    again = storyboard.load(io.StringIO(loaded.board.to_yaml()), base=folder)
    assert again == loaded
    assert storyboard.load(loaded.board, base=folder) == loaded


TIMES = some.one_of(
    some.integers(1, 86_400),
    some.floats(1e-3, 86_400),
    some.decimals("0.000000001", 80_000, places=9),
    some.builds("{}f".format, some.integers(1, 10**6)),
    some.builds("{:02}:{:02}:{:02}.{:09}".format, *[some.integers(0, 23)] * 3, some.integers(1, 9)),
    some.builds("{}.{:09}ms".format, some.integers(0, 80_000_000), some.integers(1, 10**9 - 1)),
)
MOMENTS = TIMES | some.just(0)
TEXTS = some.text(min_size=1, max_size=30).filter(lambda text: text.isprintable() and text.strip())
WORDS = some.one_of(
    TEXTS.map(lambda text: text.replace("${", "$")),
    some.sampled_from(
        ["1e5", "0x1", "~", "No", "1:05", "- a", "a: b", "# a", "'", '"', "|", "=", ""]
    ).filter(bool),
    some.sampled_from(["2020-01-01", "1_000", "a\nb", "\ta", "a ", " a", "...", "---", "é\u0301"]),
)
SHOTS = some.builds(
    Shot,
    prompt=WORDS,
    duration=some.none() | TIMES,
    takes=some.integers(1, 20),
    speed=some.floats(0.1, 10),
    trim=some.none() | some.builds(Trim, start=some.none() | MOMENTS, end=some.none() | MOMENTS),
    hold=some.none() | MOMENTS,
    style=some.none() | WORDS,
    seam=some.none() | some.builds(Seam, bridge=some.integers(0, 24)),
    captions=some.lists(some.builds(Caption, text=WORDS, at=MOMENTS, duration=TIMES), max_size=2),
    audio=some.none() | some.sampled_from(["keep", "mute"]),
    notes=some.none() | some.dictionaries(WORDS, some.lists(WORDS, max_size=2), max_size=2),
)
TRANSITIONS = some.one_of(
    some.sampled_from(["cut", "dissolve"]),
    some.builds(Transition, type=some.just("fade"), duration=TIMES, color=some.just("red")),
)
CUTS = some.builds(CutShot, shot=some.just("sh010"), start=some.none() | MOMENTS)
BOARDS = some.builds(
    Storyboard,
    keyframes=some.lists(
        some.builds(Keyframe, image=WORDS, shot=some.none() | SHOTS | WORDS), min_size=1, max_size=3
    ),
    title=some.none() | WORDS,
    fps=some.none() | some.sampled_from([24, 12.5, "30000/1001", Fraction(100, 7), 23.1]),
    size=some.none() | some.sampled_from(["1920x1080", "9:16", "720p"]),
    budget=some.none() | some.decimals(0, 1_000_000, places=6),
    defaults=some.builds(Defaults, duration=some.none() | TIMES, transition=TRANSITIONS),
    variables=some.dictionaries(
        some.from_regex("[a-z]{1,3}", fullmatch=True),
        WORDS | some.booleans() | some.integers(0, 9) | some.floats(-1e20, 1e20),
        max_size=2,
    ),
    titles=some.lists(some.builds(Title, text=WORDS, at=MOMENTS, duration=TIMES), max_size=2),
    cut=some.none()
    | some.lists(some.builds(CutShot, shot=some.just("sh010"), start=MOMENTS), min_size=1),
    audio=some.none() | some.builds(Audio, music=WORDS, voiceover=some.lists(WORDS, max_size=2)),
)


@given(BOARDS)
@settings(max_examples=60)
def test_what_is_written_is_read_as_the_same(made: Storyboard) -> None:
    """Whatever is in it, the YAML says exactly that."""
    read = reading.read(made.to_yaml().encode(), file="film.yaml")
    assert Storyboard.model_validate(read.root) == made


@given(SHOTS)
@settings(max_examples=60)
def test_what_is_written_is_bought_under_the_same_key(folder: Path, shot: Shot) -> None:
    """A storyboard and its YAML load to equal values, and their takes have equal keys."""
    made = pair(shot)
    try:
        loaded = storyboard.load(made, base=folder)
    except InvalidStoryboard:
        return
    again = storyboard.load(io.StringIO(made.to_yaml()), base=folder)
    assert again == loaded
    assert keys(again) == keys(loaded)


def test_what_type_checkers_are_told_is_what_there_is() -> None:
    """Each block's own signature has its fields: an inherited one is not read as such."""
    told: dict[str, set[str]] = {}
    for path in SPEC.glob("*.py"):
        for kind in ast.walk(ast.parse(path.read_text())):
            if isinstance(kind, ast.ClassDef):
                for made in ast.walk(kind):
                    if isinstance(made, ast.FunctionDef) and made.name == "__init__":
                        names = {arg.arg for arg in (*made.args.args, *made.args.kwonlyargs)}
                        told.setdefault(kind.name, names - {"self"})
    blocks = {kind.__name__: kind for kind in _blocks(Part)}
    for name in blocks.keys() - {"Part", "Lettering"}:
        assert told[name] == set(blocks[name].model_fields), name


def _blocks(kind: type[Part]) -> list[type[Part]]:
    return [kind, *(found for sub in kind.__subclasses__() for found in _blocks(sub))]
