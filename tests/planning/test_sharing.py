"""Scenes whose model takes many keyframes: requests, what they share, renew and cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storyboard.loading.load import load
from storyboard.planning.data import as_data
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.planning.sharing import shared
from storyboard.takes.holding import Holding, Standing
from tests.boards import still

DONE = Holding(Standing.DONE, "id", 0)


def board(
    folder: Path,
    *shots: str,
    model: str = "flux-3-keyframes",
    names: str = "abcdefghijklmnop",
    open_ended: bool = False,
) -> Path:
    """A scene with a shot for each of these flow mappings."""
    lines = ["version: 1", f"model: {model}", "keyframes:"]
    for i, shot in enumerate(shots):
        still(folder / f"{names[i]}.png", ord(names[i]))
        lines.append(f"  - {{image: {names[i]}.png, shot: {{prompt: On to {i + 1}, {shot}}}}}")
    if not open_ended:
        still(folder / f"{names[len(shots)]}.png", ord(names[len(shots)]))
        lines.append(f"  - image: {names[len(shots)]}.png")
    path = folder / "film.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def covers(made: Plan) -> list[tuple[str, ...]]:
    """The shots of each purchase."""
    return [purchase.covers for purchase in made.purchases]


def held(made: Plan) -> dict[str, Holding]:
    """A store that has everything the plan asks for."""
    return {purchase.key: DONE for purchase in made.purchases}


@pytest.mark.parametrize(
    ("model", "lengths", "requests", "price"),
    [
        ("flux-3-keyframes", (4, 4, 4), 1, 2_040_000),
        ("flux-3-keyframes", (2.5, 3), 1, 1_020_000),
        ("flux-3-keyframes", (3,) * 7, 2, 3_570_000),
        ("flux-3-keyframes", (1,) * 10, 2, 1_700_000),
        ("flux-3-keyframes-draft", (5,), 1, 300_000),
        ("ray-3.2-keyframes", (2, 2, 2, 2, 2), 1, 300_000),
        ("ray-3.2-keyframes", (3, 3), 1, 300_000),
        ("ray-3.2-keyframes", (6, 6), 2, 600_000),
        ("pikaframes", (5, 5, 5, 5), 1, 800_000),
        ("pikaframes", (1.5, 2.5), 1, 200_000),
        ("pikaframes", (2,) * 5, 2, 400_000),
        ("pikaframes", (10, 10, 10), 2, 1_200_000),
    ],
)
def test_as_few_requests_as_the_limits_allow(
    tmp_path: Path, model: str, lengths: tuple[float, ...], requests: int, price: int
) -> None:
    """Keyframes, seconds, and what is begun of them is paid."""
    made = plan(load(board(tmp_path, *(f"duration: {n}" for n in lengths), model=model)))
    assert len(made.purchases) == requests
    assert made.price_microusd == price
    assert [shot for own in covers(made) for shot in own] == [shot.id for shot in made.shots]


def test_neighbouring_requests_share_their_keyframe(tmp_path: Path) -> None:
    """Where one ends the next begins."""
    made = plan(load(board(tmp_path, *["duration: 5"] * 5)))
    first, second = (list(purchase.request.pictures.values()) for purchase in made.purchases)
    assert first[-1] == second[0]
    assert [still.still.id for still in (*first, *second[1:])] == list("abcdef")


def test_other_options_are_another_request(tmp_path: Path) -> None:
    """What is asked for counts for all of a request."""
    large = "duration: 2, options: {resolution: 1080p}"
    made = plan(load(board(tmp_path, "duration: 2", large, large, "duration: 2")))
    assert covers(made) == [("sh010",), ("sh020", "sh030"), ("sh040",)]


def test_one_shot_may_have_a_take_more(tmp_path: Path) -> None:
    """The first takes are made together; the other one alone, and each counts its own."""
    made = plan(load(board(tmp_path, "duration: 3", "duration: 3, takes: 2, pick: 2")))
    assert covers(made) == [("sh010", "sh020"), ("sh020",)]
    assert [purchase.number for purchase in made.purchases] == [1, 2]
    assert [take.number for take in made.shots[1].takes] == [1, 2]
    assert list(made.shots[1].span) == [0, 3]
    assert list(made.shots[1].takes[0].span) == [3, 6]


def test_what_is_there_is_used_again(tmp_path: Path) -> None:
    """A shot more at the beginning renews its own request, and does not shift all the others."""
    before = plan(load(board(tmp_path, *["duration: 10"] * 4)))
    assert covers(before) == [("sh010", "sh020"), ("sh030", "sh040")]
    path = board(tmp_path, "id: new, duration: 10", *["duration: 10"] * 4, names="zabcde")
    text = path.read_text()
    for i in range(1, 5):  # what was asked for before keeps its words
        text = text.replace(f"On to {i + 1},", f"On to {i},", 1) if i > 0 else text
    path.write_text(text.replace("prompt: On to 1, id: new", "prompt: New, id: new"))
    after = plan(load(path), held=held(before))
    assert [purchase.covers for purchase in after.purchases if purchase.buys] == [("new",)]
    assert after.price_microusd == 1_700_000


def test_a_change_renews_what_the_plan_said(tmp_path: Path) -> None:
    """For every keyframe of two requests: one inside renews one, the shared one both."""
    path = board(tmp_path, *["duration: 10"] * 4)
    before = plan(load(path))
    said = {name: shots for one in shared(before) for name, shots in one.renews.items()}
    assert said == {
        "a": ("sh010", "sh020"),
        "b": ("sh010", "sh020"),
        "c": ("sh010", "sh020", "sh030", "sh040"),
        "d": ("sh030", "sh040"),
        "e": ("sh030", "sh040"),
    }
    for name, shots in said.items():
        kept = (tmp_path / f"{name}.png").read_bytes()
        still(tmp_path / f"{name}.png", 200)
        after = plan(load(path), held=held(before))
        bought = [shot for purchase in after.purchases if purchase.buys for shot in purchase.covers]
        assert tuple(bought) == shots
        (tmp_path / f"{name}.png").write_bytes(kept)


def test_a_request_is_told_in_words(tmp_path: Path) -> None:
    """Who shares it, its price and that of single ones, what renews it, and what is said."""
    made = plan(load(board(tmp_path, "duration: 2", "duration: 4", "duration: 16")))
    (one,) = shared(made)
    assert one.in_words == (
        "sh010 and sh020: one request of 6 s for $1.02; as 2 single requests $1.70",
        "a change of any of a, b, c renews all of it; c also sh030",
        "its prompt: On to 1 Then: On to 2",
    )
    told: dict[str, Any] = as_data(made)["shared"][0]
    assert (told["shots"], told["single_requests_microusd"]) == (["sh010", "sh020"], 1_700_000)
    assert as_data(made)["shots"][1]["takes"][0]["covers"] == ["sh010", "sh020"]


def test_transitions_are_told_with_their_own_words(tmp_path: Path) -> None:
    """Each has its prompt."""
    (one,) = shared(plan(load(board(tmp_path, "duration: 2", "duration: 4", model="pikaframes"))))
    assert one.prompts == ("On to 1", "On to 2")


def test_only_buys_a_request_whole_and_says_so(tmp_path: Path) -> None:
    """The wanted shot pays, the others come along; what they ask for besides is left out."""
    path = board(tmp_path, "duration: 3, takes: 2", "duration: 3", "duration: 16")
    made = plan(load(path), only=["sh020"])
    (purchase,) = made.purchases
    assert (purchase.covers, purchase.made_for) == (("sh010", "sh020"), "sh020")
    assert made.price_microusd == 1_020_000
    assert [shot.id for shot in made.along] == ["sh010"]
    assert made.shots[0].notes[-1] == (
        "comes with sh020: one request brings both, and is bought whole"
    )
    assert [shot.id for shot in made.wanted] == ["sh020"]


def test_more_than_is_sold_is_said_once(tmp_path: Path) -> None:
    """Seconds after the last keyframe are bought and not shown."""
    made = plan(load(board(tmp_path, "duration: 2", "duration: 1.5")))
    assert made.shots[0].notes == ()
    assert made.shots[1].notes == (
        "flux-3-keyframes sells 5 to 20 s, whole seconds: 5 s are bought, and the last 1.5 s, "
        "after the last keyframe, are not shown",
    )
    assert made.frames == 84


def test_an_open_end_is_no_keyframe(tmp_path: Path) -> None:
    """A model that needs one says so at the shot; another one takes it."""
    path = board(tmp_path, "duration: 3", "duration: 3", open_ended=True)
    (purchase,) = plan(load(path)).purchases
    assert len(purchase.request.pictures) == 2
