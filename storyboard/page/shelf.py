"""The page's media: files made from takes, named by what they are made from, made once."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from storyboard.files import appearing

NAME = re.compile(r"(film|takes|seam|strip|still)-[0-9a-f]{24}\.(mp4|jpg)")
"""What a file of the page may be called. Whatever else is asked for is not there."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file of the page, and how it is made: `work(path, *given)` writes it."""

    name: str
    work: Callable[..., None]
    given: tuple[Any, ...] = ()

    @classmethod
    def of(cls, kind: str, ending: str, work: Callable[..., None], *given: Any) -> PageFile:
        """A file that is named by what it is made from."""
        return cls(f"{kind}-{digest(kind, *given)}{ending}", work, given)


def digest(*given: object) -> str:
    """A short name for values: the same for the same values, in every process."""
    return hashlib.sha256(_words(given).encode()).hexdigest()[:24]


def _words(value: object) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{one.name}={_words(getattr(value, one.name))}" for one in fields(value))
        return f"{type(value).__name__}({','.join(parts)})"
    if isinstance(value, tuple | list):
        return f"[{','.join(map(_words, value))}]"
    return repr(value)


class Shelf:
    """A folder of page files. What is asked for and is not there yet is made, once at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, PageFile] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def know(self, files: Iterable[PageFile]) -> None:
        """These may be asked for from now on."""
        self._known.update((file.name, file) for file in files)

    def has(self, name: str) -> bool:
        """Whether the file of this name was made. A link leads elsewhere: nobody here made it."""
        path = self.folder / name
        return path.is_file() and not path.is_symlink()

    def open(self, name: str, **terms: Any) -> Path:
        """The file of this name, made where it is not there yet; KeyError for one unknown.

        `terms` are for who makes it.
        """
        path = self.folder / name
        if not NAME.fullmatch(name):
            raise KeyError(name)
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if not self.has(name):
                make(path, self._known[name], **terms)
        return path

    def tidy(self, kept: Iterable[str], *, most: int = 2000) -> None:
        """Remove the oldest files beyond so many that no page shows any more."""
        shown = set(kept)
        left = [p for p in self.folder.glob("*-*.*") if NAME.fullmatch(p.name)]
        spare = sorted((p for p in left if p.name not in shown), key=lambda p: p.stat().st_mtime)
        for path in spare[: max(0, len(spare) - most)]:
            path.unlink(missing_ok=True)


def make(path: Path, file: PageFile, **terms: Any) -> None:
    """Write a file of the page: whole, or not at all. `terms` are for who makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with appearing(path) as coming:
        file.work(coming, *file.given, **terms)
