"""Footage that is no shot's: where the file lies that an edited cut names, and what it is called.

Programs write addresses of the machine that they ran on. A file is looked for at its address, then
by its name, beside the edited file and beside the storyboard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from storyboard import files
from storyboard.reimport.sequence import file_name

MOVIES = (".mov", ".mp4", ".m4v", ".mkv", ".webm", ".avi", ".ts")
"""How files end that may be footage; pictures have no length."""
_FOLDERS = ("", "media", "footage")
_HERE = ("", "localhost", "127.0.0.1")
_DRIVE = re.compile(r"/?[A-Za-z]:[/\\]")


@dataclass(frozen=True, slots=True)
class Places:
    """Where files of an edited cut are looked for."""

    edited: Path
    storyboard: Path

    def find(self, address: str) -> Path | None:
        """The movie of this address; None where it is none, or is not there."""
        return self.file(address) if file_name(address).lower().endswith(MOVIES) else None

    def file(self, address: str) -> Path | None:
        """The file of this address, whatever it shows; None where it is not there."""
        return next((path for path in self._candidates(address) if _is_file(path)), None)

    def _candidates(self, address: str) -> Iterator[Path]:
        path = _path(address)
        if path is not None:
            yield self.edited.parent / path
        for folder in (self.edited.parent, self.storyboard.parent):
            for inside in _FOLDERS:
                yield folder / inside / file_name(address)


def _path(address: str) -> PurePath | None:
    """An address as a path of this machine; None where it is on another one."""
    if "://" not in address:
        return None if address.startswith(("//", "\\\\")) else PurePath(address)
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in _HERE or path.startswith("//"):
        return None
    return PurePath(path.removeprefix("/") if _DRIVE.match(path) else path)


def _is_file(path: Path) -> bool:
    try:
        return files.as_on_disk(path).is_file()
    except (OSError, ValueError):
        return False
