"""Small storyboards with pictures of their own, for tests of the whole path."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

SIDE = 320
"""Pixels: above the smallest side that the paid models take."""


def still(path: Path, number: int, *, size: tuple[int, int] = (SIDE, SIDE)) -> Path:
    """A plain picture, different for each number."""
    hue = (number * 0.37) % 1.0
    colour = tuple(round(255 * part) for part in colorsys.hsv_to_rgb(hue, 0.6, 0.9))
    image = Image.new("RGB", size, colour)
    left = 20 + 30 * (number % 8)
    ImageDraw.Draw(image).ellipse((left, 120, left + 90, 210), fill="white")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def rated(path: Path) -> None:
    """Give a PNG a rating: the same picture in other bytes."""
    note = PngInfo()
    note.add_text("Rating", "5")
    with Image.open(path) as image:
        image.load()
        image.save(path, pnginfo=note)


def board(
    folder: Path,
    *,
    keyframes: int = 3,
    extra: Sequence[str] = (),
    shot: str = "",
    name: str = "film",
) -> Path:
    """A storyboard with so many keyframes; each shot is three seconds long.

    `extra` are lines at the top level, `shot` is more of each shot's block (flow style).
    """
    lines = ["version: 1", "defaults: {duration: 3}", *extra, "keyframes:"]
    for number in range(keyframes):
        still(folder / f"{number}.png", number)
        lines.append(f"  - image: {number}.png")
        if number < keyframes - 1:
            more = f", {shot}" if shot else ""
            lines.append(f"    shot: {{prompt: The ball rolls on to {number + 1}{more}}}")
    path = folder / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path
