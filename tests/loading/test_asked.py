"""Options: where they may stand, which of them counts, and what is said of those that can't be."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load
from storyboard.models.choices import NumberOption, Option, Restriction, TextOption
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths, number
from storyboard.models.model import StillLimits
from storyboard.models.price import by_option, per_second
from storyboard.models.row import ModelRow
from storyboard.models.table import MODELS
from storyboard.planning.planner import plan
from tests.loading.stills import lay_out

CHOOSY = ModelRow(
    alias="choosy",
    endpoint="owner/choosy/image-to-video",
    start="image_url",
    end="end_image_url",
    lengths=Lengths((5, 10), written=number),
    stills=StillLimits(),
    tariff=by_option("resolution", {"720p": per_second(100_000), "1080p": per_second(200_000)}),
    evidence=Evidence("2026-11-26", "made for a test"),
    options={
        "resolution": Option("resolution", ("720p", "1080p"), "720p", sent=lambda it: f"{it}"),
        "sound": Option("generate_audio", (False, True), default=False),
        "seed": NumberOption("seed", 0, 99),
        "cfg_scale": NumberOption("cfg_scale", 0, 1, default=0.5, whole=False),
        "negative_prompt": TextOption("negative_prompt", 4, "bytes"),
    },
    restrictions=(
        Restriction({"resolution": ("1080p",)}, lengths=(5,)),
        Restriction({"seed": (13,)}, end_frame=False),
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures."""
    return lay_out(tmp_path_factory.mktemp("asked"))


def loaded(folder: Path, text: str) -> CheckedStoryboard:
    """The storyboard of this text, with a model that has options."""
    path = folder / "film.yaml"
    path.write_text(f"version: 1\nmodel: choosy\n{text}")
    return load(path, models=MODELS.having(CHOOSY))


def sent(board: CheckedStoryboard) -> list[dict[str, object]]:
    """What the model is sent for each shot, without words and length."""
    usual = ("prompt", "duration")
    return [
        {name: value for name, value in shot.request.arguments.items() if name not in usual}
        for shot in plan(board).shots
    ]


ONE = "keyframes: [{image: a.png, shot: {prompt: It rolls, MORE}}, {image: b.png}]\n"
FILM = """\
options: {resolution: 1080p, sound: true, seed: 1}
defaults: {options: {seed: 2}}
scenes:
  - options: {seed: 3}
    keyframes:
      - {image: a.png, shot: {prompt: It rolls, options: {sound: null, negative_prompt: snow}}}
      - {image: b.png, shot: It rests}
      - image: a.png
  - model: kling-o1-pro
    options: {resolution: null, sound: null, seed: null}
    keyframes: [{image: a.png, shot: It rolls}, {image: b.png}]
"""


def test_what_stands_nearer_counts(folder: Path) -> None:
    """The shot's before its scene's, before the defaults', before the film's."""
    first, second, other = sent(loaded(folder, FILM))
    assert first == {
        "resolution": "1080p",
        "generate_audio": False,
        "seed": 3,
        "cfg_scale": 0.5,
        "negative_prompt": "snow",
    }
    assert second["generate_audio"] is True
    assert other == {}


def test_a_scene_has_a_model(folder: Path) -> None:
    """For its shots that name none."""
    aliases = [shot.model.alias for shot in loaded(folder, FILM).shots]
    assert aliases == ["choosy", "choosy", "kling-o1-pro"]


def test_options_are_part_of_the_key(folder: Path) -> None:
    """Another setting is another request; one that says what is sent anyway is the same."""
    keys = [
        plan(loaded(folder, ONE.replace("MORE", f"options: {{{option}}}"))).shots[0].picked.key
        for option in ("", "sound: false", "cfg_scale: 0.5", "sound: true", "seed: 0", "seed: 1")
    ]
    assert keys[0] == keys[1] == keys[2]
    assert len({*keys[2:]}) == 4


def test_options_have_their_price(folder: Path) -> None:
    """The plan's is that of the arguments that are sent."""
    made = plan(loaded(folder, ONE.replace("MORE", "options: {resolution: 1080p}")))
    assert made.price_microusd == 1_000_000
    assert made.shots[0].sold == Fraction(5)


@pytest.mark.parametrize(
    ("options", "column", "words"),
    [
        ("resolutoin: 720p", 63, "no option resolutoin; did you mean resolution?"),
        ("resolution: 720P", 75, "choosy has no resolution 720P; did you mean 720p?"),
        ("resolution: 4k", 75, "choosy has no resolution 4k; it has 720p, 1080p"),
        ("sound: 1", 70, "choosy has no sound 1; it has false, true"),
        ("seed: 1.5", 69, "choosy has no seed 1.5; it takes a whole number, 0 to 99"),
        ("seed: true", 69, "choosy has no seed true; it takes a whole number, 0 to 99"),
        ("seed: 100", 69, "choosy has no seed 100; it takes a whole number, 0 to 99"),
        ("cfg_scale: 2", 74, "it takes a number, 0 to 1, also fractions"),
        ("negative_prompt: 5", 80, "it takes text; put it in quotes"),
        ("negative_prompt: snow!", 80, "it takes text, at most 4 bytes, and this has 5"),
        ("seed: 13", 69, "choosy takes no end frame with seed 13"),
        ("loop: true", 63, "has no option loop; it has resolution, sound, seed, cfg_scale, neg"),
    ],
)
def test_what_a_row_does_not_offer(folder: Path, options: str, column: int, words: str) -> None:
    """Said where it stands, with what was meant or what there is; nothing is ignored."""
    with pytest.raises(InvalidStoryboard) as caught:
        loaded(folder, ONE.replace("MORE", f"options: {{{options}}}"))
    (mistake,) = caught.value.mistakes
    assert (mistake.place.line, mistake.place.column) == (3, column)
    assert words in mistake.message


def test_a_length_that_goes_only_with_another_choice(folder: Path) -> None:
    """Said at the length, with the choice that forbids it."""
    more = "duration: 6, options: {resolution: 1080p}"
    with pytest.raises(InvalidStoryboard) as caught:
        loaded(folder, ONE.replace("MORE", more))
    (mistake,) = caught.value.mistakes
    assert mistake.message == "choosy makes 5 s with resolution 1080p; 6 s is too long"
    assert mistake.path == "keyframes[0].shot.duration"


def test_one_place_for_the_whole_film(folder: Path) -> None:
    """An option of the film that no shot's model has is said once, at its line."""
    with pytest.raises(InvalidStoryboard) as caught:
        loaded(
            folder,
            "options: {lop: 1}\nkeyframes: "
            "[{image: a.png, shot: On}, {image: b.png, shot: On}, {image: a.png}]\n",
        )
    (mistake,) = caught.value.mistakes
    assert (mistake.place.line, mistake.path) == (3, "options.lop")
