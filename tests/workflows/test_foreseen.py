"""How long a film takes is said from what was sent before, by this store or another."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from storyboard.cli import run
from storyboard.cli.progress import Rows
from storyboard.cli.progress_lines import ProgressLines
from storyboard.cli.waiting import in_words
from storyboard.events import State, TakeChanged, WaitExpected
from storyboard.generating.backoff import SCALE
from storyboard.ledger.user_record import VARIABLE
from storyboard.store import Store
from storyboard.testing import Clock, FakeService
from storyboard.workflows.foreseen import expected_wait
from tests.boards import board
from tests.money.runs import SMALL, Set, patient

SOME = WaitExpected(4, 2, usual=190, least=120, most=320, requests=14)


def test_it_is_said_in_words() -> None:
    """As roughly as it is known."""
    assert in_words(SOME) == (
        "about 3 min for 4 takes, 2 at once (2 min to 5 min, as 14 earlier requests took)"
    )
    assert in_words(WaitExpected(1, 1, 94, 94, 94, 0)) == "about 90 s for 1 take (as others say)"
    assert in_words(WaitExpected(9, 4, 9000, 9000, 9000, 1)) == (
        "about 2.5 h for 9 takes, 4 at once (as 1 earlier request took)"
    )


def test_all_parts_of_it_are_said() -> None:
    """What is on the way, and what this machine does; each alone, too."""
    whole = WaitExpected(3, 2, usual=190, least=190, most=190, requests=1, flying=1, here=61)
    assert in_words(whole) == (
        "about 3 min for 3 takes and 1 on the way, 2 at once (as 1 earlier request took); "
        "at most 60 s on this machine"
    )
    assert in_words(WaitExpected(0, 1, 40, 40, 40, 1, flying=1)) == (
        "about 40 s for 1 on the way (as 1 earlier request took)"
    )
    assert in_words(WaitExpected(0, 0, 0, 0, 0, 0, here=200)) == "at most 3 min on this machine"


def test_progress_says_it() -> None:
    """In a line; at a terminal for as long as takes are on their way."""
    console = Console(width=200, file=io.StringIO())
    ProgressLines(console, now=lambda: "07:00:00")(SOME)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == f"07:00:00 {in_words(SOME)}\n"
    rows = Rows(Console(width=200, file=io.StringIO(), force_terminal=True, color_system=None))
    shown = []
    for state in (State.RUNNING, State.DONE):
        rows(TakeChanged("sh010", 1, state))
        rows(SOME)
        with console.capture() as capture:
            console.print(rows._drawn())
        shown.append("0:00 of about 3 min for 4 takes" in capture.get())
    assert shown == [True, False]


@pytest.fixture
def bought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """A film of one take, which was sent and there after two minutes."""
    (tmp_path / "one").mkdir()
    with FakeService(footage=SMALL) as service:
        monkeypatch.setenv(VARIABLE, str(tmp_path / "state"))
        film = board(tmp_path / "one", keyframes=2)
        one = Set(film, service, film.parent / ".storyboard", state=tmp_path / "state")
        one.render()
    one.tamper("UPDATE requests SET sent_at = 1000, done_at = 1120")
    return one


def test_this_stores_requests_count(bought: Set, capsys: pytest.CaptureFixture[str]) -> None:
    """In the plan, as a line and as data; not where nothing is bought."""
    film = str(bought.film)
    assert run(["plan", film, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["expected"] is None
    board(bought.film.parent, keyframes=3)
    assert run(["plan", film]) == 0
    assert "\nabout 2 min for 1 take (as 1 earlier request took)\n" in capsys.readouterr().out
    assert run(["plan", film, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["expected"]
    assert found == {
        "takes": 1,
        "at_once": 1,
        "usual": 120.0,
        "least": 120.0,
        "most": 120.0,
        "requests": 1,
        "flying": 0,
        "here": None,
    }


@pytest.mark.parametrize(("jobs", "minutes"), [(1, 4), (2, 2), (4, 1)])
def test_it_comes_true(tmp_path: Path, jobs: int, minutes: int) -> None:
    """Four takes of a minute each, by a clock that is given: within the service's next answer."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock, run=60) as service:
        film = board(tmp_path, keyframes=2)
        one = Set(film, service, film.parent / ".storyboard", clock=clock)
        one.render(pace=patient())
        board(tmp_path, keyframes=6)
        said = expected_wait(one.plan(), one.store, jobs=jobs)
        begun = clock.time()
        one.render(pace=patient(), jobs=jobs)
        took = clock.time() - begun
    assert said is not None
    assert (said.takes, said.at_once, said.requests) == (4, jobs, 1)
    assert said.usual == pytest.approx(minutes * 60, rel=0.2)
    assert took == pytest.approx(said.usual, rel=0.2)


def test_requests_of_other_stores_count(bought: Set, tmp_path: Path) -> None:
    """By the user's own record, which is only read; a user who has sent nothing has none."""
    store = bought.store
    store.ledger.note(bought.rows()[0].intent, "touched")  # written into the record as it is now
    store.close()
    (tmp_path / "two").mkdir()
    other = Set(board(tmp_path / "two", keyframes=3), bought.service, tmp_path / "two" / ".s")
    found = expected_wait(other.plan(), Store(other.folder))
    assert found is not None
    assert (found.takes, found.requests) == (2, 1)
    assert not (tmp_path / "two" / ".s").exists()


def test_a_batch_says_it_before_it_asks(
    bought: Set, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all its films together, so many at once."""
    monkeypatch.setenv(SCALE, "0.01")
    folder = bought.film.parent
    film = board(folder, keyframes=4, extra=["variables: {by: Ana}"])
    film.write_text(re.sub(r"The (.*)}", r'"${by}: \1"}', film.read_text()))
    (folder / "rows.csv").write_text("name,by\na,Ana\nb,Bo\n")
    order = ["batch", str(bought.film), "--rows", str(folder / "rows.csv")]
    order += ["-o", str(tmp_path / "{name}.mp4"), "--jobs", "2"]
    assert run([*order, "--plan"]) == 0
    words = "about 6 min for 6 takes, 2 at once (as 1 earlier request took)"
    assert words in capsys.readouterr().out
    assert run(order) == 5
    assert words in capsys.readouterr().err
