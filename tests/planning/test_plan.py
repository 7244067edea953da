"""The plan: what is asked, what it costs, what is renewed, and what is free."""

from __future__ import annotations

import copy
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.errors import StoryboardError
from storyboard.loading.load import load
from storyboard.models.request import key_of
from storyboard.models.table import ROWS
from storyboard.planning.data import as_data
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.takes.holding import Holding, Standing
from tests.boards import board, still
from tests.written import (
    FREE_EDITS,
    STILLS,
    Written,
    boards,
    draw_stills,
    edited,
    loaded,
    planned,
)

QUICK = settings(max_examples=40, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stills."""
    return draw_stills(tmp_path_factory.mktemp("plan"))


def keys(made: Plan) -> list[list[str]]:
    """The keys of every shot's takes, in the order of the film."""
    return [[take.key for take in shot.takes] for shot in made.shots]


def test_what_a_shot_asks_for(tmp_path: Path) -> None:
    """The request is the endpoint's own arguments, and nothing else."""
    made = plan(load(board(tmp_path)))
    first = made.shots[0]
    assert first.request.endpoint == "fal-ai/kling-video/o1/standard/image-to-video"
    assert first.request.arguments == {"prompt": "The ball rolls on to 1", "duration": "3"}
    assert list(first.request.pictures) == ["start_image_url", "end_image_url"]


def test_what_a_key_is_made_of(tmp_path: Path) -> None:
    """Endpoint, arguments, what the pictures show and what is done to them, the take."""
    first = plan(load(board(tmp_path))).shots[0]
    canonical = first.request.canonical(2)
    assert set(canonical) == {"version", "endpoint", "arguments", "pictures", "take"}
    assert first.request.key(2) == key_of(canonical)
    assert len(first.request.key()) == 64
    start = first.shot.start
    shown = f"{start.still.facts.content} v1 bg=#000000"
    assert canonical["pictures"]["start_image_url"] == shown


def test_a_known_key() -> None:
    """The recipe for keys never changes by accident: paid takes are found by it."""
    assert key_of({"b": [1, 2.5, "é"], "a": None}) == (
        "21fddaeebc6c84f1b55624c41336b0e521adecf3e414f2eaa12789afd6167428"
    )


def test_the_price(tmp_path: Path) -> None:
    """Seconds times the model's price, for each take that is not there."""
    made = plan(load(board(tmp_path, shot="takes: 2")))
    assert [shot.price_microusd for shot in made.shots] == [504_000, 504_000]
    assert made.price_microusd == 1_008_000


@pytest.mark.parametrize(
    ("standing", "price"),
    [
        (Standing.DONE, 0),
        (Standing.FLYING, 0),
        (Standing.UNKNOWN, 0),
        (Standing.LOST, 0),
        (Standing.FAILED, 252_000),
    ],
)
def test_what_is_there_costs_nothing(tmp_path: Path, standing: Standing, price: int) -> None:
    """Nor what may have been paid for already; a failed one is bought again."""
    storyboard = load(board(tmp_path, keyframes=2))
    key = plan(storyboard).shots[0].takes[0].key
    made = plan(storyboard, held={key: Holding(standing, "r1")})
    assert made.price_microusd == price
    assert made.shots[0].picked.holding.request_id == "r1"


def test_sold_lengths(tmp_path: Path) -> None:
    """The nearest length that is not shorter is bought, and the plan says so."""
    made = plan(load(board(tmp_path, shot="duration: 4.2")))
    assert [shot.sold for shot in made.shots] == [5, 5]
    assert "5 s are bought for 4.2 s" in made.shots[0].notes[0]


def test_a_draft_is_free(tmp_path: Path) -> None:
    """And is drawn at the length that was asked for."""
    made = plan(load(board(tmp_path, shot="duration: 4.2")), draft=True)
    assert made.price_microusd == 0
    assert {shot.model.alias for shot in made.shots} == {"draft"}
    assert [shot.sold for shot in made.shots] == [Fraction(21, 5)] * 2


def test_a_draft_uses_what_is_paid_for(tmp_path: Path) -> None:
    """A take that is there is better than a drawing of it."""
    storyboard = load(board(tmp_path))
    key = plan(storyboard).shots[0].takes[0].key
    made = plan(storyboard, held={key: Holding(Standing.DONE)}, draft=True)
    assert [shot.model.maker for shot in made.shots] == ["", "draft"]


def test_only_some_shots(tmp_path: Path) -> None:
    """The price is theirs; the plan still shows all."""
    storyboard = load(board(tmp_path))
    made = plan(storyboard, only=["sh020"])
    assert [shot.id for shot in made.wanted] == ["sh020"]
    assert made.price_microusd == 252_000
    assert len(made.shots) == 2


def test_only_a_shot_that_is_not_there(tmp_path: Path) -> None:
    """Is a mistake, with the ones there are."""
    with pytest.raises(StoryboardError, match="no shot is called sh030; there are sh010, sh020"):
        plan(load(board(tmp_path)), only=["sh030"])


def test_the_films_length(tmp_path: Path) -> None:
    """Frames as asked, and what transitions take."""
    made = plan(load(board(tmp_path, extra=["fps: 25"])))
    assert (made.frames, made.overlap) == (150, 0)
    assert made.rate == 25


def test_as_data(tmp_path: Path) -> None:
    """The same for programs: plain JSON, money in whole micro-dollars."""
    data = json.loads(json.dumps(as_data(plan(load(board(tmp_path))))))
    assert data["price_microusd"] == 504_000
    assert data["shots"][0]["request"]["arguments"]["duration"] == "3"
    assert data["shots"][1]["takes"][0]["standing"] == "to buy"


def test_every_model_has_a_price_with_its_day() -> None:
    """A price without a date is a rumour."""
    for row in ROWS:
        assert row.evidence.read_on >= "2026-01-01"
        assert row.evidence.source


# What is free


@QUICK
@given(boards(), st.sets(st.sampled_from(sorted(FREE_EDITS))))
def test_editing_is_free(folder: Path, written: Written, edits: set[str]) -> None:
    """Captions, titles, sound, transitions, speed, trims, holds, picks, names: every key stays."""
    assert keys(planned(edited(written, *edits), folder)) == keys(planned(written, folder))


@QUICK
@given(boards(), st.randoms(use_true_random=False))
def test_the_order_of_scenes_is_free(folder: Path, written: Written, random: object) -> None:
    """In another order, the same shots."""
    other = copy.deepcopy(written)
    random.shuffle(other["scenes"])  # type: ignore[attr-defined]
    assert sorted(keys(planned(other, folder))) == sorted(keys(planned(written, folder)))


@pytest.mark.parametrize("fit", ["cover", "contain", "blur", "stretch"])
def test_the_order_of_scenes_of_different_shapes_is_free(tmp_path: Path, fit: str) -> None:
    """Stills are fitted to their own scene's first one, whichever scene comes first."""
    for number, size in enumerate([(640, 360), (320, 320), (360, 640), (400, 300)]):
        still(tmp_path / f"{number}.png", number, size=size)
    pairs = [["0.png", "1.png"], ["2.png", "3.png"]]
    scenes = [
        {"keyframes": [{"image": a, "shot": {"prompt": "On", "fit": fit}}, {"image": b}]}
        for a, b in pairs
    ]
    one = planned({"version": 1, "scenes": scenes}, tmp_path)
    other = planned({"version": 1, "scenes": scenes[::-1]}, tmp_path)
    assert keys(one) == keys(other)[::-1]


@QUICK
@given(boards(), st.permutations(range(STILLS)))
def test_the_names_of_files_are_free(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, written: Written, names: list[int]
) -> None:
    """Renamed, moved into a folder, in another order: what counts is what is in them."""
    moved = tmp_path_factory.mktemp("moved")
    (moved / "stills").mkdir()
    for number, name in enumerate(names):
        shutil.copy(folder / f"{number}.png", moved / "stills" / f"new {name}.jpeg")
    other = copy.deepcopy(written)
    for scene in other["scenes"]:
        for keyframe in scene["keyframes"]:
            number = int(keyframe["image"].removesuffix(".png"))
            keyframe["image"] = f"./stills/../stills/new {names[number]}.jpeg"
    assert keys(planned(other, moved)) == keys(planned(written, folder))


# The two-shot guarantee


@QUICK
@given(boards(), st.data())
def test_one_keyframe_renews_the_shots_that_touch_it(
    tmp_path_factory: pytest.TempPathFactory, written: Written, data: st.DataObject
) -> None:
    """At most two, and the plan says which keyframe renewed which shot."""
    own = draw_stills(tmp_path_factory.mktemp("changed"))
    before = planned(written, own)
    keyframes = [k for scene in written["scenes"] for k in scene["keyframes"]]
    changed = data.draw(st.sampled_from(keyframes))["image"]
    still(own / changed, STILLS + 1)

    earlier = {shot.id: shot.request.canonical() for shot in before.shots}
    after = plan(loaded(written, own), earlier=earlier)

    touched = {
        shot.id: [
            f"{role} keyframe {prepared.still.id} changed"
            for role, prepared in (("start", shot.shot.start), ("end", shot.shot.end))
            if prepared and prepared.still.name == changed
        ]
        for shot in before.shots
    }
    renewed = [
        b.id
        for a, b in zip(keys(before), after.shots, strict=True)
        if a != [t.key for t in b.takes]
    ]
    assert renewed == [name for name, why in touched.items() if why]
    assert len(renewed) <= 2
    for shot in after.shots:
        assert shot.renewed == ", ".join(touched[shot.id])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"prompt": "It rests"}, "prompt changed"),
        ({"duration": 7}, "duration changed"),
        ({"model": "kling-o1-pro"}, "model changed"),
        ({"style": "35mm"}, "prompt changed"),
    ],
)
def test_what_costs(folder: Path, change: Written, why: str) -> None:
    """What is sent is what is paid for, and the plan says what changed."""
    written = {
        "version": 1,
        "scenes": [
            {"keyframes": [{"image": "0.png", "shot": {"prompt": "On"}}, {"image": "1.png"}]}
        ],
    }
    before = planned(written, folder)
    other = copy.deepcopy(written)
    other["scenes"][0]["keyframes"][0]["shot"].update(change)  # type: ignore[index]
    earlier = {shot.id: shot.request.canonical() for shot in before.shots}
    after = plan(loaded(other, folder), earlier=earlier)
    assert after.shots[0].renewed == why
    assert keys(after) != keys(before)


def test_one_more_take_keeps_the_first(tmp_path: Path) -> None:
    """Another roll is bought; what is there stays."""
    one = keys(plan(load(board(tmp_path, keyframes=2))))[0]
    two = keys(plan(load(board(tmp_path, keyframes=2, shot="takes: 2"))))[0]
    assert two[0] == one[0]
    assert len(set(two)) == 2


# What is said besides


def test_each_picture_is_spoken_of_once(tmp_path: Path) -> None:
    """Also where one shot ends and the next begins with it; with how much is cut off, as data."""
    film = board(tmp_path, keyframes=3, extra=["size: 640x360"])
    film.write_text(film.read_text().replace("duration: 3", "duration: 3, fit: cover"))
    made = plan(load(film))
    assert [prepared.still.name for prepared in made.pictures] == ["0.png", "1.png", "2.png"]
    assert all(shot.notes == () for shot in made.shots)
    data = as_data(made)
    assert data["size"] == "640x360"
    assert [(p["cut_off_width"], p["cut_off_height"]) for p in data["pictures"]] == [
        (0, 0.4375)
    ] * 3
    assert "which loses 44% of its height" in data["pictures"][0]["notes"][0]


def test_a_keyframe_that_is_another_one_now_is_told_from_one_that_changed(tmp_path: Path) -> None:
    """Put in the place of another, or taken from elsewhere in the film: no picture changed."""
    film = board(tmp_path, keyframes=4)
    before = plan(load(film))
    earlier = {shot.id: shot.request.canonical() for shot in before.shots}

    def renewed(text: str) -> list[str]:
        film.write_text(text)
        return [shot.renewed for shot in plan(load(film), earlier=earlier).shots]

    text = film.read_text()
    assert renewed(text.replace("3.png", "1.png"))[-1] == "end keyframe is 1 now"
    swapped = text.replace("0.png", "x").replace("3.png", "0.png").replace("x", "3.png")
    assert renewed(swapped) == ["start keyframe is 3 now", "", "end keyframe is 0 now"]
    still(tmp_path / "3.png", 99)
    assert renewed(text) == ["", "", "end keyframe 3 changed"]


def test_another_shape_of_the_first_keyframe(tmp_path: Path) -> None:
    """It would renew every shot that is fitted to it; the plan names the size that keeps them."""
    film = board(tmp_path, keyframes=4)
    film.write_text(film.read_text().replace("duration: 3", "duration: 3, fit: cover"))
    before = plan(load(film))
    earlier = {shot.id: shot.request.canonical() for shot in before.shots}
    held = {shot.picked.key: Holding(Standing.DONE) for shot in before.shots}

    still(tmp_path / "0.png", 0, size=(340, 320))
    after = plan(load(film), held=held, earlier=earlier)
    assert after.price_microusd == 3 * 252_000
    assert after.shots[2].renewed == (
        "start keyframe 2 is prepared in another way, end keyframe 3 is prepared in another way"
    )
    (warning,) = after.warnings
    assert "`size: 320x320` keeps the shape" in warning.message

    film.write_text("size: 320x320\n" + film.read_text())
    kept = plan(load(film), held=held, earlier=earlier)
    assert (kept.price_microusd, kept.warnings) == (252_000, ())


def test_a_shot_that_is_not_asked_for_shows_its_draft(tmp_path: Path) -> None:
    """Where that was drawn; where not, it stays as it is."""
    storyboard = load(board(tmp_path))
    drawn = plan(storyboard, draft=True)
    held = {drawn.shots[1].picked.key: Holding(Standing.DONE)}
    made = plan(storyboard, held=held, only=["sh010"])
    assert [shot.model.alias for shot in made.shots] == ["kling-o1-standard", "draft"]
    assert made.price_microusd == 252_000
    assert [s.model.alias for s in plan(storyboard, only=["sh010"]).shots] == [
        "kling-o1-standard"
    ] * 2
