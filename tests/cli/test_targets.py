"""Every command against places that can't be used: a sentence and its exit code, no traceback."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from storyboard.cli import group, run
from tests.boards import board

if sys.platform == "win32":
    pytest.skip("limits and /proc are needed to make places unusable", allow_module_level=True)

import resource

COMMANDS = (
    "new {pictures} -o {out}/new.yaml",
    "validate {file}",
    "plan {file} --store {store}",
    "animatic {file} --store {store} -o {out}/film.mp4 --preview",
    "batch {file} --rows {rows} --store {store} -o {out}/{{name}}.mp4 --draft --preview",
    "watch {file} --store {store} -o {out}/film.mp4 --preview --once",
    "render {file} --store {store} -o {out}/film.mp4 --draft --preview",
    "pick {file} sh010 1 --store {store}",
    "take {file} sh010 --store {store} --dry-run",
    "adopt {file} sh010 {clip} --store {store} --dry-run",
    "status {file} --store {store}",
    "resume {file} --store {store}",
    "cancel {file} --store {store}",
    "resolve {file} sh010 --abandon --store {store}",
    "ledger costs {file} --store {store}",
    "ledger verify {file} --store {store}",
    "ledger rebuild {file} --store {store} --offline",
    "ledger correct {file} sh010 --cost 1 --store {store}",
    "store verify {file} --store {store}",
    "store du {file} --store {store}",
    "store clean {file} --store {store} --dry-run",
    "store push {file} --store {store} --media {out}/media",
    "store pull {file} --store {store} --media {out}/media",
    "doctor {file} --store {store}",
    "qc {file} --store {store} --draft --pictures {out}/qc",
    "review {file} --store {store} --draft -o {out}/page",
    "serve {file} --store {store} --no-open --port {taken}",
    "export {file} --store {store} --draft --to {out}/to",
    "import {edited} {file} --store {store} --draft",
    "farm {file} --store {store} --to {out}/job",
    "models show draft",
    "models check draft",
    "schema",
)
TAKEN = socket.create_server(("127.0.0.1", 0))
"""Somebody else listens here: what serves a page ends at once."""
DOCUMENTED = {0, 2, 3, 4, 5, 6, 7, 8, 9}


@pytest.fixture(name="place", scope="module")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A storyboard whose draft and export are there."""
    folder = tmp_path_factory.mktemp("place")
    film = board(folder, keyframes=2, extra=["model: draft", "title: Case"])
    assert run(["animatic", str(film), "--preview", "-q"]) == 0
    assert run(["export", str(film), "--to", str(folder / "to"), "--for", "otio", "-q"]) == 0
    (folder / "file").write_text("no folder")
    (folder / "rows.csv").write_text("name\none\n")
    return folder


@contextmanager
def full() -> Iterator[None]:
    """No file can grow, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def given(place: Path, **others: object) -> dict[str, object]:
    """What the commands are called with, some of it exchanged."""
    usual = {
        "file": place / "film.yaml",
        "store": place / ".storyboard",
        "out": place / "out",
        "rows": place / "rows.csv",
        "pictures": place,
        "edited": place / "to" / "Case.otio",
        "clip": place / "film.preview.mp4",
        "taken": TAKEN.getsockname()[1],
    }
    return usual | others


def left(command: str, values: dict[str, object], capsys: pytest.CaptureFixture[str]) -> str:
    """Run it; gives what it said, after looking at how it left."""
    code = run(command.format_map(values).split())
    said = capsys.readouterr()
    assert code in DOCUMENTED, said.err
    assert code == 0 or said.err.strip() or said.out.strip()
    assert "Traceback" not in said.err
    assert "[Errno" not in said.err + said.out
    return said.err


def called(command: click.Command, context: click.Context, name: str = "") -> Iterator[str]:
    """How each command below this one is called: `plan`, `ledger costs`."""
    if not isinstance(command, click.Group):
        yield name
        return
    for below in command.list_commands(context):
        found = command.get_command(context, below)
        assert found is not None
        yield from called(found, context, f"{name} {below}".strip())


def test_every_command_is_tried() -> None:
    """A new command has to be added here, also one below another."""
    names = set(called(group, click.Context(group)))
    tried = {name for name in names for row in COMMANDS if f"{row} ".startswith(f"{name} ")}
    assert names == tried


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk(command: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be written anywhere."""
    (place / "out").mkdir(exist_ok=True)
    with full():
        left(command, given(place), capsys)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "others",
    [
        {
            "file": "/nowhere/film.yaml",
            "edited": "/nowhere/x.otio",
            "pictures": "/nowhere",
            "clip": "/nowhere/x.mp4",
        },
        {
            "file": "{place}",
            "edited": "{place}",
            "pictures": "{place}/film.yaml",
            "clip": "{place}",
        },
        {"store": "{place}/file", "out": "{place}/file"},
        {"store": "/proc/store", "out": "/proc/out"},
        {"store": "{place}/nowhere/store", "out": "{place}/nowhere/out"},
    ],
    ids=["missing", "wrong kind", "no folder", "unwritable", "not made yet"],
)
def test_places_that_are_none(
    command: str, others: dict[str, str], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that are folders, folders that are files, and what may not be written."""
    values = {name: value.format(place=place) for name, value in others.items()}
    left(command, given(place, **values), capsys)


@pytest.mark.parametrize("command", ["new {pictures} -o", "validate", "render --draft"])
def test_a_storyboard_whose_name_is_not_text(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said before anything is made or paid: no note could name it."""
    film = tmp_path / os.fsdecode(b"\xff.yaml")
    if not command.startswith("new"):
        board(tmp_path, keyframes=2).rename(film)
    said = left(f"{command} {film}", {"pictures": tmp_path}, capsys)
    assert "that is not text; give it another" in said
    assert not (tmp_path / ".storyboard").exists()


def test_a_full_stdout(place: Path) -> None:
    """What can't be printed is said on stderr, with its own exit code."""
    import subprocess

    with Path("/dev/full").open("w") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "storyboard", "plan", str(place / "film.yaml")],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 8
    assert "Traceback" not in done.stderr
    assert "full" in done.stderr


def test_errors_are_data_too(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, what can't be written is an object with its kind."""
    capsys.readouterr()
    command = f"animatic {place}/film.yaml -o /proc/film.mp4 --json"
    assert run(command.split()) == 8
    assert json.loads(capsys.readouterr().out)["error"]["message"]
