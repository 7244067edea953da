"""A flight: one paid take on its way, and what its steps remember between them.

Only what is worth forgetting is here. What must not be lost is in the ledger.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from storyboard.errors import StoryboardError
from storyboard.events import State
from storyboard.generate.order import Order
from storyboard.generate.pace import Pace
from storyboard.generate.studio import Studio
from storyboard.store import Ledger, Row

Wait = float | None
"""Seconds until the take's next step; None: there is none in this run."""

AT_ONCE = 0.0


@dataclass(slots=True)
class Flight:
    """A paid take, and how often something was tried."""

    studio: Studio
    order: Order
    intent: str = ""
    """Its row in the ledger, once it has one that concerns this run."""
    next_intent: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Its row's name, where it gets one."""
    ready: dict[str, Any] | None = None
    """All that is sent, once the pictures are uploaded for it; the same in each try."""
    resending: bool = False
    """Whether a refusal of its row means: send it once more."""
    sends: int = 0
    looks: int = 0
    polls: int = 0
    errors: int = 0
    """Looks in a row that gave no useful answer."""
    fetches: int = 0
    renewed: bool = False
    """Whether the clip's address was asked for again."""
    running_since: float | None = None
    heard: float = field(default_factory=time.monotonic)
    """When the service last gave a useful answer."""
    warned: float = 0.0
    """At which age, in seconds, the user was last told that it takes long."""
    words: set[str] = field(default_factory=set)
    """Unknown words for its state that the user was told of."""

    @property
    def ledger(self) -> Ledger:
        """The store's ledger."""
        return self.studio.store.ledger

    @property
    def pace(self) -> Pace:
        """How long to wait."""
        return self.studio.pace

    def row(self) -> Row | None:
        """Its row in the ledger: the one that it follows, or the live one of its key."""
        return self.ledger.row(self.intent) if self.intent else self.ledger.live(self.order.key)

    def say(self, state: State, **more: Any) -> None:
        """It reached a state."""
        self.studio.say(self.order, state, **more)

    def notice(self, message: str) -> None:
        """Something that the user should know about it."""
        self.studio.notice(message, self.order.shot)

    def fail(self, error: StoryboardError, **more: Any) -> Wait:
        """It can't be had in this run: no next step."""
        self.studio.fail(self.order, error, **more)
        return None
