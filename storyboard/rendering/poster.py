"""One picture that stands for the film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.timeline import Timeline

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def poster(
    timeline: Timeline, path: Path, *, frame: int | None = None, looks: Sequence[PictureFix] = ()
) -> Path:
    """Write a film frame as a PNG, JPEG or WebP picture; None: one from the first third."""
    if wrong := unfit(path):
        raise MediaError(wrong)
    with Reels() as reels:
        number = timeline.frames // 3 if frame is None else frame
        picture = Image.fromarray(compose(timeline, number, reels=reels, looks=looks))
    with appearing(path) as coming:
        picture.save(coming, format=_FORMATS[path.suffix.lower()], quality=92)
    return path


def unfit(name: Path) -> str:
    """Why a poster can't be called so; empty where it can."""
    if name.suffix.lower() in _FORMATS:
        return ""
    return f"{name} can't be written: a poster is a .png, .jpg or .webp picture"
