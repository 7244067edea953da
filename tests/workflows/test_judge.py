"""Takes are judged once: their numbers are in their notes, and are taken from there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from storyboard.reviewing.judgement import FIELD
from storyboard.store import Store
from storyboard.testing import FakeService
from storyboard.workflows.judge import judged_takes, known_takes
from storyboard.workflows.source import plan_with
from tests.boards import board, still
from tests.counting import Counting
from tests.page.films import filmed


@pytest.fixture(name="film", scope="module")
def _film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shots, one take each, bought."""
    film = board(tmp_path_factory.mktemp("judged"))
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
    return film


def test_what_is_in_the_note_is_not_measured_again(film: Path) -> None:
    """Each take is measured once, whoever asks; the note keeps all that it had."""
    store = Store(film.parent / ".storyboard")
    plan = plan_with(load(film), store)
    before = dict(store.notes())
    counting = Counting(2)
    first = judged_takes(plan, store, executor=counting)
    assert counting.given == {"measured": 2}
    assert judged_takes(plan, store, executor=counting) == first == known_takes(plan, store)
    assert counting.given == {"measured": 2}
    assert [(one.shot, one.take, one.numbers.frames) for one in first] == [
        ("sh010", 1, 73),
        ("sh020", 1, 73),
    ]
    for key, note in before.items():
        assert store.has(key)
        assert {k: v for k, v in store.note(key).items() if k != FIELD} == note
    counting.shutdown()


def test_status_and_qc_show_every_number(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With unit, limit and what to do; status measures nothing itself."""
    assert run(["qc", str(film), "--json"]) == 0
    takes = json.loads(capsys.readouterr().out)["takes"]
    assert [take["shot"] for take in takes] == ["sh010", "sh020"]
    assert {"kind", "value", "unit", "limit", "odd", "todo"} <= takes[0]["measured"][0].keys()
    assert run(["status", str(film), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["takes"]
    assert [line["measured"] for line in lines] == [take["measured"] for take in takes]


def test_another_picture_is_measured_anew(film: Path) -> None:
    """A take that stays, for a still that is prepared otherwise, has other numbers to come."""
    store = Store(film.parent / ".storyboard")
    plan = plan_with(load(film), store)
    judged_takes(plan, store)
    still(film.parent / "2.png", 7)
    changed = plan_with(load(film), store)
    assert [one.shot for one in known_takes(changed, store)] == ["sh010"]
    still(film.parent / "2.png", 2)
    assert len(known_takes(plan_with(load(film), store), store)) == 2


def test_a_damaged_number_is_measured_again(film: Path) -> None:
    """What somebody wrote into the note is no number: it is measured once more."""
    store = Store(film.parent / ".storyboard")
    plan = plan_with(load(film), store)
    first = judged_takes(plan, store)
    note = store.note(first[0].key)
    name = next(iter(note[FIELD]))
    store.takes.amend(first[0].key, {FIELD: {name: {"frames": "many"}}})
    assert len(known_takes(plan, store)) == 1
    assert judged_takes(plan, store) == first


def test_what_is_looked_at_is_measured_first(tmp_path: Path) -> None:
    """Given three shots with two takes each, when somebody looks at the last one, then its takes
    are measured before the others; what comes of it is in the plan's order."""
    source = filmed(tmp_path)
    store = source.store
    plan = plan_with(source.storyboard(), store)
    came: list[str] = []

    def told(_done: int, _total: int) -> None:
        known = [f"{one.shot} {one.take}" for one in known_takes(plan, store)]
        came.extend(one for one in known if one not in came)

    judged = judged_takes(plan, store, told=told, in_sight=lambda: "sh030")
    assert came[:2] == ["sh030 1", "sh030 2"]
    assert sorted(came) == [f"{one.shot} {one.take}" for one in judged]
    assert len(came) == 6
