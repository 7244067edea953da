"""Adding things is as little as DESIGN.md says: done to a copy of the package, and rendered with.

A model is one row, a transition one function and one line, an export format one file and one line,
a codec one row. Nothing else of the package is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import storyboard
from storyboard.video.probing import probe
from storyboard.video.reader import read

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

MODEL = """\
    ModelRow(
        alias="choosy",
        endpoint="owner/choosy/first-last-frame-to-video",
        start="first_frame_url",
        end="last_frame_url",
        lengths=Lengths((4, 6, 8), written=str),
        stills=StillLimits(),
        tariff=price.by_option(
            ("resolution", "sound"),
            {
                ("720p", False): price.per_second(100_000),
                ("720p", True): price.per_second(150_000),
                ("4k", True): price.per_second(350_000),
            },
        ),
        evidence=seen("2026-11-26", "S", "made for a test"),
        prompt_limit=2000,
        options={
            "resolution": Option("resolution", ("720p", "4k"), "720p"),
            "sound": Option("generate_audio", (False, True), True),
        },
    ),
"""
"""A model whose price depends on resolution and sound, with lengths such as "4"."""

ADDED = {
    "models/catalogue/wan.py": ("\nWAN = (\n", f"\nWAN = (\n{MODEL}"),
    "rendering/transitions.py": ("\nTRANSITIONS: dict", TRANSITION),
    "units/transition_kinds.py": (
        '    "slide": Kind(directed=True),\n',
        '    "slide": Kind(directed=True),\n    "split": Kind(),\n',
    ),
    "exporting/formats/choice.py": (
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
    imports = (made / "storyboard/exporting/formats/choice.py").read_text("utf-8")
    imports = imports.replace("import edl, fcpxml, mlt", "import edl, fcpxml, lengths, mlt")
    (made / "storyboard/exporting/formats/choice.py").write_text(imports, "utf-8")
    for name, colour in zip("abcd", ("red", "blue", "green", "grey"), strict=True):
        Image.new("RGB", (160, 96), colour).save(made / f"{name}.png")
    for name, colour in zip("ef", ("red", "blue"), strict=True):
        Image.new("RGB", (320, 320), colour).save(made / f"{name}.png")
    (made / "film.yaml").write_text(FILM, "utf-8")
    (made / "bought.yaml").write_text(BOUGHT, "utf-8")
    return made


BOUGHT = """\
version: 1
model: choosy
keyframes:
  - {image: e.png, shot: {prompt: red turns blue, duration: 4}}
  - image: f.png
"""

BUY = """
import json
import storyboard
from storyboard.testing import FakeService

with FakeService() as service, service.applied():
    film = storyboard.render("bought.yaml", max_cost="$0.60")
(paid,) = service.paid
print(json.dumps([film.cost_microusd, film.timeline.frames, dict(paid.arguments)]))
"""
"""Buys the film at the fake service, and tells what it was sent."""

PRICED = """
from fractions import Fraction
from storyboard.models.model import Brief
from storyboard.models.table import find

model = find("choosy")
for options in ({}, {"sound": False}, {"resolution": "4k"}, {"resolution": "4k", "sound": False}):
    brief = Brief("red turns blue", Fraction(4), options=options)
    wrong = [problem.words for problem in model.problems(brief)]
    print(wrong or model.price(model.request([brief]).arguments).micro)
"""
"""What the options that a shot may ask for cost."""


def run(folder: Path, *arguments: str) -> str:
    """What a command of the copy prints."""
    return python(folder, "-m", "storyboard", *arguments)


def python(folder: Path, *arguments: str) -> str:
    """What Python prints where the copy is the package."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_model_is_planned_bought_and_rendered(folder: Path) -> None:
    """By its row alone: what it costs, what it is sent, and the film made of what came."""
    priced = json.loads(run(folder, "plan", "bought.yaml", "--json"))
    assert priced["price_microusd"] == 600_000
    assert priced["shots"][0]["model"] == "choosy"

    cost, frames, sent = json.loads(python(folder, "-c", BUY).splitlines()[-1])
    assert (cost, frames) == (600_000, 97)
    addresses = [sent.pop(name) for name in ("first_frame_url", "last_frame_url")]
    assert all(address.startswith("https://") for address in addresses)
    assert sent == {
        "prompt": "red turns blue",
        "duration": "4",
        "resolution": "720p",
        "generate_audio": True,
    }


def test_a_models_options_have_prices(folder: Path) -> None:
    """Each choice its own; what has none can't be asked for, and says how it could be."""
    *prices, problem = python(folder, "-c", PRICED).splitlines()
    assert prices == ["600000", "400000", "1400000"]
    assert problem.startswith(
        "['choosy: no price is known for resolution 4k, sound false; say what"
    )


def test_a_transition_and_a_codec_are_rendered(folder: Path) -> None:
    """The film shows both halves, in packets of the new codec."""
    run(folder, "animatic", "film.yaml", "-o", "film.mp4", "--codec", "coarse", "--no-burn-in")

    assert probe(folder / "film.mp4").pix_fmt == "yuv444p"
    frames = list(read(folder / "film.mp4"))
    upper, lower = frames[20][8, 80], frames[20][88, 80]
    assert upper[1] > upper[2]  # green, of the second scene
    assert lower[2] > lower[1]  # blue, of the first


def test_a_format_is_written_and_no_transition_lost_in_silence(folder: Path) -> None:
    """Every format says what becomes of a transition that none of them knows."""
    run(folder, "animatic", "film.yaml", "-o", "drafts.mp4", "--preview")
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
