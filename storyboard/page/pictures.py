"""Film strips and keyframes, as small JPEG pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from storyboard.rendering.reels import Reels
from storyboard.timeline import Media
from storyboard.units.sizes import Size

if TYPE_CHECKING:
    from storyboard.page.tiles import Tile
    from storyboard.units.sizes import Fit

SHOWN = 6
"""Frames of a film strip, evenly spread from the first to the last."""
_HIGH, _WIDEST = 90, 240


def strip_size(size: Size) -> Size:
    """One frame of a strip."""
    width = min(_WIDEST, round(size.width * _HIGH / size.height / 2) * 2)
    return Size(max(16, width), _HIGH)


def write_strip(path: Path, tile: Tile, size: Size) -> None:
    """Write the strip of a take's part. MediaError where it can't be read."""
    numbers = np.linspace(tile.first, tile.last, SHOWN).round().astype(int)
    media = Media(tile.path, tile.key, tile.last + 1, tile.rate, size)
    with Reels() as reels:
        pictures = [
            reels.picture(media, int(n), size=size, fit="contain", background="#000000")
            for n in numbers
        ]
    _save(Image.fromarray(np.concatenate(pictures, axis=1)), path)


def write_still(path: Path, media: Media, fit: Fit, size: Size) -> None:
    """Write a keyframe as its shot uses it."""
    with Reels() as reels:
        picture = reels.picture(media, 0, size=size, fit=fit, background="#000000")
    _save(Image.fromarray(picture), path)


def _save(image: Image.Image, path: Path) -> None:
    image.save(path, "JPEG", quality=82, optimize=True)
