"""`storyboard watch`: the animatic follows the storyboard, and nothing is ever spent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from storyboard.testing import FakeService
from storyboard.video.probing import probe
from storyboard.workflows.changed_files import stamp
from tests.boards import board, still
from tests.cli.running import QUICK


def test_a_save_renews_the_animatic_and_says_what_it_would_cost(tmp_path: Path) -> None:
    """First film, then a changed keyframe: its shots are named, the film is made again."""
    film = board(tmp_path, keyframes=3)
    with FakeService() as service:
        running = subprocess.Popen(
            [sys.executable, "-m", "storyboard", "watch", str(film), "--preview"],
            env=os.environ | QUICK | service.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        watchdog = threading.Timer(300, running.kill)
        watchdog.start()
        assert running.stdout is not None
        first = running.stdout.readline()
        still(tmp_path / "1.png", 77)
        second = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=300)
        watchdog.cancel()
        assert service.requests() == []
    assert "145 frames" in first
    assert "145 frames" in second
    assert "a paid render costs $0.504 now" in told
    assert "sh010: end keyframe 1 changed" in told.split("a paid render")[1]
    assert probe(tmp_path / "film.draft.mp4").frames == 145


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_terminal_that_hangs_up_ends_the_watch(tmp_path: Path) -> None:
    """As Ctrl-C does: said, and without a traceback."""
    film = board(tmp_path, keyframes=2)
    running = subprocess.Popen(
        [sys.executable, "-m", "storyboard", "watch", str(film), "--preview", "--log-json", "-"],
        env=os.environ | QUICK,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),  # under nohup, too
    )
    watchdog = threading.Timer(300, running.kill)
    watchdog.start()
    assert running.stdout is not None
    assert "73 frames" in running.stdout.readline()
    running.send_signal(signal.SIGHUP)
    _, told = running.communicate(timeout=300)
    watchdog.cancel()
    assert running.returncode == 0
    assert "stopping" in told
    assert "Traceback" not in told
    assert all(f'"event": "{event}"' in told for event in ("Encoding", "Stopping", "Ended"))


def test_mistakes_are_shown_and_waited_for(tmp_path: Path) -> None:
    """A storyboard with mistakes does not end the watch; --once does, as `validate`."""
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nkeyframs: []\n")
    done = subprocess.run(
        [sys.executable, "-m", "storyboard", "watch", str(path), "--once"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "did you mean keyframes?" in done.stderr


def test_a_missing_file_has_no_stamp(tmp_path: Path) -> None:
    """A file that is being replaced is not a crash."""
    assert stamp([tmp_path / "gone.png"]) == {}


def test_a_picture_that_is_mended_is_seen(tmp_path: Path) -> None:
    """A broken picture is a mistake; when it is whole again, the film is made."""
    film = board(tmp_path, keyframes=2)
    whole = (tmp_path / "1.png").read_bytes()
    (tmp_path / "1.png").write_bytes(whole[:40])
    running = subprocess.Popen(
        [sys.executable, "-m", "storyboard", "watch", str(film), "--preview"],
        env=os.environ | QUICK,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(300, running.kill)
    watchdog.start()
    assert running.stderr is not None
    assert running.stdout is not None
    told = [running.stderr.readline(), running.stderr.readline()]
    (tmp_path / "1.png").write_bytes(whole)
    made = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=300)
    watchdog.cancel()
    assert "film.yaml:6:12: keyframes[1].image" in told[1]
    assert "73 frames" in made
