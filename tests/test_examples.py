"""Every example is a film that can be planned, rendered and drawn again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyboard.testing import FakeClip, FakeService
from storyboard.video.probing import probe
from tests.cli.running import storyboard

EXAMPLES = Path(__file__).parent.parent / "examples"
FILMS = sorted(EXAMPLES.glob("*/film.yaml"))
NAMES = [film.parent.name for film in FILMS]
DRAWN = sorted(script.parent.name for script in EXAMPLES.glob("*/draw.py"))


def test_there_are_examples() -> None:
    """The short form, the full form, one with a camera move, and one by several models."""
    names = {"four-seasons", "morning-ride", "push-in", "editing", "three-models"}
    assert names <= set(NAMES)


@pytest.mark.parametrize("film", FILMS, ids=NAMES)
def test_an_example_renders_with_one_post_a_shot(film: Path, tmp_path: Path) -> None:
    """Against the fake service: as long as planned, each shot paid once, every seam measured."""
    with FakeService(footage=FakeClip(width=192)) as service:
        found = storyboard(
            *("render", film, "--store", tmp_path / "store", "-o", tmp_path / "film.mp4"),
            *("--yes", "--preview", "--json"),
            environment=service.environment,
            cwd=tmp_path,
        )
        paid = len(service.paid)
        assert service.escapes == []
    assert found.code == 0, found.err
    planned = json.loads(storyboard("plan", film, "--json", cwd=tmp_path).out)
    assert paid == len(planned["shots"])
    assert probe(tmp_path / "film.mp4").frames == planned["frames"]
    assert sum(shot["frames"] for shot in planned["shots"]) == planned["frames"]


@pytest.mark.parametrize("name", DRAWN)
def test_the_committed_pictures_are_what_the_script_draws(name: str, tmp_path: Path) -> None:
    """The first picture of each film, drawn anew, is the committed one."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import draw;"
        "name, picture = next(iter(draw.pictures()));"
        "picture.save(sys.argv[2]); print(name)"
    )
    target = tmp_path / "drawn.png"
    done = subprocess.run(
        [sys.executable, "-c", script, str(EXAMPLES / name), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    committed = np.asarray(Image.open(EXAMPLES / name / "frames" / done.stdout.strip()), np.int16)
    drawn = np.asarray(Image.open(target), np.int16)
    assert np.abs(drawn - committed).max() <= 2
