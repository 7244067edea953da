"""A batch that is stopped in the middle of it: nothing is lost, and the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.testing import FakeClip, FakeService, Fault, acts
from tests.boards import still
from tests.cli.running import QUICK, storyboard
from tests.money.client import PATIENCE

BOARD = """\
version: 1
defaults: {duration: 3}
keyframes:
  - image: 0.png
    shot: {prompt: "Off to ${city}"}
  - image: 1.png
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_batch_that_is_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    """Ctrl-C while the second film's take is sent: its id is kept, the first film is there; the
    same command makes the rest, and once more costs nothing. All of it with a media place."""
    for number in range(2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text(BOARD)
    (tmp_path / "rows.csv").write_text("name,city\nporto,Porto\nfaro,Faro\nbeja,Beja\n")
    order = ["batch", "film.yaml", "--rows", "rows.csv", "-o", "out/{name}.mp4", "--max-cost", "1"]
    order += ["--jobs", "1", "--preview", "--media", "media", "--log-json", "log"]
    with FakeService(footage=FakeClip(width=64, frames_per_second=10)) as service:
        # Given a batch that sends its second take
        held = service.inject(Fault("submit", acts.hold(accepted=True), skip=1))
        here = {**os.environ, **QUICK, **service.environment}
        running = subprocess.Popen(
            [sys.executable, "-m", "storyboard", *order],
            env=here,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert held.met.wait(PATIENCE)
        # When it is stopped, and the answer comes
        running.send_signal(signal.SIGINT)
        held.withdraw()
        _, told = running.communicate(timeout=PATIENCE)
        # Then it leaves as any render does, and says what goes on
        assert running.returncode == 130, told
        assert "stopping: what is being sent is finished first" in told
        assert "faro/sh010 ($0.252) go on at the service" in told
        assert "Traceback" not in told
        events = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
        assert [one["event"] for one in events].count("Stopping") == 1
        assert (events[-1]["state"], events[-1]["exit_code"]) == ("stopped", 130)
        assert len(service.paid) == 2
        films = json.loads((tmp_path / "out" / "manifest.json").read_text())["films"]
        assert {one["state"] for one in films} <= {"waiting", "writing", "done"}
        # And the same command makes what is missing, and then nothing
        again = storyboard(*order, environment=service.environment, cwd=tmp_path)
        assert again.code == 0, again.err
        assert len(service.paid) == 3
        third = storyboard(*order, "--json", environment=service.environment, cwd=tmp_path)
        assert [one["state"] for one in third.data["films"]] == ["there"] * 3
        assert (third.data["cost_microusd"], len(service.paid)) == (0, 3)
        assert len(list((tmp_path / "media" / "takes").iterdir())) == 3


def test_some_rows_and_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--row and --where choose, also for --plan; a row that is not there is said."""
    for number in range(2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text(BOARD)
    (tmp_path / "rows.csv").write_text("name,city\nporto,Porto\nfaro,Faro\nbeja,Beja\n")
    order = ["batch", str(tmp_path / "film.yaml"), "--rows", str(tmp_path / "rows.csv")]
    order += ["-o", str(tmp_path / "out" / "{name}.mp4"), "--plan", "--json"]
    assert run([*order, "--row", "1", "--row", "3"]) == 0
    some = json.loads(capsys.readouterr().out)
    assert [one["wanted"] for one in some["films"]] == [True, False, True]
    assert (some["price_microusd"], some["expected"]) == (504_000, None)
    assert run([*order, "--where", "city=Faro"]) == 0
    where = json.loads(capsys.readouterr().out)
    assert [one["wanted"] for one in where["films"]] == [False, True, False]
    assert run([*order, "--row", "7"]) == 2
    assert "there is no row 7; there are 1 to 3" in capsys.readouterr().err
