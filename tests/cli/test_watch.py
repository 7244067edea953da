"""`storyboard watch`: the animatic follows the storyboard, and nothing is ever spent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from storyboard import video
from storyboard.cli.watch import stamp
from storyboard.testing import FakeService
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
        assert running.stdout is not None
        first = running.stdout.readline()
        still(tmp_path / "1.png", 77)
        second = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
        assert service.requests() == []
    assert "145 frames" in first
    assert "145 frames" in second
    assert "a paid render costs $0.504 now" in told
    assert "sh010: " in told.split("a paid render")[1]
    assert video.probe(tmp_path / "film.draft.mp4").frames == 145


def test_mistakes_are_shown_and_waited_for(tmp_path: Path) -> None:
    """A storyboard with mistakes does not end the watch; --once does."""
    path = tmp_path / "film.yaml"
    path.write_text("version: 1\nkeyframs: []\n")
    done = subprocess.run(
        [sys.executable, "-m", "storyboard", "watch", str(path), "--once"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "did you mean keyframes?" in done.stderr


def test_a_missing_file_has_no_stamp(tmp_path: Path) -> None:
    """A file that is being replaced is not a crash."""
    assert stamp([tmp_path / "gone.png"]) == {}
