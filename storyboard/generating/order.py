"""An order: one take that is to be had, with everything that getting it needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from storyboard.models.request import Request
from storyboard.models.table import MODELS

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.ledger.rows import Row
    from storyboard.models.model import Model
    from storyboard.models.table import Table
    from storyboard.planning.planned import PlannedShot, PlannedTake


@dataclass(frozen=True, slots=True)
class Order:
    """A take of a shot of the plan, or of a shot that has left the storyboard since."""

    shot: str
    take: int
    key: str
    model: Model
    request: Request
    """Of a row that has left: without its pictures."""
    canonical: Mapping[str, Any]
    price: int
    """Micro-dollars, as planned."""
    may_buy: bool
    """Whether it may be paid for; else it is only collected."""
    size: tuple[int, int] | None = None
    """The start frame's width and height."""
    prompt: str = ""
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    """Where `shot`, `prompt`, `duration`, `start` and `end` are written."""
    covers: tuple[str, ...] = ()
    """The shots that show it."""

    @classmethod
    def planned(cls, shot: PlannedShot, take: PlannedTake) -> Order:
        """The order for a take of the plan."""
        return cls(
            shot=shot.id,
            take=take.number,
            key=take.key,
            model=take.model,
            request=take.request,
            canonical=take.canonical,
            price=take.price_microusd,
            may_buy=take.buys,
            size=shot.shot.start.shape,
            prompt=str(take.request.arguments.get("prompt", shot.shot.prompt)),
            places=take.purchase.places,
            covers=take.purchase.covers,
        )

    @classmethod
    def left(cls, row: Row, models: Table = MODELS) -> Order:
        """The order for a request that the ledger has and the plan has not: to be collected.

        LookupError where the table has no such model any more.
        """
        model, arguments = models.of_endpoint(row.endpoint), row.canonical.get("arguments", {})
        length = model.lengths.of(arguments.get(model.lengths.argument, 0))
        return cls(
            shot=row.shot,
            take=row.take,
            key=row.key,
            model=model,
            request=Request(row.endpoint, arguments, {}, marks=(Fraction(0), length)),
            canonical=row.canonical,
            price=row.estimate,
            may_buy=False,
            prompt=str(row.arguments.get("prompt", "")),
            covers=row.covers,
        )

    @property
    def endpoint(self) -> str:
        """Where it is sent to: a model may have another one for some of its requests."""
        return self.request.endpoint

    @property
    def seconds(self) -> Fraction:
        """The length that is asked for."""
        return self.request.seconds

    def collected(self) -> Order:
        """The same order, which may no longer be paid for."""
        return replace(self, may_buy=False)

    def place(self, part: str, otherwise: Place) -> Place:
        """Where this part of the shot is written; `otherwise` where it is nowhere."""
        return self.places.get(part) or self.places.get("shot") or otherwise
