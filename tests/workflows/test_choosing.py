"""`pick: best`: the take that the numbers in the notes say, in the film and everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from storyboard.reviewing.judgement import FIELD
from storyboard.store import Store
from storyboard.testing import FakeService
from storyboard.workflows.conform import conform
from storyboard.workflows.neighbours import SEAMS
from storyboard.workflows.source import plan_with
from tests.boards import board
from tests.counting import Counting

GOOD: dict[str, Any] = {"cut": 0.0, "flash": 0.0, "flicker": 0.0, "colour": 0.0, "still": 0.0}
GOOD |= {"start": 0.9, "end": 0.9, "sharp": 1.0, "black": 0}


@pytest.fixture(name="bought", scope="module")
def _bought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shots; the second one has three takes and wants the best. All bought and measured."""
    film = board(tmp_path_factory.mktemp("best"), shot="takes: 3, pick: best")
    text = film.read_text()
    film.write_text(text.replace(", takes: 3, pick: best", "", 1))
    with FakeService() as service, service.applied():
        made = [
            "render",
            str(film),
            "--yes",
            "--preview",
            "-q",
            "-o",
            str(film.with_suffix(".mp4")),
        ]
        assert run(made) == 0
        assert len(service.paid) == 4
    return film


@pytest.fixture(name="film")
def _film(bought: Path, tmp_path: Path) -> Path:
    """A copy of it, whose notes may be changed."""
    shutil.copytree(bought.parent, tmp_path / "film")
    return tmp_path / "film" / bought.name


def says(film: Path, *takes: dict[str, Any], seams: tuple[float, ...] = (0.9, 0.9, 0.9)) -> Store:
    """The store, whose notes say these numbers of the second shot's takes, over good ones."""
    store = Store(film.parent / ".storyboard")
    first, second = plan_with(load(film), store).shots
    for take, numbers in zip(second.takes, takes, strict=True):
        kept = store.note(take.key)[FIELD]
        kept = {name: {**numbers_, **GOOD, **numbers} for name, numbers_ in kept.items()}
        store.takes.amend(take.key, {FIELD: kept})
    keys = [take.key for take in second.takes]
    store.takes.amend(first.takes[0].key, {SEAMS: dict(zip(keys, seams, strict=True))})
    return store


def shown(film: Path, store: Store) -> int:
    """Which take of the second shot is cut in; nothing may be measured for that."""
    counting = Counting(1)
    clips = conform(plan_with(load(film), store), store, executor=counting).clips
    assert not counting.given.keys() & {"measured", "joined"}
    counting.shutdown()
    return next(clip.take for clip in clips if clip.shot == "sh020")


def test_a_broken_take_comes_last(film: Path) -> None:
    """Whatever its seams are."""
    store = says(film, {"cut": 0.9}, {}, {"end": 0.8}, seams=(1.0, 0.9, 0.9))
    assert shown(film, store) == 2


def test_then_the_seams_decide_and_then_the_end(film: Path) -> None:
    """A better seam before a better end; of equal seams, the better end."""
    assert shown(film, says(film, {}, {}, {"end": 0.7}, seams=(0.8, 0.85, 0.9))) == 3
    assert shown(film, says(film, {}, {}, {"end": 0.95}, seams=(0.9, 0.901, 0.899))) == 3


def test_a_number_wins(film: Path) -> None:
    """A person's choice is shown, whatever was measured; and no key changes by it."""
    store = says(film, {"cut": 0.9}, {}, {})
    before = [take.key for shot in plan_with(load(film), store).shots for take in shot.takes]
    assert run(["pick", str(film), "sh020", "1"]) == 0
    assert shown(film, store) == 1
    after = [take.key for shot in plan_with(load(film), store).shots for take in shot.takes]
    assert after == before


def test_the_export_shows_the_same_take(film: Path) -> None:
    """Film and timeline go by the same notes."""
    says(film, {"cut": 0.9}, {"black": 4}, {})
    assert run(["export", str(film), "--to", str(film.parent / "to"), "--for", "otio"]) == 0
    assert (film.parent / "to" / "media" / "sh020_v003.mov").exists()


def test_the_plan_says_best(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And asks for every take, whichever will be picked."""
    assert run(["plan", str(film), "--json"]) == 0
    shot = json.loads(capsys.readouterr().out)["shots"][1]
    assert (shot["pick"], len(shot["takes"])) == ("best", 3)


@pytest.mark.parametrize("written", ["worst", "0", "21", "1.5", "[1]", "true"])
def test_what_is_no_pick(written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that says what may be written."""
    film = board(tmp_path, shot=f"pick: {written}")
    assert run(["validate", str(film)]) == 3
    said = capsys.readouterr().err
    assert "shot.pick: must be" in said
    assert "or best" in said
