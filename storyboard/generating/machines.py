"""The other machines that share the media place: what they are buying, and what that costs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.depot.claims import Claim
    from storyboard.store import Store


@dataclass(slots=True)
class Neighbours:
    """What was last listed of the claims of others, for one run. Safe to use from many threads."""

    store: Store
    clock: Clockwork
    _open: dict[str, Claim] = field(default_factory=dict)
    _listed_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def claimed(self, *, age: float) -> dict[str, Claim]:
        """What others are buying, by key, as it was at most so many seconds ago. A take that has
        come since is none of these."""
        with self._lock:
            now = self.clock.monotonic()
            if self._listed_at is None or now - self._listed_at >= age:
                if self.store.shared is not None:
                    self.store.shared.there(age=0)
                self._open = {one.key: one for one in self.store.claimed_elsewhere()}
                self._listed_at = now
            return self._open

    def money(self, storyboard: str) -> int:
        """Micro-dollars that others have claimed for a storyboard of this name, and that no row of
        the ledger counts: for takes that are not there yet, or came to nothing."""
        claims, shared = self.store.claims, self.store.shared
        if claims is None or shared is None:
            return 0
        there = shared.there(age=0)
        self.store.learn()
        others = (one for one in claims.all(but=there) if not self.store.owns(one))
        return sum(
            one.counts
            for one in others
            if one.storyboard == storyboard
            and (one.ended or self.store.ledger.live(one.key) is None)
        )
