"""Pictures, good and bad, for storyboards that name them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

from tests.images.samples import chunk, photo, png, raw_png, saved

MOVING = {"save_all": True, "append_images": [photo(320, 320).rotate(90)]}


def lay_out(folder: Path) -> Path:
    """A folder with a picture, or something that is none, for each way a still can be."""
    pictures = {
        "a.png": png(photo(320, 320)),
        "b.png": png(photo(320, 320).rotate(180)),
        "morning-light.png": png(photo(320, 320)),
        "small.png": png(photo(32, 32)),
        "pixel.png": png(Image.new("RGB", (1, 1))),
        "strip.png": png(Image.new("RGB", (20, 8000))),
        "tall.png": png(photo(320, 640)),
        "moving.png": png(photo(320, 320), **MOVING),
        "moving.gif": saved(photo(64, 64), "GIF"),
        "text.png": b"This is not a picture.\n",
        "empty.png": b"",
        "broken.png": png(photo(320, 320))[:200],
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "drawing.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "bomb.png": _bomb(),
        "theme.wav": b"RIFF",
        "plex.woff": b"wOFF",
        "own.mp4": b"ftyp",
    }
    for name, data in pictures.items():
        (folder / name).write_bytes(data)
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / "link-out.png").symlink_to("/etc/hostname")
    (folder / "loop.png").symlink_to("loop.png")
    return folder


def _bomb() -> bytes:
    """A PNG of few bytes that claims 400 million pixels."""
    small = raw_png(np.zeros((1, 1)), bits=8, kind=0)
    header = (20_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    return small[:8] + chunk(b"IHDR", header) + small[33:]
