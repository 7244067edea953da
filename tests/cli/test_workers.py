"""`--workers`, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.video.reader import read
from tests.boards import board

POOL = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

class Noting(ThreadPoolExecutor):
    def submit(self, fn, /, *args, **kwargs):
        with Path("given.txt").open("a") as file:
            file.write(f"{getattr(fn, '__name__', fn)}\\n")
        return super().submit(fn, *args, **kwargs)

def noting():
    return Noting(2)
"""


def test_all_commands_that_work_take_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film that they make is the one that is made without."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pools.py").write_text(POOL)
    film = board(tmp_path, keyframes=2, shot="duration: 0.2")
    quick = ("--preview", "-q")
    assert run(["animatic", str(film), *quick, "-o", "plain.mp4"]) == 0
    there = ("--workers", "pools:noting", "--store", "other")
    assert run(["animatic", str(film), *quick, *there, "-o", "theirs.mp4"]) == 0
    assert (tmp_path / "given.txt").read_text().split() == ["drawn", "render"]
    plain, theirs = (list(read(tmp_path / name)) for name in ("plain.mp4", "theirs.mp4"))
    assert all((one == other).all() for one, other in zip(plain, theirs, strict=True))
    for command in (
        ["render", "--draft", *quick],
        ["watch", "--once", *quick],
        ["qc", "--draft"],
        ["export", "--draft", "--to", "to", "--for", "edl", "-q"],
        ["review", "--draft", "-o", "page", "-q"],
        ["store", "verify"],
    ):
        assert run([*command, str(film), *there]) == 0, command


@pytest.mark.parametrize("named", ["two", "0", "dask://"])
def test_a_name_of_nobody_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    """At the option, with what to write."""
    assert run(["animatic", str(board(tmp_path)), "--workers", named]) == 2
    said = capsys.readouterr().err
    assert "'--workers'" in said
    assert "write" in said


def test_workers_that_can_not_be_had_stop_a_render_before_it_pays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence."""
    assert run(["render", str(board(tmp_path)), "--yes", "--workers", "nowhere:pool"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("storyboard: workers nowhere:pool can't be had: ModuleNotFoundError")
    assert not (tmp_path / ".storyboard").exists()
