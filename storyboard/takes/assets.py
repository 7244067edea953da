"""The door to takes: a place that keeps them by key, on a disk, far away, or in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol


class AssetKind(Enum):
    """What an asset is; the value is how its file's name ends."""

    VIDEO = ".mp4"

    @property
    def ending(self) -> str:
        """How the names of such files end."""
        return self.value


@dataclass(frozen=True, slots=True)
class Flaw:
    """A take that is not as it was written."""

    where: str
    """The file that is wrong, as people find it."""
    what: str
    of_note: bool = False
    """Whether its note is what is wrong; then nobody can say whether the asset is whole."""


class Takes(Protocol):
    """A place for takes. Each has a key (64 hex digits), one asset, and a note.

    A take appears whole or not at all: its note first, its asset last. Once it is there it never
    changes. Safe to use from many threads and many processes.
    """

    def prepare(self) -> None:
        """Prove that takes can be kept here, before any is paid for; StoreError if not."""

    def has(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> bool:
        """Whether the take is here, as large as its note says."""

    def open(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """A file of this machine with the asset of a take that is here, to be read.

        It is the take itself, or a copy that was fetched; StoreError where it can't be fetched.
        """

    def keep(
        self, key: str, file: Path, note: Mapping[str, Any], kind: AssetKind = AssetKind.VIDEO
    ) -> Path:
        """Take a finished file in; it is moved. Gives where `open` finds it.

        To the note is added what tells damage: `bytes` and `sha256`. StoreError where it can't
        be written.
        """

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from; StoreError where its note can't be read."""

    def amend(self, key: str, facts: Mapping[str, Any]) -> None:
        """Add facts to the note of a take that is here: what was measured of it since.

        StoreError where it can't be written; the note is then as it was.
        """

    def keys(self, kind: AssetKind = AssetKind.VIDEO) -> list[str]:
        """The keys of all assets of a kind that are here, whole or not."""

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The key and note of each take that is or was here; unreadable notes are left out."""

    def where(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """What people find the asset by, whether it is here or not: a path, or an address."""

    def flaw(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Flaw | None:
        """What is wrong with the take; None where every byte is as it was kept."""

    def set_aside(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """Move an asset out of the way, for a better one; says where it is kept.

        Empty where there is none.
        """

    def discard(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> None:
        """Remove a take and its note: one that can be made again, free. StoreError for others.

        Its asset goes first, its note last. Nothing happens where it is gone already.
        """

    def files(self) -> Iterator[Path]:
        """The files of this machine that are takes, which nothing may be written over."""
