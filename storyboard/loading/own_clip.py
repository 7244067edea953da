"""Clips of one's own: a file in place of a shot's takes, known by its bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble
from storyboard.models.request import Request
from storyboard.models.table import OWN

if TYPE_CHECKING:
    from storyboard.errors import Place


OWN_CLIP = 0
"""The number of a clip of one's own among a shot's takes, which are counted from 1."""


@dataclass(frozen=True, slots=True)
class OwnClip:
    """A clip that stands in a shot in place of its takes."""

    name: str
    """As the storyboard writes it."""
    path: Path
    sha256: str
    """Of its bytes, hex: with others it is another take."""
    place: Place = field(compare=False)

    def request(self, seconds: Fraction) -> Request:
        """What stands in the place of a request, as if it were `seconds` long: nothing is sent."""
        arguments = {"clip": self.sha256}
        return Request(OWN.endpoint, arguments, pictures={}, marks=(Fraction(0), seconds))

    @property
    def key(self) -> str:
        """What the store calls it."""
        return self.request(Fraction(0)).key(OWN_CLIP)


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


def name_of(storyboard: Path, clip: Path) -> str:
    """How the storyboard names the clip: from its own folder on, with / between folders."""
    try:
        home = files.true(storyboard).parent
        return Path(os.path.relpath(files.true(clip), home)).as_posix().replace("${", "$${")
    except ValueError:  # Windows: another drive
        return files.true(clip).as_posix().replace("${", "$${")


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _changed: int) -> str:
    """A file's SHA-256, read once for each state of it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
