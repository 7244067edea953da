"""The log for programs: every event, a line each, and never a reason to stop."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click
import pytest

from storyboard import events
from storyboard.cli import group, run
from storyboard.cli.reporting import Reporting
from storyboard.cli.working import Work
from storyboard.errors import FileTrouble
from storyboard.event_log import EventLog
from storyboard.events import Encoding, Event, FilmChanged, FilmState, Noticed, State, TakeChanged
from tests.boards import board

DOCS = Path(__file__).parents[2] / "docs" / "pipelines.md"
KINDS: tuple[type, ...] = (*get_args(Event), events.Warned)
NOW = "2026-01-01T07:00:00.000+00:00"


def lines(path: Path) -> list[dict[str, Any]]:
    """What a log has."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_is_what_happened_and_when(tmp_path: Path) -> None:
    """Each event has one, with all of its fields, in ASCII."""
    log = EventLog.opened(str(tmp_path / "log"), now=lambda: NOW)
    log(TakeChanged("sh010", 1, State.FAILED, "a\x1b[2J", cost_microusd=252_000))
    log(Encoding(3, 3))
    log(Noticed("a ? stands for \u6625"))
    log.close()
    assert (tmp_path / "log").read_bytes().isascii()
    opened, take, film, notice = lines(tmp_path / "log")
    assert (opened["event"], opened["format"]) == ("Opened", 1)
    assert take == {
        "time": NOW,
        "event": "TakeChanged",
        "shot": "sh010",
        "take": 1,
        "state": "failed",
        "detail": "a\x1b[2J",
        "request_id": "",
        "cost_microusd": 252_000,
        "fraction": None,
    }
    assert (film["event"], film["done"], film["total"]) == ("Encoding", 3, 3)
    assert (notice["event"], notice["message"]) == ("Noticed", "a ? stands for \u6625")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_is_documented(kind: type) -> None:
    """With each of its fields, and each state that there is."""
    (row,) = (line for line in DOCS.read_text().splitlines() if f"| `{kind.__name__}` |" in line)
    for field in fields(kind):
        assert f"`{field.name}`" in row, field.name
    for states in (State, FilmState):
        if kind.__name__ == {State: "TakeChanged", FilmState: "FilmChanged"}[states]:
            assert [f"`{state.value}`" in row for state in states] == [True] * len(states)


def test_a_log_goes_on_where_it_was(tmp_path: Path) -> None:
    """A second run writes behind the first one."""
    for _ in range(2):
        EventLog.opened(str(tmp_path / "log")).close()
    assert [one["event"] for one in lines(tmp_path / "log")] == ["Opened", "Opened"]


@pytest.mark.parametrize("text", ["version: 1\n", "{}\n", "[1]\n", "3\n", '"event"x'])
def test_another_file_is_never_written_into(tmp_path: Path, text: str) -> None:
    """A storyboard, say, where the log's name was left out."""
    path = tmp_path / "film.yaml"
    path.write_text(text)
    with pytest.raises(FileTrouble, match="that is no log; name another file, or - for stderr"):
        EventLog.opened(str(path))
    assert path.read_text() == text


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
@pytest.mark.parametrize("name", ["/dev/full", "missing/log"])
def test_a_log_that_cant_be_written_is_said_before_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A full disk: one line, exit code 8, and nothing is made or paid."""
    film = board(tmp_path, keyframes=2)
    assert run(["render", str(film), "--yes", "--log-json", name]) == 8
    assert capsys.readouterr().err.startswith(f"storyboard: the log {name} can't be written: ")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.png", "1.png", "film.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    """Refused at once."""
    os.mkfifo(tmp_path / "log")
    with pytest.raises(FileTrouble, match="can't be written"):
        EventLog.opened(str(tmp_path / "log"))


def test_a_log_that_ends_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Who read it is gone: that is said once, and the work goes on."""
    reading, writing = os.pipe()
    with Work(Reporting(log=EventLog(writing, "log"))) as work:
        work(Noticed("before"))
        os.close(reading)
        work(FilmChanged("film", FilmState.DONE))
        work(Noticed("after"))
    os.close(writing)
    said = [line.partition(" ")[2] for line in capsys.readouterr().err.splitlines()]
    assert said == ["before", "the log log ends here: Broken pipe; the work goes on", "after"]


def test_a_whole_run_is_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From its opening to its end, and all between; progress is shown all the same."""
    film, log = board(tmp_path, keyframes=2), tmp_path / "log"
    assert run(["animatic", str(film), "--preview", "--log-json", str(log)]) == 0
    told = lines(log)
    assert [one["event"] for one in told[:2]] == ["Opened", "Began"]
    assert {"drawing", "done"} <= {one.get("state") for one in told}
    assert sum(one["event"] == "Encoding" for one in told) > 2
    end = told[-1]
    assert (end["event"], end["state"], end["exit_code"]) == ("Ended", "done", 0)
    assert end["films"] == [str(tmp_path / "film.draft.mp4")]
    assert "sh010: drawing" in capsys.readouterr().err


def test_a_refusal_is_in_the_log(tmp_path: Path) -> None:
    """What ended it, in its last line."""
    film, log = board(tmp_path, keyframes=2), tmp_path / "log"
    order = ["render", str(film), "--max-cost", "0.01", "--log-json", str(log)]
    assert run(order) == 5
    end = lines(log)[-1]
    assert (end["state"], end["exit_code"]) == ("over budget", 5)
    assert end["message"].startswith("this costs $0.252, more than --max-cost $0.01")


TOLD = {
    "animatic", "batch", "export", "farm", "ledger verify", "qc", "render", "resume", "review",
    "store pull", "store push", "store verify",
}  # fmt: skip
"""What somebody may wait for: it has a log, and tells of its end."""
LOGGED = {
    "adopt", "cancel", "import", "ledger rebuild", "resolve", "serve", "store clean", "watch",
}  # fmt: skip
"""What is soon done, or goes on until its user ends it: it has a log alone."""
ANSWERS = {
    "doctor", "ledger correct", "ledger costs", "models check", "models show", "new", "pick",
    "plan", "schema", "status", "store du", "take", "validate",
}  # fmt: skip
"""What answers at once, on stdout."""


def commands() -> Iterator[tuple[str, set[str]]]:
    """Each command with its options."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        parts = command.commands if isinstance(command, click.Group) else {"": command}
        for part, one in parts.items():
            options = {option for parameter in one.params for option in parameter.opts}
            yield f"{name} {part}".strip(), options


def test_every_command_reports_in_the_same_words() -> None:
    """All that works for a while has the same options; nothing has some of them alone."""
    said, told = {"--log-json", "--verbose", "-v", "--quiet", "-q"}, {"--notify"}
    found: dict[frozenset[str], set[str]] = {}
    for name, options in commands():
        found.setdefault(frozenset(options & (said | told)), set()).add(name)
    assert found == {
        frozenset(said | told): TOLD,
        frozenset(said): LOGGED,
        frozenset(): ANSWERS,
    }


def test_measuring_and_looking_after_a_store_are_in_the_log(tmp_path: Path) -> None:
    """What is measured, read and removed, and how each of them ended."""
    film, log = str(board(tmp_path, keyframes=3)), tmp_path / "log"
    assert run(["animatic", film, "--preview", "-q"]) == 0
    logged = ["-q", "--log-json", str(log)]
    assert run(["qc", film, "--draft", "--pictures", str(tmp_path / "seams"), *logged]) == 0
    assert run(["store", "verify", film, *logged]) == 0
    assert run(["store", "clean", film, "--even-so", *logged]) == 0
    ended = [one for one in lines(log) if one["event"] == "Ended"]
    assert [one["command"].split()[-1] for one in ended] == ["qc", "verify", "clean"]
    assert {one["state"] for one in ended} == {"done"}
    assert [one["file"] for one in ended] == [film, *[str(tmp_path / ".storyboard")] * 2]
    measured = {one["what"] for one in lines(log) if one["event"] == "Measuring"}
    assert measured >= {"seams", "files", "takes"}
