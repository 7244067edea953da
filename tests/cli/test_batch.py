"""`storyboard batch`: the options of render, a table of films, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.cli import batch, render
from storyboard.cli.asking import RenderAsked
from storyboard.testing import FakeClip, FakeService
from tests.boards import still
from tests.cli.running import storyboard

BOARD = """\
version: 1
title: Trips
defaults: {duration: 3}
keyframes:
  - image: 0.png
    shot: {prompt: "Off to ${city}"}
  - image: 1.png
"""


@pytest.fixture(name="film")
def _film(tmp_path: Path) -> Path:
    for number in range(2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text(BOARD)
    (tmp_path / "rows.csv").write_text("name,city\nporto,Porto\nfaro,Faro\n")
    return tmp_path / "film.yaml"


def test_no_option_of_render_is_forgotten() -> None:
    """What a render can be asked for, a batch can."""
    there = {option.name for option in batch.command.params}
    assert {option.name for option in render.command.params} <= there
    assert set(RenderAsked.__dataclass_fields__) - {"finish", "reporting"} <= there


def test_the_plan_alone(film: Path) -> None:
    """Counts, a row a film, and the price; no key, nothing sent, nothing written."""
    found = storyboard(
        *("batch", film, "--rows", film.parent / "rows.csv", "-o", "out/{name}.mp4", "--plan"),
        cwd=film.parent,
    )
    assert found.code == 0, found.err
    assert "film.yaml   2 films, 2 shots, 2 to buy, $0.504" in found.out
    assert "to pay now: $0.504" in found.out
    assert not (film.parent / "out").exists()


def test_films_are_made_and_told(film: Path) -> None:
    """It asks first; then progress names the films, and the last line the manifest."""
    with FakeService(footage=FakeClip(width=64, frames_per_second=10)) as service:
        given = ("batch", film, "--rows", film.parent / "rows.csv", "-o", "out/{name}.mp4")
        here = {"environment": service.environment, "cwd": film.parent}
        refused = storyboard(*given, **here)  # type: ignore[arg-type]
        assert refused.code == 5
        assert "--yes or --max-cost" in refused.err
        made = storyboard(*given, "--max-cost", "1", **here)  # type: ignore[arg-type]
        assert made.code == 0, made.err
        assert len(service.paid) == 2
        again = storyboard(*given, "--json", **here)  # type: ignore[arg-type]
    assert "porto/sh010: done" in made.err
    assert "porto: done, out/porto.mp4" in made.err
    assert made.out.splitlines()[-1] == (
        "2 films: 2 done, $0.504 spent; out/manifest.json has them all"
    )
    assert [one["state"] for one in again.data["films"]] == ["there", "there"]
    assert again.data["cost_microusd"] == 0


def test_mistakes_of_the_table(film: Path) -> None:
    """Exit code 3, at line and column, with the line."""
    (film.parent / "rows.csv").write_text("name,city\nporto,Porto\nporto,Faro\n")
    found = storyboard(
        *("batch", film, "--rows", "rows.csv", "-o", "out/{name}.mp4", "--plan"), cwd=film.parent
    )
    assert found.code == 3
    assert found.err.splitlines()[:2] == [
        "rows.csv:3:1: out/porto.mp4 is the film of row 1 (rows.csv:2:1) already",
        "    porto,Faro",
    ]


def test_a_pattern_of_a_condition(film: Path) -> None:
    """--where without an equals sign is wrong usage."""
    found = storyboard(
        *("batch", film, "--rows", "rows.csv", "-o", "{name}.mp4", "--where", "Porto"),
        cwd=film.parent,
    )
    assert found.code == 2
    assert "write it as COLUMN=VALUE" in found.err
