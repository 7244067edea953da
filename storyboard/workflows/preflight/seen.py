"""What was decoded from end to end before: a mark for each file's digest, beside the takes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = "checked"
VERSION = 2
"""Raised when more is looked at than before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The marks in a store's folder. Only in one that is there: looking leaves nothing behind."""

    store: Path | None = None
    here: set[str] = field(default_factory=set)
    """What was found sound since this was made."""

    def has(self, digest: str) -> bool:
        """Whether the file with this digest was found sound."""
        if digest in self.here:
            return True
        return self.store is not None and self._mark(self.store, digest).exists()

    def note(self, digest: str) -> None:
        """The file with this digest is sound. Where that can't be kept, it is looked at again."""
        self.here.add(digest)
        if self.store is None or not self.store.is_dir():
            return
        with suppress(OSError):
            (self.store / FOLDER).mkdir(exist_ok=True)
            self._mark(self.store, digest).touch()

    @staticmethod
    def _mark(store: Path, digest: str) -> Path:
        return store / FOLDER / f"{digest}.v{VERSION}"
