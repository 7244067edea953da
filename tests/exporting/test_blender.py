"""Blender's own OTIO import, where a Python with Blender 5.3 is named in `BLENDER_PYTHON`.

`pip install bpy` makes one, of Python 3.13; it is too large for a test's usual needs.
"""

from __future__ import annotations

import json
import os
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storyboard.exporting.package import export
from storyboard.testing.codes import read
from storyboard.timeline import Timeline
from storyboard.units.timing import Rate
from tests.exporting.cuts import expected, film, loud_film

PYTHON = os.environ.get("BLENDER_PYTHON", "")

pytestmark = pytest.mark.skipif(not PYTHON, reason="BLENDER_PYTHON names no Python with Blender")

RATES = tuple(Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001", "60"))


def blended(timeline: Timeline, folder: Path) -> tuple[dict[str, Any], list[np.ndarray]]:
    """What Blender says of the `.otio`, and every frame as it renders it."""
    export(timeline, folder / "to", formats=["otio"])
    out = folder / "out"
    out.mkdir()
    script = Path(__file__).with_name("blender.py")
    command = [PYTHON, str(script), str(folder / "to"), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    shown = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(out.glob("*.png"))]
    return json.loads((out / "said.json").read_text("utf-8")), shown


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_blender_shows_the_films_frames(rate: Rate, tmp_path: Path) -> None:
    """Cuts, trims, a hold and the frames around a dissolve, at the film's rate; and the prompts."""
    timeline = film(tmp_path, rate)
    said, shown = blended(timeline, tmp_path)
    assert Fraction(said["rate"][0]) / Fraction(said["rate"][1]).limit_denominator(1001) == rate
    assert len(shown) == timeline.frames
    shots = {int(clip.media.key, 16): clip.shot for clip in timeline.clips}
    codes = [read(picture) for picture in shown]
    seen = [None if code is None else (shots[code.shot], code.frame) for code in codes]
    wanted = expected(timeline)
    assert [s if w else None for s, w in zip(seen, wanted, strict=True)] == wanted
    first = said["frames"][0]
    starts = {clip.shot: first + clip.start for clip in timeline.clips if not clip.held}
    assert starts.items() <= said["markers"].items()


def test_blender_hears_the_films_levels(tmp_path: Path) -> None:
    """Music at its gain, with its fades; a take's sound is linked to its picture."""
    said, _ = blended(loud_film(tmp_path), tmp_path)
    first = said["frames"][0]
    strips = {strip["name"]: strip for strip in said["strips"]}
    assert strips["sh010"]["linked"] == ["sh010_v001"]
    assert strips["sh010_v001"]["linked"] == ["sh010"]
    assert strips["sh010_v001"]["volume"] == pytest.approx(10 ** (-3 / 20), abs=1e-4)
    assert strips["music_v001"]["linked"] == []
    [(path, points)] = said["curves"].items()
    assert "music_v001" in path
    loud = pytest.approx(10 ** (-12 / 20), abs=1e-4)
    assert points == [[first, 0], [first + 6, loud], [first + 26, loud], [first + 30, 0]]
