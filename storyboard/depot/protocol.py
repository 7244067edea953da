"""The door to a place for files that several machines share: a folder, or a bucket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LISTED = 50
"""Names that are listed in a second, at most, where nothing hangs on it."""


def lasting(names: int, *, least: float) -> float:
    """For how many seconds a listing of so many names may be taken for true, where nothing hangs
    on it: a place is listed the more seldom, the longer that takes."""
    return max(least, names / LISTED)


@dataclass(frozen=True, slots=True)
class Deposited:
    """A file of the place, as a listing shows it."""

    name: str
    """With `/` between its parts, from the place's own root."""
    size: int
    stamp: str
    """Another one where another file has its name by now."""
    at: float = 0.0
    """When it was written, in seconds since 1970 by the place's clock; 0 where it does not say."""


class Depot(Protocol):
    """Files by name. Each appears whole or not at all. Safe to use from many threads, processes
    and machines. What can't be done is a `StoreError` that says why, in one sentence.
    """

    @property
    def where(self) -> str:
        """What people know the place by: a folder's path, or an address without secrets."""

    def prepare(self) -> None:
        """Make the place where it can be made; StoreError where it is not there."""

    def create(self, name: str, data: bytes) -> bool:
        """Write a new file; False where the name is taken: of many who try, one gets True."""

    def put(self, name: str, file: Path) -> None:
        """Copy a file of this machine there, whatever has the name by now."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a small file; None where there is none."""

    def fetch(self, name: str, to: Path) -> bool:
        """Copy a file to this machine; False where there is none."""

    def has(self, name: str) -> bool:
        """Whether there is such a file at this moment."""

    def names(self, under: str) -> list[Deposited]:
        """The files whose names begin with this folder's, in the order of their names."""

    def remove(self, name: str) -> None:
        """Take a file away; nothing happens where there is none."""
