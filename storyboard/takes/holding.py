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
    CLAIMED = "being bought elsewhere"
    """Another machine that shares the media place buys it. It is waited for, and not paid for."""
    LOST = "lost"
    """Paid, and neither here nor at the service any more. Never bought again unasked."""
    FAILED = "failed"
    """It came to nothing; another try is a new payment."""
    REFUSED = "refused"
    """The service would not make this. The same request is not sent again unasked."""
    BUY = "to buy"
    DRAW = "to draw"
    """A draft: free."""
    ADOPT = "to adopt"
    """A clip of one's own, to be taken in: free."""

    @classmethod
    def unmade(cls, maker: str) -> Standing:
        """How a take stands that nobody has asked for yet, by who makes it on this machine."""
        return {"": cls.BUY, "clip": cls.ADOPT}.get(maker, cls.DRAW)

    @property
    def is_made_here(self) -> bool:
        """Whether a take that stands so is made on this machine, free."""
        return self in (Standing.DRAW, Standing.ADOPT)

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
    paid: bool = False
    """Whether they were spent for certain: else they are reserved, or possibly charged."""
    since: float | None = None
    """When it was sent, seconds since 1970."""
    detail: str = ""


Held = Mapping[str, Holding]
"""By key."""

Earlier = Mapping[str, Mapping[str, Any]]
"""By shot id, the canonical request of the last take that was made for it."""


def is_free(note: Mapping[str, Any]) -> bool:
    """Whether a take's note says that nothing was ever sent for it: a draft, or one's own clip."""
    return bool(note.get("draft") or note.get("adopted"))


def is_draft(note: Mapping[str, Any]) -> bool:
    """Whether a take's note says, without any doubt, that it was drawn here and cost nothing."""
    sent = note.get("request_id") or note.get("adopted") or note.get("cost")
    return note.get("draft") is True and not sent


AFTER_REFUSAL = (
    "change the prompt or its pictures, use `on_fail: hold`, or send it again with `retry=True`"
)
"""What can be done about a take that was refused."""
