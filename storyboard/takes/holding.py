"""How things stand with a take: what a store knows of its key, as values that a plan can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Standing(Enum):
    """How things stand with a take."""

    DONE = "done"
    FLYING = "in flight"
    """Sent, perhaps finished; to be collected. Paid once it succeeds."""
    UNKNOWN = "unknown"
    """Sent, and the answer was lost: it may have been accepted. Never bought again unasked."""
    LOST = "lost"
    """Paid, and neither here nor at the service any more. Never bought again unasked."""
    FAILED = "failed"
    """It came to nothing; another try is a new payment."""
    REFUSED = "refused"
    """The service would not make this. The same request is not sent again unasked."""
    BUY = "to buy"
    DRAW = "to draw"
    """A draft: free."""

    @classmethod
    def unmade(cls, maker: str) -> Standing:
        """How a take stands that nobody has asked for yet, by who makes it on this machine."""
        return cls.DRAW if maker else cls.BUY

    @property
    def costs(self) -> bool:
        """Whether a render pays for it."""
        return self in (Standing.BUY, Standing.FAILED)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store knows of a key."""

    standing: Standing
    request_id: str = ""
    cost: int = 0
    """Micro-dollars, as charged or estimated when it was sent."""
    since: float | None = None
    """When it was sent, seconds since 1970."""
    detail: str = ""


Held = Mapping[str, Holding]
"""By key."""

Earlier = Mapping[str, Mapping[str, Any]]
"""By shot id, the canonical request of the last take that was made for it."""

AFTER_REFUSAL = (
    "change the prompt or its pictures, use `on_fail: hold`, or send it again with `retry=True`"
)
"""What can be done about a take that was refused."""
