"""One picture that stands for the film, and the film made small to be looked at quickly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from storyboard.errors import MediaError
from storyboard.film import Look, Reels, compose
from storyboard.spec import Size
from storyboard.timeline import Timeline
from storyboard.video import appearing

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def poster(
    timeline: Timeline, path: Path, *, frame: int | None = None, looks: Sequence[Look] = ()
) -> Path:
    """Write a film frame as a PNG, JPEG or WebP picture; None: one from the first third."""
    if path.suffix.lower() not in _FORMATS:
        raise MediaError(f"{path} can't be written: a poster is a .png, .jpg or .webp picture")
    with Reels() as reels:
        number = timeline.frames // 3 if frame is None else frame
        picture = Image.fromarray(compose(timeline, number, reels=reels, looks=looks))
    with appearing(path) as coming:
        picture.save(coming, format=_FORMATS[path.suffix.lower()], quality=92)
    return path


def smaller(timeline: Timeline, *, width: int = 640) -> Timeline:
    """The same cut at a small size, for a preview; as it is, when it is that small already."""
    size = timeline.size
    if size.width <= width:
        return timeline
    height = round(size.height * width / size.width / 2) * 2
    return replace(timeline, size=Size(width, max(height, 2)))
