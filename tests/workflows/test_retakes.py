"""Retakes: at most so many, in the price before they are bought, and never one of them twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from storyboard.reviewing.judgement import FIELD
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService, Fault, acts
from storyboard.workflows.conform import conform
from storyboard.workflows.source import plan_with
from tests.boards import board
from tests.cli.running import QUICK

PRICE = 252_000
BLACK = acts.film(FakeClip(look="black"))


def film(folder: Path, retakes: int = 1) -> Path:
    """One shot, one take, and so many retakes."""
    return board(folder, keyframes=2, shot=f"pick: best, retakes: {retakes}")


def rendered(path: Path, *more: str) -> int:
    """Render it; gives the exit code."""
    return run(["render", str(path), "--preview", "-q", "-o", str(path.with_suffix(".mp4")), *more])


def plan_of(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The plan as data."""
    capsys.readouterr()
    assert run(["plan", str(path), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_plan_says_at_most(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is certain, and what it may come to; a cap has to hold for all of it."""
    path = film(tmp_path, retakes=2)
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (PRICE, 3 * PRICE)
    assert run(["plan", str(path)]) == 0
    assert "to pay now: $0.252, at most $0.756 with retakes ($0.504)" in capsys.readouterr().out
    with FakeService() as service, service.applied():
        assert rendered(path, "--max-cost", "0.70") == 5
        assert service.paid == []
    assert "this costs at most $0.756" in capsys.readouterr().err


def test_a_sound_take_is_not_bought_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One payment; from then on nothing more is to be paid at all."""
    path = film(tmp_path)
    with FakeService() as service, service.applied():
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 1
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (0, 0)


def test_a_broken_take_is_bought_once_more_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The film shows the second one; the first one stays in the store; another run pays nothing."""
    path = film(tmp_path)
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK))
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 2
        assert rendered(path) == 0
        assert len(service.paid) == 2
    store = Store(tmp_path / ".storyboard")
    plan = plan_with(load(path), store)
    assert [(take.number, take.standing.value) for take in plan.shots[0].takes] == [
        (1, "done"),
        (2, "done"),
    ]
    assert conform(plan, store).clips[0].take == 2
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (0, 0)


def test_there_are_never_more_than_the_file_says(tmp_path: Path) -> None:
    """Every take is black: two retakes, and then the film is made of what there is."""
    path = film(tmp_path, retakes=2)
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK, times=None))
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 3
        assert rendered(path) == 0
        assert len(service.paid) == 3


def test_what_is_not_listed_is_no_reason(tmp_path: Path) -> None:
    """A take that is black, where only flicker counts as broken."""
    path = board(tmp_path, keyframes=2, shot="pick: best, retakes: 1, broken: [flicker]")
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK))
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 1


def test_a_number_picks_a_retake_and_ends_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person's choice stands in the file: the takes there are, and no more retakes."""
    path = film(tmp_path)
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK))
        assert rendered(path, "--max-cost", "1") == 0
    assert run(["pick", str(path), "sh010", "2"]) == 0
    assert "to 1, pick: 2, takes: 2}" in path.read_text()
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (0, 0)


def test_retakes_need_the_best(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a number nobody would see them: said at the line, before anything is paid."""
    path = board(tmp_path, keyframes=2, shot="retakes: 1")
    assert run(["validate", str(path)]) == 3
    assert "retakes: needs `pick: best`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "paid"), [("download", 1), ("submit", 1), ("status", 2), ("download", 2)]
)
def test_killed_and_run_again_pays_each_once(place: str, paid: int, tmp_path: Path) -> None:
    """SIGKILL while the broken take comes home, while its retake is asked for, and on its way."""
    path = film(tmp_path)
    command = [sys.executable, "-m", "storyboard", "render", str(path), "--max-cost", "1"]
    command += ["--preview", "-q", "-o", str(tmp_path / "film.mp4")]
    with FakeService() as service:
        service.inject(Fault("submit", BLACK))
        environment = {**os.environ, **QUICK, **service.environment}
        running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

        def kill(visit: object) -> bool:
            if len(service.paid) == paid and running.poll() is None:
                running.kill()
            return False

        service.inject(Fault(place, acts.hold(), times=None, when=kill))  # type: ignore[arg-type]
        assert running.wait(300) == -signal.SIGKILL
        before = len(service.paid)
        assert paid <= before <= 2
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(service.paid) == 2
    rows = Store(tmp_path / ".storyboard").rows()
    assert Counter(row.key for row in rows if row.state == "KEPT").most_common(1)[0][1] == 1
    assert sorted(row.take for row in rows if row.state == "KEPT") == [1, 2]


def test_defaults_have_them_for_every_shot_that_shows_its_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given retakes in `defaults`, then each shot with `pick: best` may have them, also where that
    is in `defaults`; one that says otherwise has its own, one whose take somebody chose none."""
    path = board(tmp_path, keyframes=4, shot="MORE")
    usual = "defaults: {duration: 3, pick: best, retakes: 1, broken: [black]}"
    text = path.read_text().replace("defaults: {duration: 3}", usual)
    for own in ("broken: [cut]", "retakes: 2", "pick: 1"):
        text = text.replace("MORE", own, 1)
    path.write_text(text)
    shots = load(path).shots
    assert [(s.best, s.retakes, s.broken) for s in shots] == [
        (True, 1, ("cut",)),
        (True, 2, ("black",)),
        (False, 0, ("black",)),
    ]
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (3 * PRICE, 6 * PRICE)
    assert run(["pick", str(path), "sh010", "1"]) == 0
    assert plan_of(path, capsys)["most_microusd"] == 5 * PRICE
    assert run(["pick", str(path), "sh020", "2"]) == 0
    assert "pick: 2, takes: 2" in path.read_text()
    assert plan_of(path, capsys)["most_microusd"] == 4 * PRICE


def test_a_take_that_defaults_call_broken_is_bought_once_more(tmp_path: Path) -> None:
    """Given a black take and `defaults` that ask for it, then one more is bought, once."""
    path = board(tmp_path, keyframes=2)
    usual = "defaults: {duration: 3, pick: best, retakes: 1, broken: [black]}"
    path.write_text(path.read_text().replace("defaults: {duration: 3}", usual))
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK))
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 2
        assert rendered(path, "--max-cost", "1") == 0
        assert len(service.paid) == 2


def test_a_retake_stays_whatever_counts_as_broken_by_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a black take and its retake, when `broken` is another list, or nothing is measured,
    then both are takes of the shot still, and nothing is to be paid."""
    path = film(tmp_path)
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", BLACK))
        assert rendered(path, "--max-cost", "1") == 0
    path.write_text(path.read_text().replace("retakes: 1", "retakes: 1, broken: [flicker]"))
    store = Store(tmp_path / ".storyboard")
    plan = plan_with(load(path), store)
    assert [take.number for take in plan.shots[0].takes] == [1, 2]
    assert conform(plan, store).clips[0].take == 2
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (0, 0)
    for take in plan.shots[0].takes:
        store.takes.amend(take.key, {FIELD: {}})
    assert len(plan_with(load(path), store).shots[0].takes) == 2
    made = plan_of(path, capsys)
    assert (made["price_microusd"], made["most_microusd"]) == (0, 0)
