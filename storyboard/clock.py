"""The clock: what time it is, and waiting. Everything that dates, waits or gives up is given one.

A test gives one that it moves itself, so that nothing depends on how busy the machine is.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clockwork(Protocol):
    """A clock: the machine's own, or a test's."""

    def time(self) -> float:
        """Seconds since 1970, by a clock that may be set or be wrong: for dates."""

    def monotonic(self) -> float:
        """Seconds of a clock that only goes on: for how long something took."""

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""


class _Machine:
    """The machine's own clock."""

    def time(self) -> float:
        """The date."""
        return time.time()

    def monotonic(self) -> float:
        """The time since it was started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


REAL: Clockwork = _Machine()
"""The one that is used where no other is given."""


def moment(clock: Clockwork) -> str:
    """Date and time of day, UTC, as ISO 8601 has it."""
    return datetime.fromtimestamp(clock.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
