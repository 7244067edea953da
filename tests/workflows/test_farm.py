"""A render farm's job: run by `openjd run`, it makes the film that `render` makes."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import storyboard
from storyboard.cli import run
from storyboard.workflows.farm import FarmPart
from storyboard.workflows.finish import Finish
from tests.boards import board


@pytest.mark.skipif(find_spec("openjd") is None, reason="openjd-cli is not installed")
def test_openjd_runs_the_job_and_its_film_is_that_of_render(tmp_path: Path) -> None:
    """Each step in its tasks; the film's bytes are the same, and nothing was left to the join."""
    film = board(tmp_path, keyframes=3, shot="duration: 0.2", name="my film")
    job = tmp_path / "job"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m storyboard "$@"\n')
    program.chmod(0o755)
    assert run(["farm", str(film), "--to", str(job), "--preview"]) == 0
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openjd", "run", str(job / "template.json")),
            *("-p", f"file://{job / 'parameters.json'}", "-p", f"Program={program}"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 takes" not in done.stdout  # one a task
    other = storyboard.Store(tmp_path / "other")
    made = storyboard.render(
        film, draft=True, store=other, finish=Finish(preview=True), output=tmp_path / "here.mp4"
    )
    assert (tmp_path / "my film.draft.mp4").read_bytes() == made.path.read_bytes()
    assert not (tmp_path / ".storyboard" / "ledger.sqlite3").exists()


def test_parts_divide_everything_once() -> None:
    """Whatever the number of parts is, and of things."""
    for of in range(1, 6):
        parts = [FarmPart.parse(f"{number}/{of}") for number in range(1, of + 1)]
        assert all(sum(part.has(index) for part in parts) == 1 for index in range(12))


@pytest.mark.parametrize("written", ["", "3", "0/2", "3/2", "a/b", "1/"])
def test_what_is_no_part_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    """With how it is written."""
    assert run(["farm", str(board(tmp_path)), "--draw", written]) == 2
    assert "write it as 3/8" in capsys.readouterr().err


def test_a_job_has_paths_that_a_farm_can_map(tmp_path: Path) -> None:
    """As parameters; a title is no template, a variable goes along with each task."""
    film = board(tmp_path, extra=["title: '${a} {{{Param.Film}} }}'", "variables: {a: b}"])
    folder = tmp_path / "job"
    call = ["farm", str(film), "--to", str(folder), "--var"]
    assert run([*call, "a={{Param.Film}}"]) == 2
    assert run([*call, "a=b}}"]) == 2
    assert not folder.exists()
    assert run([*call, "a=b c"]) == 0
    job = json.loads((folder / "template.json").read_text())
    assert [step["name"] for step in job["steps"]] == ["Draw", "Cut", "Encode", "Join"]
    assert not {"{{", "}}"} & {job["name"][at : at + 2] for at in range(len(job["name"]))}
    assert all(
        step["script"]["actions"]["onRun"]["args"][-2:] == ["--var", "a=b c"]
        for step in job["steps"]
    )
    kinds = {one["name"]: one["type"] for one in job["parameterDefinitions"]}
    assert [name for name, kind in kinds.items() if kind == "PATH"] == [
        "Storyboard",
        "Store",
        "Film",
    ]
    values = json.loads((folder / "parameter_values.json").read_text())["parameterValues"]
    assert {one["name"] for one in values} == {"Storyboard", "Store", "Film"}


def test_a_place_that_was_given_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task looks for takes where this machine does; what the file says, it reads itself."""
    film, place = board(tmp_path), tmp_path / "place"

    def told(*more: str) -> list[list[str]]:
        assert run(["farm", str(film), "--to", str(tmp_path / "job"), *more]) == 0
        job = json.loads((tmp_path / "job" / "template.json").read_text())
        args = [step["script"]["actions"]["onRun"]["args"] for step in job["steps"]]
        return [words[words.index("--media") :] if "--media" in words else [] for words in args]

    assert told() == [[]] * 4
    assert told("--media", str(place)) == [["--media", str(place)]] * 4
    monkeypatch.setenv("STORYBOARD_MEDIA", str(place))
    assert told() == [["--media", str(place)]] * 4
    assert told("--media", "none") == [["--media", "none"]] * 4


def test_a_job_or_one_task(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither both nor none."""
    film = str(board(tmp_path))
    assert run(["farm", film]) == 2
    assert run(["farm", film, "--to", str(tmp_path / "job"), "--cut"]) == 2
    assert "or one of its tasks" in capsys.readouterr().err
