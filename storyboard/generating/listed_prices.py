"""What a take costs today, and what it was charged: the table's price, or the service's list's.

The list is asked before each payment, and what is reserved is the dearer of the two. A list that
is no use leaves the table's price, or the last one that it gave, and the user is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.errors import PriceRose, ServiceError
from storyboard.models import price
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.generating.order import Order
    from storyboard.ledger.rows import Row
    from storyboard.models.price import Price
    from storyboard.service import Service

RECENT = 60.0
"""Seconds for which an answer of the list, or its silence, does where nothing is paid."""


@dataclass(slots=True)
class PriceList:
    """The service's prices, as a run needs them. Safe to use from many threads."""

    service: Service
    say: Callable[[str], None]
    """Tells the user."""
    clock: Clockwork
    """What time it is."""
    recent: float = RECENT
    _listed: dict[str, int] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def require_agreed(self, orders: Collection[Order], cap: int | None) -> None:
        """Before the first payment: that all of them together cost what the plan says today.

        More is paid only under a cap of the user's that it fits (`cap`, micro-dollars);
        PriceRose with both prices otherwise.
        """
        planned = sum(order.price for order in orders)
        today = sum(self.today(order) for order in orders)
        if today <= planned:
            return
        rates = "; ".join(sorted({self._compared(order) for order in orders} - {""}))
        both = f"{rates}; {dollars(today)} instead of {dollars(planned)} for what is to be bought"
        if cap is None:
            raise PriceRose(f"{both}; give `max_cost` to pay the new price")
        if today > cap:
            raise PriceRose(f"{both}, and `max_cost` is {dollars(cap)}; raise it to go on")
        self.say(both)

    def of(self, order: Order, *, capped: bool) -> int:
        """Micro-dollars that this order costs now, right before it is paid.

        Where the list has gone above what the plan said, it is paid only under a cap that the
        user has set (`capped`); PriceRose otherwise.
        """
        self._ask(order)
        price = self.today(order)
        if price > order.price and not capped:
            rates = self._compared(order)
            raise PriceRose(f"{rates}; give `max_cost` to pay the new price")
        return price

    def charged(self, order: Order, row: Row, units: float | None) -> int | None:
        """Micro-dollars that so many billed units come to, at the price in force.

        None where the service does not say, or says what can't be seconds, or the model that it was
        bought from has left the storyboard with its price: then the books keep what was reserved.
        Any difference is told.
        """
        if units is None or not order.model.tariff.rates:
            return None
        in_force = self._in_force(order, row)
        exact = in_force.billed(units)
        if not in_force.fits(units):
            self.say(
                f"{order.shot}: the service says {units:g} billed units for {order.seconds} s, "
                f"which would be {dollars(exact)}; the books keep {dollars(row.estimate)}, "
                "as reserved"
            )
            return None
        if exact != row.estimate:
            reserved = dollars(row.estimate)
            self.say(f"{order.shot}: charged {dollars(exact)}, not {reserved} as estimated")
        return exact

    def today(self, order: Order) -> int:
        """Micro-dollars that this order costs: the dearer of plan, table and list."""
        listed = self._known(order)
        return max(order.price, order.model.price(order.request.arguments, listed).micro)

    def _in_force(self, order: Order, row: Row) -> Price:
        """The price by the list, and not less than was reserved above the table."""
        model, listed = order.model, self._known(order)
        sold = model.sold(order.request.arguments)
        return price.in_force(model.tariff, sold, listed, reserved=row.estimate)

    def _compared(self, order: Order) -> str:
        listed, model = self._known(order), order.model
        if listed is None or not price.rose(model.tariff, listed):
            return ""
        now, known = price.compared(model.tariff, listed)
        return f"{model.alias} costs {now} by the service's list, and the plan says {known}"

    def _known(self, order: Order) -> int | None:
        """What the list said last, a minute ago at the most; None where it never did."""
        asked = self._asked.get(order.endpoint)
        if asked is None or self.clock.monotonic() - asked > self.recent:
            self._ask(order)
        return self._listed.get(order.endpoint)

    def _ask(self, order: Order) -> None:
        """Ask the list, unless it was silent a moment ago."""
        endpoint, unit = order.endpoint, price.asked_for(order.model.tariff)
        with self._lock:
            ago = self.clock.monotonic() - self._asked.get(endpoint, float("-inf"))
            if endpoint in self._silent and ago < self.recent:
                return
            try:
                self._listed[endpoint] = self.service.price(endpoint, unit)
                self._silent.discard(endpoint)
            except ServiceError as error:
                self._silent.add(endpoint)
                self._warn(order, error)
            self._asked[endpoint] = self.clock.monotonic()

    def _warn(self, order: Order, error: ServiceError) -> None:
        """Once for each endpoint."""
        if order.endpoint in self._told:
            return
        self._told.add(order.endpoint)
        last, model = self._listed.get(order.endpoint, 0), order.model
        low, high = model.tariff.rates[0], model.tariff.rates[-1]
        if model.tariff.listing or low != high:
            stands = price.in_words(model.tariff)
        else:
            stands = model.tariff.of_unit(max(last, high))
        self.say(f"{error}; the price of {model.alias} is taken for {stands}")
