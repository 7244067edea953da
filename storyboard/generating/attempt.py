"""An attempt: one paid take on its way, and what its steps remember between them.

Only what is worth forgetting is here. What must not be lost is in the ledger.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.service import Accepted

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.clock import Clockwork
    from storyboard.depot.claims import Claim
    from storyboard.errors import StoryboardError
    from storyboard.events import State
    from storyboard.generating.backoff import Pace
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order
    from storyboard.ledger.door import Ledger
    from storyboard.ledger.rows import Row


@dataclass(frozen=True, slots=True)
class Later:
    """A step in two halves: the second one goes on with what a worker found."""

    coming: Future[Any]
    go_on: Callable[[], Wait]


@dataclass(frozen=True, slots=True)
class Turn:
    """A step in so many seconds, that takes its turn among those that may spend, or leaves it."""

    after: float = 0.0
    spends: bool = True


Wait = float | Later | Turn | None
"""Seconds until the take's next step, or what it waits for; None: there is none in this run."""

AT_ONCE = 0.0


def request_of(row: Row) -> Accepted:
    """The request of a row that has its id, as the service is asked about it."""
    return Accepted(row.endpoint, row.request_id or "", row.urls)


@dataclass(slots=True)
class Attempt:
    """A paid take, and how often something was tried."""

    conductor: Conductor
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
    asks: int = 0
    """How often the history was asked in vain whether it was paid for from elsewhere."""
    looks: int = 0
    polls: int = 0
    errors: int = 0
    """Looks in a row that gave no useful answer."""
    failures: int = 0
    """How often it was said that it failed."""
    fetches: int = 0
    """Downloads in a row that brought nothing new."""
    reached: int = 0
    """Bytes of its clip that were here at the most."""
    misses: int = 0
    """How often the clip was not at its address."""
    accepted: Accepted | None = None
    """What the service gave for it, while the ledger can't be written."""
    asked: set[str] = field(default_factory=set)
    """Earlier requests of its key that were looked at once more in this run."""
    hopeful: bool = False
    """Whether it is only looked for in case it is there after all: nothing is no failure."""
    uploaded_anew: bool = False
    """Whether its pictures were uploaded once more, because the service could not fetch them."""
    claim: Claim | None = None
    """This attempt's own, in the media place."""
    followed: Claim | None = None
    """Another machine's that it waits for."""
    aside: bool = False
    """Whether it has left its turn to spend to others."""
    running_since: float | None = None
    heard: float = 0.0
    """When the service last gave a useful answer."""
    warned: float = 0.0
    """At which age, in seconds, the user was last told that it takes long."""
    words: set[str] = field(default_factory=set)
    """Unknown words for its state that the user was told of."""

    def __post_init__(self) -> None:
        self.heard = self.clock.monotonic()

    @property
    def clock(self) -> Clockwork:
        """What time it is."""
        return self.conductor.clock

    @property
    def ledger(self) -> Ledger:
        """The store's ledger."""
        return self.conductor.store.ledger

    @property
    def pace(self) -> Pace:
        """How long to wait."""
        return self.conductor.pace

    def row(self) -> Row | None:
        """Its row in the ledger: the one that it follows, or the live one of its key."""
        return self.ledger.row(self.intent) if self.intent else self.ledger.live(self.order.key)

    def heard_something(self) -> None:
        """The service gave a useful answer: it is on its way."""
        self.errors = self.failures = 0
        self.heard = self.clock.monotonic()

    def age(self, row: Row) -> float:
        """Seconds since it was sent."""
        return abs(self.clock.time() - (row.sent_at or row.intended_at))

    def of_another_account(self, row: Row) -> bool:
        """Whether another account's key sent it: what this one is told of it means nothing."""
        here = self.conductor.account
        return bool(row.account and here and row.account != here)

    def say(self, state: State, **more: Any) -> None:
        """It reached a state."""
        self.conductor.say(self.order, state, **more)

    def notice(self, message: str) -> None:
        """Something that the user should know about it."""
        self.conductor.notice(message, self.order.shot)

    def fail(self, error: StoryboardError, **more: Any) -> Wait:
        """It can't be had in this run: no next step."""
        if not self.hopeful:
            self.conductor.fail(self.order, error, **more)
        return None
