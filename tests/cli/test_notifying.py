"""Who waits is told how it ended; whatever comes of that changes nothing."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from storyboard.cli import run
from storyboard.cli.reporting import Reporting
from storyboard.errors import Interrupted, InvalidStoryboard, OverBudget, ServiceError
from storyboard.event_log import EventLog
from storyboard.workflows import notifying
from storyboard.workflows.notifying import Notified
from tests.boards import board
from tests.webfetch.test_posting import Hook
from tests.webfetch.test_posting import hook as hook

SCRIPT = """\
import json, os, sys
told = {"stdin": json.load(sys.stdin), "arguments": sys.argv[1:], "variables": dict(os.environ)}
open(__file__ + ".told", "w").write(json.dumps(told))
print("noise")
print("it is broken\\x1b[2J", file=sys.stderr)
sys.exit(CODE)
"""


@pytest.fixture(autouse=True)
def _a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one that nobody may hear of."""
    monkeypatch.setenv("FAL_KEY", "key-id:key-secret")


def program(folder: Path, *, code: int = 0) -> Path:
    """A script that writes down what it is told."""
    path = folder / "tell me.py"
    path.write_text(SCRIPT.replace("CODE", str(code)))
    return path


def told(script: Path) -> Any:
    """What it was told."""
    return json.loads(Path(f"{script}.told").read_text())


def test_a_program_is_told_without_a_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On its stdin and in variables; its arguments are as they are written, and no key is there."""
    film, script = board(tmp_path, keyframes=2), program(tmp_path)
    words = "'$(touch made)' ';' 'touch made' '&&' '`touch made`'"
    command = f"{sys.executable} '{script}' {words}"
    assert run(["animatic", str(film), "--preview", "-q", "--notify", command]) == 0
    found = told(script)
    assert found["stdin"]["state"] == "done"
    assert found["stdin"]["films"] == [str(tmp_path / "film.draft.mp4")]
    assert found["stdin"]["text"] == f"storyboard animatic {film}: done: {tmp_path}/film.draft.mp4"
    assert found["arguments"] == ["$(touch made)", ";", "touch made", "&&", "`touch made`"]
    assert found["variables"]["STORYBOARD_NOTIFY_STATE"] == "done"
    assert "secret" not in json.dumps(found)
    assert not Path("made").exists()
    printed = capsys.readouterr()
    assert "noise" not in printed.out
    assert "notified" not in printed.err


def test_one_that_fails_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is the film's."""
    film, script = board(tmp_path, keyframes=2), program(tmp_path, code=3)
    command = f"{sys.executable} '{script}'"
    assert run(["render", str(film), "--max-cost", "0.01", "--notify", command]) == 5
    assert told(script)["stdin"]["state"] == "over budget"
    (line,) = (one for one in capsys.readouterr().err.splitlines() if "notified" in one)
    assert line.endswith("ended with 3: it is broken\\x1b[2J")


def test_an_address_is_told(hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment's word, too; of this machine only where that is allowed."""
    monkeypatch.setenv("STORYBOARD_NOTIFY", hook.address)
    film = str(board(tmp_path, keyframes=2))
    assert run(["render", film, "--max-cost", "0.01"]) == 8
    assert hook.taken == []
    assert run(["render", film, "--max-cost", "0.01", "--allow-private-hosts"]) == 5
    ((_, _, body),) = hook.taken
    assert json.loads(body)["text"].startswith(f"storyboard render {film}: over budget: this costs")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("no-such-program --at all", "names no program: no-such-program can't be run"),
        ("ftp://host/x", "can't be told: this is not a web address"),
        ("'not closed", "No closing quotation"),
        (" ", "is empty"),
    ],
)
def test_nobody_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, said: str
) -> None:
    """Said before anything is done."""
    film = str(board(tmp_path, keyframes=2))
    assert run(["render", film, "--yes", "--notify", written]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_storyboard_can_name_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may be a stranger's: there is no such field."""
    film = board(tmp_path, keyframes=2, extra=["notify: touch made"])
    assert run(["animatic", str(film)]) == 3
    assert "notify" in capsys.readouterr().err


def test_a_plan_is_no_news(tmp_path: Path) -> None:
    """Nothing was made that anybody waits for."""
    film, script = board(tmp_path, keyframes=2), program(tmp_path)
    (tmp_path / "rows.csv").write_text("name\na\n")
    order = ["batch", film, "--rows", tmp_path / "rows.csv", "-o", tmp_path / "{name}.mp4"]
    assert run([*map(str, order), "--plan", "--notify", f"{sys.executable} '{script}'"]) == 0
    assert not Path(f"{script}.told").exists()


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (None, "done", 0),
        (OverBudget("dear"), "over budget", 5),
        (ServiceError("no"), "failed", 6),
        (Interrupted("stopped"), "stopped", 130),
        (InvalidStoryboard([]), "failed", 3),
        (RuntimeError("key-secret"), "failed", 1),
        (OSError(28, "No space left on device"), "failed", 8),
    ],
)
def test_what_ended_it_is_said(
    tmp_path: Path, error: Exception | None, state: str, code: int
) -> None:
    """By its state and its exit code; of a mistake of our own, not its words."""
    path = tmp_path / "log"
    log = EventLog.opened(str(path))
    with pytest.raises(type(error)) if error else nullcontext(), Reporting(log=log):
        if error:
            raise error
    end = json.loads(path.read_text().splitlines()[-1])
    assert (end["state"], end["exit_code"]) == (state, code)
    assert "secret" not in str(end)


def test_news_that_cant_be_told_raise_nothing() -> None:
    """Whatever is wrong: what was made is made."""
    assert notifying.tell(Notified(program=("\0",)), {}) == "ValueError: embedded null byte"
    gone = notifying.tell(Notified(program=("/gone/tell",)), {})
    assert gone == "/gone/tell can't be run: No such file or directory"


def shell(code: str) -> Notified:
    """A program of Python's."""
    return Notified(program=(sys.executable, "-c", code))


def test_however_much_it_complains_the_end_of_it_is_kept() -> None:
    """A hundred megabytes, none of which is kept in memory but the last words."""
    loud = "import os, sys\nfor _ in range(1600): os.write(2, b'x' * 65535 + b'\\n')\n"
    said = notifying.tell(shell(f"{loud}os.write(2, b'the end'); sys.exit(4)"), {"text": "x"})
    assert said == f"{sys.executable} ended with 4: the end"


def test_what_it_leaves_running_is_not_waited_for() -> None:
    """Nor need it read what it is told, however much that is."""
    leaving = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])\n"
        "sys.exit(5)"
    )
    begun = time.monotonic()
    said = notifying.tell(shell(leaving), {"text": "x" * 1_000_000})
    assert said == f"{sys.executable} ended with 5"
    assert time.monotonic() - begun < notifying.PATIENCE


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="groups of processes")
def test_one_that_hangs_is_ended_with_all_that_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes on behind the user's back."""
    monkeypatch.setattr(notifying, "PATIENCE", 5.0)
    hanging = (
        "import os, subprocess, sys, time\n"
        "sub = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(sub.pid))\n"
        "time.sleep(600)"
    )
    said = notifying.tell(shell(hanging), {})
    assert said == f"{sys.executable} did not end within 5 s"
    if (tmp_path / "pid").exists():  # else the machine was too busy to begin it
        number = int((tmp_path / "pid").read_text())
        for _ in range(3000):
            if not _runs(number):
                break
            time.sleep(0.1)
        assert not _runs(number)


def _runs(number: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_wrong_with_parts_is_said(tmp_path: Path) -> None:
    """A film was made and something of it was not paid for: over budget, and why."""
    path = tmp_path / "log"
    with Reporting(log=EventLog.opened(str(path))) as reporting:
        errors = [ServiceError("no"), None, OverBudget("it is dear")]
        reporting.brought([Path("a.mp4")], 252_000, errors)
        reporting.ended(7)
    end = json.loads(path.read_text().splitlines()[-1])
    assert (end["state"], end["exit_code"]) == ("over budget", 7)
    assert end["message"] == "it is dear, and 1 more"
    assert (end["films"], end["cost_microusd"]) == (["a.mp4"], 252_000)
