"""The roll of a storyboard: its claims and their ends, in the order in which they came.

    rolls/<board>/<n>.json       which claim of which key; created by one of all who try

A claim is entered behind all that are there. So whoever has entered one knows of each that came
before, whatever else the place has, and whoever comes later knows of this one: of two machines at
the last cent, the first one pays. An entry is where to look, and no more: one that is there twice,
or of a claim that never was paid for, does no harm.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.depot.protocol import Depot

ROLLS = "rolls/"
_NAME = re.compile(r"rolls/[0-9a-f]+/([0-9]+)\.json")
_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entered:
    """A claim that was made, or has ended."""

    key: str
    n: int
    ended: bool = False


class Roll:
    """A storyboard's. Safe to use from many threads."""

    def __init__(self, depot: Depot, storyboard: str) -> None:
        self._depot = depot
        board = hashlib.sha256(storyboard.encode(errors="surrogatepass")).hexdigest()[:32]
        self._under = f"{ROLLS}{board}/"
        self._next: int | None = None
        """The first number that nobody is known to have."""
        self._news: list[Entered] = []
        self._gap = False
        """Whether something is entered that was not read: what was there at first, or can't be."""
        self._lock = threading.Lock()

    def enter(self, entry: Entered) -> None:
        """Enter it behind all that are there, and read on past those of others."""
        about = {"key": entry.key, "n": entry.n, "ended": entry.ended, "mark": secrets.token_hex(8)}
        data = json.dumps(about).encode() + b"\n"
        with self._lock:
            number = self._end() if self._next is None else self._next
            while not self._depot.create(self._name(number), data):
                number = self._read_from(number)
            self._next = number + 1

    def news(self) -> list[Entered] | None:
        """What others have entered before the last entry of here, and was not given yet; None
        where that was not to be read, so that only a listing of all claims tells."""
        with self._lock:
            found, self._news = self._news, []
            gap, self._gap = self._gap or self._next is None, False
        return None if gap else found

    def _end(self) -> int:
        """The number behind all that are listed."""
        self._gap = True
        listed = (_NAME.fullmatch(one.name) for one in self._depot.names(self._under))
        return max((int(found[1]) + 1 for found in listed if found), default=0)

    def _read_from(self, number: int) -> int:
        """Read what is there from a number on that is taken; gives the first that is not."""
        data = self._depot.read(self._name(number))
        while True:
            entry = _read(data)
            if entry is None:
                self._gap = True
            else:
                self._news.append(entry)
            number += 1
            data = self._depot.read(self._name(number))
            if data is None:
                return number

    def _name(self, number: int) -> str:
        return f"{self._under}{number}.json"


def _read(data: bytes | None) -> Entered | None:
    """What an entry says; None where it can't be read, on a disk that shows it late or in part."""
    try:
        about = json.loads(data or b"")
        key, n = _KEY.fullmatch(about["key"]), about["n"]
        return Entered(key[0], n, bool(about["ended"])) if key and isinstance(n, int) else None
    except (ValueError, TypeError, KeyError):
        return None
