"""What a notebook shows, and what a value says of itself in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

import storyboard
from storyboard import notebook
from storyboard.workflows.finish import Finish
from storyboard.workflows.source import plan_with
from tests.boards import board

HTML = "_repr_html_"


def html(value: object) -> str:
    """What a notebook shows of a value."""
    return str(getattr(value, HTML)())


def test_a_plan_is_one_line_and_a_table(tmp_path: Path) -> None:
    """Shots, length and price; the table has a row for each shot, with its state."""
    loaded = storyboard.load(board(tmp_path))
    plan = plan_with(loaded, storyboard.Store(tmp_path / "store"))
    assert repr(plan) == "<Plan 2 shots, 6.04 s, $0.504>"
    assert (
        repr(plan.shots) == "(<PlannedShot sh010, 3 s, to buy>, <PlannedShot sh020, 3 s, to buy>)"
    )
    assert repr(loaded) == "<CheckedStoryboard 'film', 1 scene, 2 shots>"
    assert repr(loaded.scenes) == "(<CheckedScene scene1, 2 shots>,)"
    shown = html(plan)
    assert shown.startswith("<table><caption>film: $0.504 to pay</caption>")
    assert "<tr><td>sh020</td><td>1</td><td>2</td><td>kling-o1-standard</td>" in shown
    assert "<td>3.04 s</td><td>$0.252</td><td>to buy</td></tr></table>" in shown


def test_a_film_is_one_line_and_a_player(tmp_path: Path) -> None:
    """So are its timeline and its seams: a line each, and a table."""
    film = storyboard.render(board(tmp_path), draft=True, finish=Finish(preview=True))
    assert repr(film) == f"<Film {str(film.path)!r}, 6.04 s, $0.00>"
    assert html(film).startswith('<video controls width="640" title="film" src="data:video/mp4;')
    assert repr(film.timeline) == "<Timeline 2 clips, 6.04 s, 320x320 at 24>"
    assert html(film.timeline).count("<tr><td>00:00:0") == 2
    assert repr(film.report).startswith("<Report 1 seam, ")
    assert "sh010 | sh020" in html(film.report)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "a & b", '"><img src=x>', "\x1b[2J"]
)
def test_words_of_strangers_are_escaped(words: str, tmp_path: Path) -> None:
    """In titles, cells, notes and names nothing acts."""
    found = notebook.table(words, [words], [[words]], [words]) + notebook.player(
        tmp_path / f"{words.replace('/', '')}.mp4", words
    )
    assert words not in found.replace("<br>", "")


def test_a_film_that_is_gone_is_named(tmp_path: Path) -> None:
    """Nothing to play, and no error in the notebook."""
    assert notebook.player(tmp_path / "film.mp4", "Snow") == (
        f"<p>Snow: <code>{tmp_path}/film.mp4</code></p>"
    )
