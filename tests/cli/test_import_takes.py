"""`storyboard import`: the take that an editor put in is the take that the film shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from storyboard.cli import run
from storyboard.testing import FakeService, codes
from storyboard.video.reader import read
from tests.boards import board

CUT = ["cut:", "  - {shot: sh010, take: 2, duration: 24f}", "  - sh020", "  - sh010"]
FORMATS = ("otio", "xml", "fcpxml", "edl", "mlt")


@pytest.fixture(name="paid", scope="module")
def _paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two shots with two takes each, and its timelines."""
    folder = tmp_path_factory.mktemp("takes")
    film = board(folder, shot="takes: 2", extra=["title: Case", *CUT])
    command = ["render", str(film), "--yes", "--preview", "--jobs", "1"]
    with FakeService() as service, service.applied():
        assert run([*command, "-o", str(folder / "f.mp4")]) == 0
    assert run(["export", str(film), "--to", str(folder / "to"), "--for", "all"]) == 0
    return film


@pytest.fixture(name="film")
def _film(paid: Path, tmp_path: Path) -> Path:
    """A copy of the storyboard with the same store."""
    film = board(tmp_path, shot="takes: 2", extra=["title: Case", *CUT])
    (tmp_path / ".storyboard").symlink_to(paid.parent / ".storyboard")
    return film


@pytest.mark.parametrize("ending", FORMATS)
def test_a_cut_with_other_takes_comes_back_as_it_went(
    ending: str, paid: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The take that `cut:` names is no change, in no format."""
    before = film.read_bytes()
    path = paid.parent / "to" / f"Case.{ending}"
    assert run(["import", str(path), str(film), "--strict", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["changes"], found["written"]) == (ending, [], False)
    assert film.read_bytes() == before


@pytest.mark.parametrize("ending", FORMATS)
def test_a_swapped_take_is_taken_over(
    ending: str, paid: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second shot's other take was put in: `take: 2`, for nothing, in every format."""
    text = (paid.parent / "to" / f"Case.{ending}").read_text()
    edited = film.parent / f"edited.{ending}"
    name = "sh020_v001.mov" if ending == "otio" else "sh020_v001"
    edited.write_text(text.replace(name, name.replace("v001", "v002")))
    assert run(["import", str(film), str(edited)]) == 0
    assert "sh020 shows take 2" in capsys.readouterr().out
    assert yaml.safe_load(film.read_text())["cut"] == [
        {"shot": "sh010", "take": 2, "duration": "24f"},
        {"shot": "sh020", "take": 2},
        "sh010",
    ]
    assert run(["plan", str(film), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["price_microusd"] == 0


def test_what_is_written_is_seen(paid: Path, film: Path) -> None:
    """The film's frames say the take that the editor put in."""
    text = (paid.parent / "to" / "Case.otio").read_text()
    edited = film.parent / "edited.otio"
    edited.write_text(text.replace("sh020_v001.mov", "sh020_v002.mov"))
    made = [film.parent / name for name in ("before.mp4", "after.mp4")]
    assert run(["render", str(film), "--max-cost", "0", "--preview", "-o", str(made[0])]) == 0
    assert run(["import", str(edited), str(film)]) == 0
    assert run(["render", str(film), "--max-cost", "0", "--preview", "-o", str(made[1])]) == 0
    before, after = ([code.shot for code in map(codes.read, read(one)) if code] for one in made)
    assert before[:24] == after[:24]
    assert before[-72:] == after[-72:]
    assert not set(before[24:-72]) & set(after[24:-72])
