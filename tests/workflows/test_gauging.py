"""How quickly this machine works is learnt from what it did, and said before the next film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.events import Encoding, Event, State, TakeChanged
from storyboard.generating.terms import Run
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.testing import Clock
from storyboard.workflows import gauging
from storyboard.workflows.finish import USUAL, Finish
from tests.boards import board
from tests.counting import Counting

Said = pytest.CaptureFixture[str]


@pytest.fixture(name="draft")
def _draft(tmp_path: Path) -> Plan:
    """Two shots that are to be drawn."""
    return plan(load(board(tmp_path, keyframes=3)), draft=True)


def worked(made: Plan, clock: Clock, *, seconds: float) -> None:
    """Draw both drafts, and encode the film, a part of it meanwhile, each in so much time."""
    heard: list[Event] = []
    total = made.frames
    with gauging.gauged(made, USUAL, Run(listener=heard.append, clock=clock)) as told:
        for shot in ("sh010", "sh020"):
            told.listener(TakeChanged(shot, 1, State.DRAWING))
        clock.advance(seconds)
        for shot in ("sh010", "sh020"):
            told.listener(TakeChanged(shot, 1, State.DONE))
        told.listener(Encoding(total // 2, total))
        clock.advance(seconds)
        told.listener(Encoding(total, total))
    assert len(heard) == 6


def test_the_next_film_takes_as_long(draft: Plan) -> None:
    """Its drafts as long as these, and its film besides; two films of the same drafts once more."""
    assert gauging.seconds_here(draft, speeds=gauging.known()) is None
    worked(draft, Clock(), seconds=10)
    here = gauging.seconds_here(draft, [(draft, USUAL)], speeds=gauging.known())
    assert here == pytest.approx(10 + 10, rel=0.02)
    two = [(draft, USUAL)] * 2
    twice = gauging.seconds_here(draft, two, speeds=gauging.known())
    assert twice == pytest.approx(10 + 20, rel=0.02)


def test_the_middle_one_counts(draft: Plan) -> None:
    """Of the last ones: a machine that was busy once is not slow for ever."""
    for seconds in (10.0, 500, 12, 11, 9):
        worked(draft, Clock(), seconds=seconds)
    here = gauging.seconds_here(draft, [(draft, USUAL)], speeds=gauging.known())
    assert here == pytest.approx(22, rel=0.02)


def test_a_film_of_takes_counts_what_was_not_there(tmp_path: Path) -> None:
    """Half of it was; the next one is new."""
    made, clock = plan(load(board(tmp_path, keyframes=3))), Clock()
    with gauging.gauged(made, USUAL, Run(listener=lambda _: None, clock=clock)) as told:
        told.listener(Encoding(made.frames // 2, made.frames))
        clock.advance(10)
        told.listener(Encoding(made.frames, made.frames))
    here = gauging.seconds_here(made, speeds=gauging.known())
    assert here == pytest.approx(20, rel=0.02)


def test_of_other_work_nothing_is_known(draft: Plan) -> None:
    """Another codec is encoded at another speed."""
    worked(draft, Clock(), seconds=10)
    films = [(draft, Finish(codec="prores"))]
    assert gauging.seconds_here(draft, films, speeds=gauging.known()) is None


@pytest.mark.parametrize("text", ["", "[]", '{"drawing": "x"}', '{"drawing": [null]}', "\0"])
def test_what_cant_be_read_is_not_known(tmp_path: Path, text: str) -> None:
    """It is a help and no condition."""
    (tmp_path / gauging.FILE).write_text(text)
    assert not gauging.known(tmp_path)


def test_workers_elsewhere_say_nothing_of_this_machine(draft: Plan) -> None:
    """Their speed is another one."""
    with Counting(1) as executor, gauging.gauged(draft, USUAL, Run(executor=executor)) as told:
        assert told.executor is executor
    assert not gauging.known()


def test_it_is_said_before_the_next_film(tmp_path: Path, capsys: Said) -> None:
    """Of a film that changed; of one that is there, nothing is said."""
    film = str(board(tmp_path, keyframes=2, shot="duration: 0.5"))
    assert run(["animatic", film, "-q"]) == 0
    capsys.readouterr()
    assert run(["plan", film, "--draft", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["expected"] is None
    board(tmp_path, keyframes=3, shot="duration: 0.5")
    assert run(["plan", film, "--draft"]) == 0
    assert "\nat most " in capsys.readouterr().out
