"""The other machines that share the media place: what they are buying, and what that costs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.depot.protocol import lasting

if TYPE_CHECKING:
    from collections.abc import Collection

    from storyboard.clock import Clockwork
    from storyboard.depot.claims import Claim, Claims
    from storyboard.store import Store


@dataclass(slots=True)
class Neighbours:
    """What was last listed of the claims of others, for one run. Safe to use from many threads."""

    store: Store
    clock: Clockwork
    wanted: Collection[str]
    """The keys that this run is about."""
    _open: dict[str, Claim] = field(default_factory=dict)
    _names: int = 0
    _listed_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _counted: dict[tuple[str, int], Claim] | None = None
    """Claims of others for the storyboard, until a row of the ledger counts them; None at first."""
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def buying(self, key: str, *, age: float, known: Claim | None, since: float) -> Claim | None:
        """Who else is buying a take, as it was at most so many seconds ago, or longer where very
        many are claimed; one that has come is bought by nobody. A claim that is `known` `since` a
        moment after the last look holds until the next one. Where nobody was buying what this run
        wants, it is not looked again until one of them is met."""
        with self._lock:
            now, last = self.clock.monotonic(), self._listed_at
            met = known is not None or bool(self._open)
            if last is None or (met and now - last >= self._lasting(age)):
                self._look(now)
                last = now
            found = self._open.get(key)
            return known if found is None and last < since else found

    def until_next(self, *, age: float) -> float:
        """Seconds until it pays to ask again: before that, nothing new would be heard."""
        with self._lock:
            now, last = self.clock.monotonic(), self._listed_at
            return 0.0 if last is None else max(0.0, last + self._lasting(age) - now)

    def _lasting(self, age: float) -> float:
        return lasting(self._names, least=age)

    def _look(self, now: float) -> None:
        there = self.store.shared.there(age=0) if self.store.shared is not None else ()
        self._open = {one.key: one for one in self.store.claimed_elsewhere(self.wanted)}
        self._names, self._listed_at = len(there) + len(self._open), now

    def money(self, storyboard: str, *, anew: bool = False) -> int:
        """Micro-dollars that others have claimed for a storyboard of this name, and that no row of
        the ledger counts: for takes that are not there yet, or came to nothing.

        All that is in the storyboard's roll before a claim of here counts, so that two machines at
        the last cent can't both pay; what has ended since may still count, unless it is listed
        `anew`.
        """
        claims, shared = self.store.claims, self.store.shared
        if claims is None or shared is None:
            return 0
        with self._counting:
            counted, self._counted = self._counted, None  # where this fails, all is listed anew
            found = self._heard_of(claims, storyboard, anew=anew or counted is None)
            counted = counted or {}
            counted |= {(one.key, one.n): one for one in self.store.not_own(found)}
            there = shared.there()
            self.store.learn({key for key, _ in counted if key in there})
            counts = 0
            for at, one in list(counted.items()):
                if one.ended or self.store.ledger.live(one.key) is None:
                    counts += one.counts
                elif one.key in there:
                    del counted[at]  # its note is a row of the ledger, for good
            self._counted = counted
            return counts

    def _heard_of(self, claims: Claims, storyboard: str, *, anew: bool) -> list[Claim]:
        """Claims for a storyboard of which it was not known that they are as they are: from its
        roll; at first, and where the roll does not say, from a listing of all."""
        news = claims.news(storyboard)
        if news is not None and not anew:
            return news
        self.store.learn()
        found = claims.all(but=self.store.ledger.kept_keys())
        return [one for one in found if one.storyboard == storyboard]
