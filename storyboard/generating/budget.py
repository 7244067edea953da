"""The storyboard's budget as its file has it now: edited during a run, it holds from the next
payment on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storyboard import files
from storyboard.errors import FileTrouble, StoryboardError
from storyboard.loading.budget_field import budget_in
from storyboard.loading.reading import MAX_BYTES
from storyboard.units.money import dollars


@dataclass(slots=True)
class Budget:
    """What all runs together may cost, in micro-dollars. Safe to use from many threads."""

    path: Path | None
    """None where the storyboard has no file: then nobody edits it."""
    variables: Mapping[str, str]
    agreed: int | None
    """What holds: the plan's at first; None: no budget."""
    say: Callable[[str], None]
    """Tells the user."""
    _read: bytes | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Remember the file as it is; where it differs from the plan, the lower budget holds."""
        with self._lock:
            self._look(first=True)

    def now(self) -> int | None:
        """The budget by the file as it is at this moment.

        A file that can't be read, or not whole, may lower it; only a sound one may raise it.
        """
        with self._lock:
            self._look(first=False)
            return self.agreed

    def _look(self, *, first: bool) -> None:
        if self.path is None:
            return
        try:
            data = files.read(self.path, limit=MAX_BYTES)
        except (FileTrouble, OSError):
            return
        if data == self._read:
            return
        self._read = data
        try:
            found, sound = budget_in(data, self.path, self.variables)
        except StoryboardError:
            return
        wanted = found if sound and not first else _lower(self.agreed, found)
        if wanted != self.agreed:
            self.agreed = wanted
            now = "without a budget" if wanted is None else f"under a budget of {dollars(wanted)}"
            self.say(f"{self.path} was edited: from here on {now}")


def _lower(one: int | None, other: int | None) -> int | None:
    known = [cap for cap in (one, other) if cap is not None]
    return min(known) if known else None
