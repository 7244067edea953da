"""What was bought under an earlier version's keys is found, and nobody pays for it again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from storyboard.loading.load import load
from storyboard.models.request import key_of
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.store import Store
from storyboard.takes.holding import Holding, Standing
from storyboard.workflows.source import plan_with

EXAMPLES = Path(__file__).parent.parent / "examples"
BOUGHT = Path(__file__).parent / "store" / "bought_by_version_1"
"""A storyboard with its pictures, and the store that version 1 made of it: two shots, paid."""

FORMER = {
    "editing": (
        "b5385a11a99411df0746113aeea93f15b04ed40b1739150e43918fb5ccf6d4c6",
        "1c85ab1fd470e94ca23b33c01c1829ca6d48aba2961125540e5a9fc758b0ffee",
        "0060db10bc3d6d64707c4aa2049cab16c619746eadf96a720723c68e2d1182f7",
        "55cf5f1f498e51b91add48650df1c979199994334a0b870fa1665ff98e6b9a0b",
    ),
    "four-seasons": (
        "9ee43dd4506fdf25a110fba98030f32d6292e7eef230624c31f778c743201554",
        "388b0474d6843349599266e082c1e94e205aa7f34f309896174a58c138ab5176",
        "fced830094b94c5199e24f1093a293e4484dff3fa432a33480080c48b8b49447",
        "711c7b4abdbcd92d53256f77f52aac849d0ea57fbfd81ca3e921f5c8b1f219f7",
    ),
    "morning-ride": (
        "d346d13c3cf0ab210dde35ccd0e16b66336c6d4c15f609d14842d79e65d7847a",
        "3d42ecae31d9f7e5de904cfe6194fa1202577b56557ef0c4adf275a1e633b8af",
        "1419874c89225c1fab64aaf5e340c09a0d94d7467018efdb1548f671b7527573",
        "a0831e82d37cbd03f9162db5009bdf562fe2c1f0d79e8ad266111101ef6597bb",
    ),
    "push-in": (
        "8a97d6f30181e989a0cc2ba45eb9e22844b1e8a36ecbe4d12cbe744db708c9a4",
        "c03a75525c933d359a7778a95c7942552f57aff2cb4ffa10a0e00037362611ab",
    ),
}
"""The keys of the examples' shots in version 1, which named pictures by all bytes of a file."""


@pytest.fixture
def bought(tmp_path: Path) -> Path:
    """A copy of the bought storyboard, to be changed."""
    return Path(shutil.copytree(BOUGHT, tmp_path / "bought")) / "film.yaml"


def planned(film: Path) -> Plan:
    """Its plan, with what its store has."""
    return plan_with(load(film), Store(film.parent / "store"))


@pytest.mark.parametrize("name", FORMER)
def test_the_examples_former_keys_are_for_ever(name: str) -> None:
    """They are computed as they were, and a store that holds takes under them needs no payment."""
    held = {key: Holding(Standing.DONE) for key in FORMER[name]}
    made = plan(load(EXAMPLES / name / "film.yaml"), held=held)
    assert made.price_microusd == 0
    assert [shot.picked.key for shot in made.shots] == list(FORMER[name])


def test_a_store_of_version_1_is_paid(bought: Path) -> None:
    """Its takes are found under the names that they have, and collected under them."""
    made = planned(bought)
    assert made.price_microusd == 0
    assert [shot.picked.standing for shot in made.shots] == [Standing.DONE] * 2
    for shot in made.shots:
        assert (bought.parent / "store" / "takes" / f"{shot.picked.key}.mp4").exists()
        assert key_of(shot.picked.canonical) == shot.picked.key


def test_in_a_store_of_version_1_a_change_is_named(bought: Path) -> None:
    """Another picture renews its two shots, and no other keyframe is called changed."""
    with Image.open(bought.parent / "1.png") as image:
        image.rotate(90).save(bought.parent / "1.png")
    made = planned(bought)
    assert [shot.renewed for shot in made.shots] == [
        "end keyframe 1 changed",
        "start keyframe 1 changed",
    ]
    assert made.price_microusd == 504_000


@pytest.mark.parametrize("standing", [Standing.FLYING, Standing.UNKNOWN, Standing.LOST])
def test_what_is_on_its_way_under_a_former_key_is_not_bought(standing: Standing) -> None:
    """A request that version 1 sent is collected under its own key."""
    former = FORMER["push-in"][0]
    made = plan(load(EXAMPLES / "push-in" / "film.yaml"), held={former: Holding(standing)})
    assert (made.shots[0].picked.key, made.shots[0].price_microusd) == (former, 0)


def test_what_failed_under_a_former_key_is_bought_under_todays() -> None:
    """And why it failed is still known."""
    former = FORMER["push-in"][0]
    failed = Holding(Standing.FAILED, detail="refused")
    made = plan(load(EXAMPLES / "push-in" / "film.yaml"), held={former: failed})
    take = made.shots[0].picked
    assert take.key == made.shots[0].request.key() != former
    assert take.holding.detail == "refused"
