"""Two shots that ask for the very same are one purchase, and one drawing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import storyboard
from storyboard.events import Event, State, TakeChanged
from storyboard.planning.data import as_data
from storyboard.planning.planned import Plan
from storyboard.testing import FakeService, acts
from storyboard.workflows.finish import Finish
from tests.boards import still
from tests.money.runs import Set, delivered


def remembering(folder: Path, *, model: str = "kling-o1-standard", times: int = 3) -> Path:
    """A film that shows the way from one picture to another several times."""
    for number in range(2):
        still(folder / f"{number}.png", number)
    scene = {"keyframes": [{"image": "0.png", "shot": "It rolls"}, {"image": "1.png"}]}
    film = folder / "film.yaml"
    written = {"version": 1, "model": model, "defaults": {"duration": 3}, "scenes": [scene] * times}
    film.write_text(json.dumps(written))
    return film


@pytest.fixture
def again(tmp_path: Path, service: FakeService) -> Set:
    """Three scenes of one and the same shot."""
    return Set(remembering(tmp_path), service, tmp_path / ".storyboard")


def same(made: Plan) -> list[str]:
    """For each shot, the one whose take it shares."""
    return [shot.picked.same_as for shot in made.shots]


def test_the_plan_buys_it_once(again: Set) -> None:
    """One price, at the first of them; the others say whose take they show."""
    made = again.plan()
    assert made.price_microusd == 252_000
    assert same(made) == ["", "sh010", "sh010"]
    assert [shot["price_microusd"] for shot in as_data(made)["shots"]] == [252_000, 0, 0]
    assert as_data(made)["shots"][1]["takes"][0]["same_as"] == "sh010"


def test_the_first_one_wanted_buys_it(again: Set) -> None:
    """With `only`, that may be another one."""
    made = storyboard.plan(storyboard.load(again.film), only=["sh020", "sh030"])
    assert made.price_microusd == 252_000
    assert same(made) == ["", "", "sh020"]


def test_it_is_sent_once_and_there_for_all(again: Set) -> None:
    """A cap of one shot's price is enough for the three."""
    assert delivered(again.render(max_cost=252_000))
    assert again.paid == 1
    assert again.told("sh020") == ["waiting", "reused"]
    assert again.plan().price_microusd == 0
    assert same(again.plan()) == ["", "", ""]


def test_it_fails_for_all(again: Set) -> None:
    """One refusal, said of each shot; only the one that was sent may have been charged."""
    again.wrong("submit", acts.fail_moderated())
    made = again.render()
    assert [failure.shot for failure in made.failures] == ["sh010", "sh020", "sh030"]
    assert len({str(failure.error) for failure in made.failures}) == 1
    assert [failure.charged.value for failure in made.failures[1:]] == ["not charged"] * 2


def test_a_draft_of_it_is_drawn_once(tmp_path: Path) -> None:
    """However many threads draw: one drawing, no file that two of them write."""
    film = remembering(tmp_path, model="draft", times=4)
    film.write_text(film.read_text().replace('"duration": 3', '"duration": 0.25'))
    heard: list[Event] = []
    made = storyboard.render(film, listener=heard.append, finish=Finish(preview=True))
    drawn = {e.shot for e in heard if isinstance(e, TakeChanged) and e.state is State.DRAWING}
    assert drawn == {"sh010"}
    assert made.complete
    assert len(list((tmp_path / ".storyboard" / "takes").glob("*.mp4"))) == 1
