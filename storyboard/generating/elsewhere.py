"""What the account has paid for already, from elsewhere: another machine, a store that is gone, a
ledger older than it was, a request whose second payment was allowed before it turned up.

Before the first payment of a run the other stores of this user, and the account's history, are
asked for all that the storyboard wants: requests with the very words and pictures. What no row of
the ledger explains is written down and collected, not bought; and what fills no take any more
counts against the budget, since it was paid for this storyboard.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from storyboard.errors import NoNews, NotAllowed, ServiceError
from storyboard.generating.past import REMEMBERED, asks_for, past_of, unexplained, was_for
from storyboard.generating.twins import FORGOTTEN, explain
from storyboard.ledger.rows import Row
from storyboard.models.request import addresses
from storyboard.units.money import dollars
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.generating.order import Order
    from storyboard.ledger.door import Ledger
    from storyboard.service import Listed, Service

DOUBT = "rebuilt with gaps at"
"""What the ledger remembers where some of its requests may be missing: seconds since 1970."""


def by_the_table(order: Order) -> int:
    """Micro-dollars that an order costs, by the table."""
    return order.price or order.model.price(order.request.arguments).micro


@dataclass(slots=True)
class Elsewhere:
    """The past of an account, and of this user's other stores, asked for once in a run."""

    service: Service
    storyboard: str
    account: str = ""
    payer: str = ""
    """The account's fingerprint that is equal in all stores."""
    orders: Sequence[Order] = ()
    """All that may have been paid for."""
    price: Callable[[Order], int] = by_the_table
    """What an order is taken to have cost, in micro-dollars."""
    told: list[tuple[str, str]] = field(default_factory=list)
    """What was found, and what could not be asked: words for the user, and a shot."""
    _past: dict[str, list[Listed]] = field(default_factory=dict)
    _rest: dict[str, list[Listed]] = field(default_factory=dict)
    """By endpoint, what no row explains."""
    _found: dict[str, Row] = field(default_factory=dict)
    """By key, what was written down."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def adopted(self, order: Order, ledger: Ledger, *, last: bool) -> Row | None:
        """The request that was sent for this order from elsewhere, written down by now.

        NoNews where the history can't be asked at the moment and this is not the `last` try;
        `NotAllowed` where it can't be asked at all and the ledger may have gaps.
        """
        with self._lock:
            self._learn(order, ledger, last=last)
            if order.key not in self._found:
                self._adopt(order, ledger)  # its key may have become free in the meantime
            return self._found.get(order.key)

    def is_anothers(self, endpoint: str, request_id: str, sent: Mapping[str, Any]) -> bool:
        """Whether the past, as it was asked for, has another request under this id.

        It shows other addresses than those that were `sent`, which no other request has.
        """
        past = [one for one in self._past.get(endpoint, ()) if one.request_id == request_id]
        own = set(addresses(sent).values())
        there = [set(addresses(entry.inputs).values()) for entry in past]
        return any(there) and all(own.isdisjoint(shown) for shown in there)

    @property
    def shared(self) -> list[str]:
        """The endpoints to which the account has sent requests that are not this store's."""
        return [endpoint for endpoint, rest in self._rest.items() if rest]

    @property
    def known(self) -> Iterator[Listed]:
        """What the history said when it was asked."""
        return chain.from_iterable(self._past.values())

    def _learn(self, order: Order, ledger: Ledger, *, last: bool) -> None:
        """Write down all that was paid for already, before anything else is."""
        orders = [*self.orders, order]
        new = {one.endpoint for one in orders} - self._rest.keys()
        for endpoint in sorted(new):
            self._of(endpoint, ledger, last=last)
        for endpoint in sorted(new):
            self._rest[endpoint] = list(unexplained(self._past[endpoint], ledger))
        wanted = {one.key: one for one in orders if one.endpoint in new}
        for one in wanted.values():
            self._adopt(one, ledger)
        self._count(list(wanted.values()), ledger)

    def _adopt(self, order: Order, ledger: Ledger) -> None:
        """Write down what was sent for an order, unless its key has a request already."""
        if ledger.live(order.key) is not None:
            return
        wanted = self._row("", order, now=ledger.clock.time())
        ledger.recall(wanted, self.payer)
        row = ledger.live(order.key) or self._listed(order, ledger)
        if row is not None:
            self._found[order.key] = row
            self.told.append((_collected(row), row.shot))

    def _listed(self, order: Order, ledger: Ledger) -> Row | None:
        """The same, from the account's history."""
        rest = self._rest[order.endpoint]
        for entry in rest:
            if asks_for(entry, order, self.service):
                row = self.row_from(entry, order, now=ledger.clock.time())
                if ledger.adopt(row):
                    explain(entry, ledger)
                    own = set(addresses(entry.inputs).values())
                    rest[:] = [one for one in rest if own.isdisjoint(_shown(one))]
                    return row
        return None

    def _count(self, orders: Sequence[Order], ledger: Ledger) -> None:
        """Reserve what was paid for this storyboard and fills no take: no clip is fetched for it,
        but it counts."""
        rows = [row for row in self._forgotten(orders, ledger) if ledger.adopt(row)]
        if rows:
            total = dollars(sum(row.estimate for row in rows))
            many = counted(len(rows), "request")
            words = f"the account's history has {many} more for this storyboard than the ledger"
            self.told.append((f"{words}; {total} count against the budget", ""))

    def _forgotten(self, orders: Sequence[Order], ledger: Ledger) -> Iterator[Row]:
        for order in orders:
            for entry in self._rest[order.endpoint]:
                ours = was_for(entry, self.storyboard) and asks_for(entry, order, self.service)
                if ours:
                    row = self.row_from(entry, order, now=ledger.clock.time())
                    yield replace(
                        row,
                        intent=f"{FORGOTTEN}{entry.request_id}",
                        state="RELEASED",
                        request_id=None,
                        detail=f"paid as {entry.request_id}, by the service's history",
                    )

    def _of(self, endpoint: str, ledger: Ledger, *, last: bool) -> None:
        """Ask the history, once."""
        if endpoint in self._past:
            return
        try:
            self._past[endpoint] = past_of(self.service, endpoint, now=ledger.clock.time())
        except ServiceError as error:
            if isinstance(error, NoNews) and not last:
                raise
            if doubtful(ledger):
                raise NotAllowed(
                    "the ledger was rebuilt and may have gaps, and the account's history, "
                    f"which could fill them, can't be asked: {error}. Run again later, or "
                    "`storyboard ledger rebuild --even-so` to risk paying twice"
                ) from error
            words = f"what was bought from elsewhere can't be asked for: {error}"
            self.told.append((words, ""))
            self._past[endpoint] = []

    def row_from(self, entry: Listed, order: Order, *, now: float) -> Row:
        """The row of a request that only the history knows of: it is followed like any other."""
        found = self._row(
            f"found-{entry.request_id}", order, now=now if entry.sent_at is None else entry.sent_at
        )
        accepted = self.service.accepted(order.endpoint, entry.request_id)
        return replace(
            found,
            arguments=dict(entry.inputs),
            state="SENT",
            request_id=entry.request_id,
            urls=dict(accepted.urls),
            sent_at=found.intended_at,
            detail="found in the service's history",
        )

    def _row(self, intent: str, order: Order, *, now: float) -> Row:
        """A row for an order that was sent from elsewhere, as far as the order says it."""
        return Row(
            intent=intent,
            key=order.key,
            storyboard=self.storyboard,
            shot=order.shot,
            take=order.take,
            run="found",
            endpoint=order.endpoint,
            canonical=dict(order.canonical),
            arguments={},
            state="SENDING",
            request_id=None,
            urls={},
            result=None,
            estimate=self.price(order),
            actual=None,
            intended_at=now,
            sent_at=None,
            done_at=None,
            detail="",
            account=self.account,
            covers=order.covers,
        )


def doubtful(ledger: Ledger) -> bool:
    """Whether requests may be missing in the ledger that the service still remembers."""
    at = ledger.about(DOUBT)
    return bool(at) and ledger.clock.time() - float(at) < REMEMBERED.total_seconds()


def _shown(entry: Listed) -> set[str]:
    return set(addresses(entry.inputs).values())


def _collected(row: Row) -> str:
    day = datetime.fromtimestamp(row.intended_at).strftime("%Y-%m-%d %H:%M")
    if row.request_id is None:
        return (
            f"take {row.take} was sent at {day} from another store of yours, and its answer is not "
            "known; it is looked for, and not sent again"
        )
    return (
        f"take {row.take} was bought at {day} from elsewhere, as {row.request_id}; it is "
        "collected, and not paid again"
    )
