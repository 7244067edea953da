"""`pick` and `take`: one number of the storyboard, and not a byte besides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.errors import FileTrouble
from storyboard.testing import FakeService
from storyboard.workflows.rewriting import opened, rewriting
from storyboard.workflows.source import StoryboardFile
from tests.boards import board


@pytest.fixture(name="film")
def _film(tmp_path: Path) -> Path:
    """Two shots with two takes each, nothing bought, and a comment."""
    film = board(tmp_path, shot="takes: 2")
    film.write_text("# the ball\n" + film.read_text())
    return film


def test_a_pick_is_one_field_of_the_file(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it means is said: the take, and that it is yet to be bought."""
    before = film.read_text()
    assert run(["pick", str(film), "sh020", "2"]) == 0
    assert film.read_text() == before.replace("to 2, takes: 2", "to 2, takes: 2, pick: 2")
    assert capsys.readouterr().out == "sh020: take 2, not 1: to buy ($0.252)\n"
    assert run(["pick", str(film), "sh020", "1"]) == 0
    assert film.read_text() == before.replace("to 2, takes: 2", "to 2, takes: 2, pick: 1")


def test_the_best_take_is_left_to_what_is_measured(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The word is written; a number takes it away, and what retakes it asked for."""
    before = film.read_text()
    assert run(["pick", str(film), "sh020", "best"]) == 0
    assert film.read_text() == before.replace("to 2, takes: 2", "to 2, takes: 2, pick: best")
    assert capsys.readouterr().out == "sh020: best take, not 1: to buy ($0.252)\n"
    more = film.read_text().replace("pick: best", "pick: best, retakes: 1, broken: [black]")
    film.write_text(more)
    assert run(["pick", str(film), "sh020", "best"]) == 0
    assert film.read_text() == more
    assert run(["pick", str(film), "sh020", "1"]) == 0
    assert film.read_text() == before.replace("to 2, takes: 2", "to 2, takes: 2, pick: 1")


def test_one_more_take_shows_its_price_and_buys_nothing(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The number rises by one; no key, no network, no store is needed."""
    before = film.read_text()
    with FakeService() as service, service.applied():
        assert run(["take", str(film), "sh010", "--json"]) == 0
        assert service.paid == []
    found = json.loads(capsys.readouterr().out)
    assert (found["take"], found["price_microusd"]) == (3, 252_000)
    assert found["render_price_microusd"] == 5 * 252_000
    assert film.read_text() == before.replace("to 1, takes: 2", "to 1, takes: 3")
    assert not (film.parent / ".storyboard").exists()


def test_a_dry_run_writes_nothing(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words, and the file as it was."""
    before = film.read_bytes()
    assert run(["pick", str(film), "sh010", "2", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert run(["take", str(film), "sh010", "--dry-run"]) == 0
    assert "sh010: take 3: to buy, $0.252" in capsys.readouterr().out
    assert film.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["pick", "sh010", "3"], 2, "sh010 has 2 takes; `storyboard take` asks for one more"),
        (["pick", "sh999", "1"], 2, "no shot is called sh999; there are sh010, sh020"),
        (
            ["pick", "sh010", "best take"],
            2,
            "is no take; write its number, counted from 1, or best",
        ),
        (["pick", "sh010"], 2, "name [FILE] SHOT TAKE"),
        (["take", "sh999"], 2, "no shot is called sh999"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_written(
    words: list[str], code: int, message: str, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, an exit code, and the file as it was."""
    before = film.read_bytes()
    assert run([words[0], str(film), *words[1:]]) == code
    assert message in capsys.readouterr().err
    assert film.read_bytes() == before


def test_there_are_never_more_takes_than_the_format_has(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The twenty-first is refused at its line."""
    film.write_text(film.read_text().replace("takes: 2", "takes: 20"))
    before = film.read_bytes()
    assert run(["take", str(film), "sh010"]) == 8
    assert "takes: must be at most 20" in capsys.readouterr().err
    assert film.read_bytes() == before


def test_an_editor_that_saved_meanwhile_wins(film: Path) -> None:
    """The file is another when it is to be written: nothing is, and it is said."""
    here = opened(StoryboardFile(film))
    new = rewriting(here, {(*here.was.shot("sh010").path, "pick"): 2})
    saved = film.read_text() + "# saved\n"
    film.write_text(saved)
    with pytest.raises(FileTrouble, match="was changed meanwhile"):
        new.write()
    assert film.read_text() == saved
