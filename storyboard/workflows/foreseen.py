"""How long it will take, by what this user's requests and this machine's work took before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.generating.terms import JOBS
from storyboard.ledger.user_record import UserRecord, usual_folder
from storyboard.planning.expecting import Lasted
from storyboard.planning.expecting import expected as expected_of
from storyboard.takes.holding import Standing
from storyboard.workflows.gauging import known, seconds_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.events import WaitExpected
    from storyboard.ledger.rows import Row
    from storyboard.planning.planned import Plan
    from storyboard.store import Store
    from storyboard.workflows.finish import Finish

_BROUGHT = ("DONE", "KEPT")


def expected_wait(
    plan: Plan,
    store: Store,
    *,
    jobs: int = JOBS,
    films: Sequence[tuple[Plan, Finish]] = (),
    elsewhere: bool = False,
) -> WaitExpected | None:
    """How long its takes take, so many at once, and this machine's part; None where nobody knows,
    or nothing is to come.

    `films` are the files that are written, each with its plan; left out, the film as it usually is.
    Known are the requests of this store, and of all others of this user on this machine. Of work
    that is done `elsewhere`, nothing is said.
    """
    comes = any(one.buys or one.holding.standing is Standing.FLYING for one in plan.purchases)
    before = list(_before(store)) if comes else []
    here = None if elsewhere else seconds_here(plan, films, speeds=known())
    return expected_of(plan, before, at_once=jobs, now=store.clock.time(), here=here)


def _before(store: Store) -> Iterator[Lasted]:
    rows: dict[str, Row] = {row.intent: row for row in UserRecord(usual_folder()).brought()}
    rows |= {row.intent: row for row in store.rows() if row.state in _BROUGHT}
    for row in rows.values():
        if row.sent_at is not None and row.done_at is not None:
            arguments = row.canonical.get("arguments") or {}
            yield Lasted(row.endpoint, arguments, row.done_at - row.sent_at)
