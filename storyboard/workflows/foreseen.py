"""How long the takes that are bought will take, by what this user's requests took before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.generating.terms import JOBS
from storyboard.ledger.user_record import UserRecord, usual_folder
from storyboard.planning.expecting import Lasted
from storyboard.planning.expecting import expected as expected_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.events import WaitExpected
    from storyboard.ledger.rows import Row
    from storyboard.planning.planned import Plan
    from storyboard.store import Store

_BROUGHT = ("DONE", "KEPT")


def expected_wait(plan: Plan, store: Store, *, jobs: int = JOBS) -> WaitExpected | None:
    """How long its purchases take, so many at once; None where nobody knows, or nothing is bought.

    Known are the requests of this store, and of all others of this user on this machine.
    """
    if not any(purchase.buys for purchase in plan.purchases):
        return None
    return expected_of(plan, list(_before(store)), at_once=jobs)


def _before(store: Store) -> Iterator[Lasted]:
    rows: dict[str, Row] = {row.intent: row for row in UserRecord(usual_folder()).brought()}
    rows |= {row.intent: row for row in store.rows() if row.state in _BROUGHT}
    for row in rows.values():
        if row.sent_at is not None and row.done_at is not None:
            arguments = row.canonical.get("arguments") or {}
            yield Lasted(row.endpoint, arguments, row.done_at - row.sent_at)
