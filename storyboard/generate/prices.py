"""What a take costs today: the table's price, or a higher one that the service lists by now."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from storyboard.errors import NotAllowed, ServiceError
from storyboard.fal import Fal
from storyboard.generate.order import Order
from storyboard.models import Model, dollars


@dataclass(slots=True)
class PriceList:
    """The service's prices, each asked for once in a run."""

    fal: Fal
    _listed: dict[str, int | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, order: Order, *, capped: bool) -> int:
        """Micro-dollars that this order costs.

        Where the list has gone above what the plan said, it is paid only under a cap that the
        user has set (`capped`); NotAllowed otherwise.
        """
        listed = self._per_second(order.model)
        known = order.model.price.per_second
        if listed is None or listed <= known:
            return order.price
        price = -int(-listed * order.seconds // 1)
        if not capped:
            raise NotAllowed(
                f"{order.model.alias} costs {_a_second(listed)} by the service's list, and the "
                f"plan says {_a_second(known)}; give --max-cost to pay the new price"
            )
        return price

    def _per_second(self, model: Model) -> int | None:
        with self._lock:
            if model.endpoint not in self._listed:
                try:
                    self._listed[model.endpoint] = self.fal.price(model.endpoint)
                except ServiceError:
                    self._listed[model.endpoint] = None
            return self._listed[model.endpoint]


def _a_second(micro: int) -> str:
    return f"{dollars(micro)}/s"
