"""Films of plain drawings, rendered as a user does: each shared picture is shown once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from storyboard.video.probing import probe
from tests.cli.running import storyboard

Colour = tuple[int, int, int]
SKIES: dict[str, tuple[Colour, Colour]] = {
    "day": ((52, 110, 214), (196, 120, 70)),
    "night": ((6, 8, 20), (14, 16, 40)),
    "fog": ((206, 208, 212), (186, 190, 198)),
}
SHOTS = 3


def drawing(path: Path, sky: str, number: int) -> None:
    """One colour, the ground, and a disc that goes on from still to still."""
    first, last = SKIES[sky]
    part = number / SHOTS
    colour = tuple(round(a + (b - a) * part) for a, b in zip(first, last, strict=True))
    image = Image.new("RGB", (320, 180), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 140, 320, 180), fill=tuple(level * 2 // 3 for level in colour))
    at = 30 + 60 * number
    pen.ellipse((at, 40, at + 64, 104), fill=(236, 190, 60))
    image.save(path)


def film(folder: Path, sky: str) -> Path:
    """Four drawings, three shots of a second each."""
    lines = ["version: 1", "model: draft", "size: 320x180", "fps: 24", "keyframes:"]
    for number in range(SHOTS + 1):
        drawing(folder / f"{number}.png", sky, number)
        lines.append(f"  - image: {number}.png")
        if number < SHOTS:
            lines.append(f"    shot: {{prompt: The disc rolls on to {number}, duration: 1}}")
    path = folder / "film.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("sky", SKIES)
def test_a_drawn_film_shows_each_shared_picture_once(tmp_path: Path, sky: str) -> None:
    """25 frames a shot less the two shared ones, and neither jump nor duplicate is said of them."""
    path = film(tmp_path, sky)

    rendered = storyboard("render", path, "--preview", "-o", tmp_path / "f.mp4", cwd=tmp_path)
    measured = storyboard("qc", path, "--fail-on", "jump,duplicate", "--json", cwd=tmp_path)

    assert rendered.code == 0, rendered.err
    assert probe(tmp_path / "f.mp4").frames == SHOTS * 25 - (SHOTS - 1)
    assert measured.code == 0, measured.err
    assert len(measured.data["seams"]) == SHOTS - 1
    assert not any("jump" in seam["kinds"] for seam in measured.data["seams"])
