"""How long it takes until what is bought is there, as far as earlier requests tell. Pure.

A request is expected to take as long as the middle one of those that asked the same endpoint for
the same length and resolution; where they are fewer than three, of all that were sent there; where
there are none, as long as the model's row has it. Where nothing is known of one of the requests,
nothing is said of all. What is on its way already takes what is left of its time; where it is later
than any before, nothing is known of it.
"""

from __future__ import annotations

import heapq
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.events import WaitExpected
from storyboard.models.run_times import RUN_TIMES
from storyboard.takes.holding import Standing

if TYPE_CHECKING:
    from storyboard.models.model import Model
    from storyboard.planning.planned import Plan, Purchase

ENOUGH = 3
"""So many requests of the very kind tell more than all of the endpoint."""
WATCHED = 3600.0
"""Seconds; what took longer was collected by a later run, and says nothing."""


@dataclass(frozen=True, slots=True)
class Lasted:
    """An earlier request, and how long it took."""

    endpoint: str
    arguments: Mapping[str, Any]
    seconds: float
    """From when it was sent until its answer was there."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """The quicker ones, the middle one and the slower ones of what is known."""

    least: float
    usual: float
    most: float
    requests: int

    def left(self, gone: float) -> _Spread | None:
        """What is left after so many seconds; None where it is later than any before."""
        if gone > self.most:
            return None
        least, usual, most = (max(0.0, one - gone) for one in (self.least, self.usual, self.most))
        return _Spread(least, usual, most, self.requests)


def expected(
    plan: Plan, before: Collection[Lasted], *, at_once: int, now: float, here: float | None = None
) -> WaitExpected | None:
    """How long the purchases of a plan take, so many at once, and what is on its way, by the time
    of `now`; None where that is not known, or nothing is to come.

    `here` is how long this machine works besides, at most, where that is known.
    """
    flying = [one for one in plan.purchases if one.holding.standing is Standing.FLYING]
    bought = [one for one in plan.purchases if one.buys]
    spreads = []
    for purchase in (*flying, *bought):
        spread = _spread(purchase, before)
        if spread is not None and not purchase.buys:
            spread = spread.left(now - (purchase.holding.since or now))
        if spread is None:
            return None
        spreads.append(spread)
    if not spreads:
        return None if here is None else WaitExpected(0, 0, 0.0, 0.0, 0.0, 0, here=here)
    together = min(at_once, len(spreads))
    return WaitExpected(
        takes=len(bought),
        at_once=together,
        usual=_through([one.usual for one in spreads], together),
        least=_through([one.least for one in spreads], together),
        most=_through([one.most for one in spreads], together),
        requests=min(one.requests for one in spreads),
        flying=len(flying),
        here=here,
    )


def _spread(purchase: Purchase, before: Collection[Lasted]) -> _Spread | None:
    model, arguments = purchase.model, purchase.request.arguments
    there = [
        one for one in before if one.endpoint in model.endpoints and 0 < one.seconds <= WATCHED
    ]
    alike = [one for one in there if _kind(model, one.arguments) == _kind(model, arguments)]
    took = sorted(one.seconds for one in (alike if len(alike) >= ENOUGH else there))
    if took:
        least, most = _quarters(took)
        return _Spread(least, statistics.median(took), most, len(took))
    said = RUN_TIMES.get(model.alias)
    return None if said is None else _Spread(said, said, said, 0)


def _kind(model: Model, arguments: Mapping[str, Any]) -> tuple[object, object]:
    """What a request's time hangs on: its length, and its resolution where that is chosen."""
    try:
        sold = model.sold(arguments)
    except (LookupError, ValueError, TypeError):  # sent by another version, or to another model
        return None, None
    return sold.seconds, sold.options.get("resolution")


def _quarters(took: Sequence[float]) -> tuple[float, float]:
    """The bounds of the middle half; of few, of all."""
    if len(took) <= ENOUGH:
        return took[0], took[-1]
    least, _, most = statistics.quantiles(took, n=4, method="inclusive")
    return least, most


def _through(seconds: Sequence[float], at_once: int) -> float:
    """When the last one ends, if each begins as soon as there is a turn for it, in this order."""
    free = [0.0] * at_once
    for one in seconds:
        heapq.heapreplace(free, free[0] + one)
    return max(free)
