"""Clips of one's own: a file in place of a shot's takes, known by its bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble

if TYPE_CHECKING:
    from storyboard.errors import Place


@dataclass(frozen=True, slots=True)
class OwnClip:
    """A clip that stands in a shot in place of its takes."""

    name: str
    """As the storyboard writes it."""
    path: Path
    sha256: str
    """Of its bytes, hex: with others it is another take."""
    place: Place = field(compare=False)


def own_clip(root: Path, name: str, confine: Path | None, place: Place) -> OwnClip:
    """The clip of this name; FileTrouble where there is no such file."""
    path = files.resolve(root, name, confine=confine)
    if not os.path.isfile(path):  # noqa: PTH113 - not Path's, which may raise
        files.read(path, limit=1)  # says what it is instead
    try:
        about = path.stat()
        digest = _digest(path, about.st_size, about.st_mtime_ns)
    except OSError as cause:
        raise FileTrouble(f"{files.shown(path)} can't be read ({cause.strerror})") from cause
    return OwnClip(name, path, digest, place)


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _changed: int) -> str:
    """A file's SHA-256, read once for each state of it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
