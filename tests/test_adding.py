"""Adding things is as little as DESIGN.md says: done to a copy of the package, and rendered with.

A transition is one function and one line, an export format one file and one line, a codec one row.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import storyboard
from storyboard import video

PACKAGE = Path(storyboard.__file__).parent

TRANSITION = '''
def split(before: Picture, after: Picture, step: int, transition: PlacedTransition) -> Picture:
    """The upper half of the new picture over the lower half of the old one."""
    return np.concatenate([after[: len(after) // 2], before[len(after) // 2 :]])


TRANSITIONS: dict'''

FORMAT = '''"""Frame counts alone."""

from collections.abc import Iterator

from storyboard.exporting.timecodes import Timecodes
from storyboard.exporting.losses import transitions
from storyboard.exporting.media.files_of import MediaMap
from storyboard.timeline import Timeline


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """A shot and its length on each line."""
    return "".join(f"{clip.shot} {clip.frames}\\n" for clip in timeline.clips)


def losses(timeline: Timeline) -> Iterator[str]:
    """Everything but lengths."""
    yield from transitions(timeline, carries=(), otherwise="is not in a list of lengths")
'''

ADDED = {
    "rendering/transitions.py": ("\nTRANSITIONS: dict", TRANSITION),
    "units/transitions.py": (
        '    "slide": Kind(directed=True),\n',
        '    "slide": Kind(directed=True),\n    "split": Kind(),\n',
    ),
    "exporting/formats/table.py": (
        '    "mlt": mlt,\n',
        '    "mlt": mlt,\n    "lengths": lengths,\n',
    ),
    "video/recipes.py": (
        '    "hevc": VideoRecipe(',
        '    "coarse": VideoRecipe(\n'
        '        "coarse", "libx264", "yuv444p", "mp4", (("crf", "30"), ("bf", "0")), "avc1"\n'
        "    ),\n"
        '    "hevc": VideoRecipe(',
    ),
}

FILM = """\
version: 1
size: 160x96
fps: 24
scenes:
  - keyframes:
      - {image: a.png, shot: {prompt: red turns blue, duration: 1}}
      - image: b.png
  - transition: {type: split, duration: 8f}
    keyframes:
      - {image: c.png, shot: {prompt: green turns grey, duration: 1}}
      - image: d.png
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with something added to it, and a storyboard that uses it."""
    made = tmp_path_factory.mktemp("adding")
    shutil.copytree(PACKAGE, made / "storyboard", ignore=shutil.ignore_patterns("__pycache__"))
    for name, (old, new) in ADDED.items():
        path = made / "storyboard" / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
    (made / "storyboard/exporting/formats/lengths.py").write_text(FORMAT, "utf-8")
    imports = (made / "storyboard/exporting/formats/table.py").read_text("utf-8")
    imports = imports.replace("import edl, fcpxml, mlt", "import edl, fcpxml, lengths, mlt")
    (made / "storyboard/exporting/formats/table.py").write_text(imports, "utf-8")
    for name, colour in zip("abcd", ("red", "blue", "green", "grey"), strict=True):
        Image.new("RGB", (160, 96), colour).save(made / f"{name}.png")
    (made / "film.yaml").write_text(FILM, "utf-8")
    return made


def run(folder: Path, *arguments: str) -> str:
    """What a command of the copy prints."""
    done = subprocess.run(
        [sys.executable, "-m", "storyboard", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_transition_and_a_codec_are_rendered(folder: Path) -> None:
    """The film shows both halves, in packets of the new codec."""
    run(folder, "animatic", "film.yaml", "-o", "film.mp4", "--codec", "coarse", "--no-burn-in")

    assert video.probe(folder / "film.mp4").pix_fmt == "yuv444p"
    frames = list(video.read(folder / "film.mp4"))
    upper, lower = frames[20][8, 80], frames[20][88, 80]
    assert upper[1] > upper[2]  # green, of the second scene
    assert lower[2] > lower[1]  # blue, of the first


def test_a_format_is_written_and_no_transition_lost_in_silence(folder: Path) -> None:
    """Every format says what becomes of a transition that none of them knows."""
    said = run(folder, "export", "film.yaml", "--draft", "--to", "out", "--for", "all,lengths")

    assert (folder / "out/film.lengths").read_text() == "sh010 21\nsh020 21\n"
    for words in (
        ".lengths: the split at frame 21 is not in a list of lengths",
        ".otio: the split at frame 21 is a custom transition",
        ".xml, .fcpxml, .edl, .mlt: the split at frame 21 arrives as a dissolve",
    ):
        assert words in " ".join(said.split())


def test_the_schema_knows_it(folder: Path) -> None:
    """So does every editor that checks a storyboard by it."""
    assert '"split"' in run(folder, "schema")
