"""How every take of a storyboard stands, and what has been spent. Read from the store alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.ledger.rows import OPEN
from storyboard.takes.holding import Standing
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row, Sums
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.store import Store

KEPT_FOR = 30 * 24 * 3600.0
"""Seconds for which the service is asked to keep a clip."""
WARNED_BEFORE = 10 * 24 * 3600.0
"""How long before that it is said."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One take, or a request for a take that has left the storyboard."""

    shot: str
    take: int
    standing: Standing
    price: int = 0
    """Micro-dollars that a render would pay for it."""
    cost: int = 0
    """Micro-dollars paid or reserved for it."""
    paid: bool = False
    """Whether they were spent for certain."""
    request_id: str = ""
    age: float | None = None
    """Seconds since it was sent."""
    detail: str = ""
    left: bool = False
    """Whether the storyboard asks for something else by now."""
    model: str = ""
    """What makes it; the endpoint's id of what has left the storyboard."""
    elsewhere: bool = False
    """Whether another storyboard of the store paid for it: it is used here, and not spent."""


@dataclass(frozen=True, slots=True)
class Status:
    """A storyboard's takes in its order, and its money in micro-dollars."""

    lines: tuple[StatusLine, ...]
    sums: Sums
    budget: int | None

    def count(self, standing: Standing) -> int:
        """How many takes stand so."""
        return sum(line.standing is standing for line in self.lines)

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "takes": [_data(line) for line in self.lines],
            "counts": {kind.value: self.count(kind) for kind in Standing if self.count(kind)},
            "spent_microusd": self.sums.spent,
            "reserved_microusd": self.sums.reserved,
            "possibly_charged_microusd": self.sums.possible,
            "budget_microusd": self.budget,
        }


def expiring(store: Store, storyboard: Path, *, now: float | None = None) -> list[str]:
    """What to say of each request whose clip is not here, and soon no more at the service."""
    here, name = store.clock.time() if now is None else now, store.name_of(storyboard)
    found = []
    for row in store.rows():
        until = (row.sent_at or row.intended_at) + KEPT_FOR
        waits = row.state in OPEN or (row.state == "KEPT" and not store.has(row.key))
        if row.storyboard == name and waits and until - here < WARNED_BEFORE:
            day = datetime.fromtimestamp(until).strftime("%Y-%m-%d")
            found.append(
                f"{', '.join(row.shots)} take {row.take} was paid and is not here: the service "
                f"keeps its clip until {day} at the longest; `storyboard resume` collects it"
            )
    return found


def status(plan: Plan, store: Store, *, now: float | None = None) -> Status:
    """How things stand with a plan's takes, and with what was sent for them before.

    Needs neither key nor network, and changes nothing.
    """
    name = store.name_of(plan.storyboard.path)
    everything = store.rows()
    rows = [row for row in everything if row.storyboard == name]
    shared = {row.key for row in everything} - {row.key for row in rows}
    here = store.clock.time() if now is None else now
    planned = [_planned(shot, take, here) for shot in plan.shots for take in shot.takes]
    taken = [take.key in shared for shot in plan.shots for take in shot.takes]
    wanted = [replace(line, elsewhere=own) for line, own in zip(planned, taken, strict=True)]
    keys = {take.key for shot in plan.shots for take in shot.takes}
    left = [_left(row, here) for row in rows if row.key not in keys and row.state in OPEN]
    sums = store.sums(plan.storyboard.path)
    return Status((*wanted, *left), sums, plan.storyboard.budget)


def _planned(shot: PlannedShot, take: PlannedTake, now: float) -> StatusLine:
    held = take.holding
    return StatusLine(
        shot=shot.id,
        take=take.number,
        standing=held.standing,
        price=take.price_microusd,
        cost=held.cost,
        paid=held.paid,
        request_id=held.request_id,
        age=None if held.since is None else max(0.0, now - held.since),
        detail=held.detail or take.shared,
        model=take.model.alias,
    )


def _left(row: Row, now: float) -> StatusLine:
    standing = Standing.UNKNOWN if row.state == "SENDING" else Standing.FLYING
    return StatusLine(
        shot=row.shot,
        take=row.take,
        standing=standing,
        cost=row.cost,
        paid=row.paid,
        request_id=row.request_id or "",
        age=max(0.0, now - (row.sent_at or row.intended_at)),
        detail="for an earlier version of the shot",
        model=row.endpoint,
        left=True,
    )


def _data(line: StatusLine) -> dict[str, Any]:
    return {
        "shot": line.shot,
        "take": line.take,
        "model": line.model,
        "standing": line.standing.value,
        "price_microusd": line.price,
        "cost_microusd": line.cost,
        "cost": dollars(line.cost),
        "request_id": line.request_id or None,
        "age_seconds": None if line.age is None else round(line.age, 1),
        "detail": line.detail,
        "left": line.left,
        "elsewhere": line.elsewhere,
    }
