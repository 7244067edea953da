"""Generating: run a plan. Reuse what is there, pick up what was sent, then send the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storyboard.errors import Charged, Going, Interrupted, PriceRose, ServiceError, StoreError
from storyboard.events import Listener, State, log
from storyboard.fal import Fal
from storyboard.generate.again import KEPT_FOR
from storyboard.generate.budget import Budget
from storyboard.generate.drawn import Sketch
from storyboard.generate.elsewhere import (
    DOUBT,
    Elsewhere,
    asks_for,
    late_twins,
    past_of,
    row_from,
    unexplained,
)
from storyboard.generate.engine import Brake, Job, Stop, run
from storyboard.generate.flight import Flight
from storyboard.generate.look import find_again
from storyboard.generate.order import Order
from storyboard.generate.pace import Pace, aged
from storyboard.generate.paid import advance
from storyboard.generate.send import not_sent
from storyboard.generate.studio import Examine, Failure, Studio, see_nothing
from storyboard.ledger import OPEN, SETTLED, Caps, Row, disk
from storyboard.models import dollars
from storyboard.plan import AFTER_REFUSAL, Plan, PlannedShot, PlannedTake, Standing
from storyboard.store import Store
from storyboard.timing import counted

__all__ = [
    "DOUBT",
    "Elsewhere",
    "Examine",
    "Failure",
    "Generated",
    "Order",
    "Pace",
    "Stop",
    "aged",
    "asks_for",
    "collect",
    "find_again",
    "generate",
    "going_on",
    "past_of",
    "row_from",
    "unexplained",
]

JOBS = 4


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run brought: the clips by key, and what could not be had."""

    clips: Mapping[str, Path]
    failures: tuple[Failure, ...] = ()
    cost: int = 0
    """Micro-dollars that this run spent or may have spent."""

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"<Generated {counted(len(self.clips), 'take')}{failed}, {dollars(self.cost)}>"

    def failure(self, shot: str, take: int) -> Failure | None:
        """Why this take could not be had."""
        return next((f for f in self.failures if (f.shot, f.take) == (shot, take)), None)


def generate(
    plan: Plan,
    store: Store,
    *,
    fal: Fal | None = None,
    jobs: int = JOBS,
    max_cost: int | None = None,
    listener: Listener = log,
    stop: Stop | None = None,
    pace: Pace | None = None,
    pool: Executor | None = None,
    examine: Examine = see_nothing,
) -> Generated:
    """Bring every take of the plan into the store, and say what could not be had.

    `fal` is needed when anything is to be bought or collected. At most `jobs` paid requests are
    on their way at once. `max_cost` caps this run, the storyboard's budget all runs together;
    both in micro-dollars. Drafts are drawn in `pool`, by default one thread for each core.
    What `examine` finds odd about a take is kept in its note.

    One failed shot does not lose the others. Raises `PriceRose` where the service asks for more
    than the plan says and nothing was paid, `Interrupted` after a wish to stop, once
    what was being sent is recorded; it lists what goes on at the service.
    """
    studio = _studio(plan, store, fal, max_cost, listener, pace, examine)
    work = [(shot, take) for shot in plan.wanted for take in shot.takes]
    disk.require_room(store.folder, sum(take.buys for _, take in work))
    with ExitStack() as stack:
        stack.callback(store.close)
        _note_arrived(store)
        if plan.price:
            studio.priced_after = store.ledger.newest()  # refused before anything is uploaded
            if not stop:  # one that was wished for already: nothing is asked, either
                _agree(studio, work)
        pool = _drawers(studio, work, pool, stack)
        found = [_job(studio, shot, take, pool) for shot, take in work]
        _run(studio, [job for job in found if job], jobs=jobs, stop=stop)
        spent = _settle(studio, work)
    clips = {take.key: store.clip(take.key) for _, take in work if store.has(take.key)}
    return Generated(clips, tuple(studio.failures), spent)


def _drawers(
    studio: Studio,
    work: list[tuple[PlannedShot, PlannedTake]],
    pool: Executor | None,
    stack: ExitStack,
) -> Executor | None:
    """Who draws the drafts, where there are any: the given pool, or one as long as the stack."""
    if any(take.standing is Standing.DRAW for _, take in work):
        studio.store.prepare()
        pool = pool or stack.enter_context(_cores())
    return pool


def _settle(studio: Studio, work: list[tuple[PlannedShot, PlannedTake]]) -> int:
    """Close the run's books; gives what it cost. Raises a `PriceRose` by which nothing came."""
    _account(studio, work)
    _share(studio, work)
    spent = studio.store.ledger.sums(run=studio.run).total if studio.plan.price else 0
    if isinstance(studio.brake.reason, PriceRose) and not spent:
        raise studio.brake.reason
    return spent


def _agree(studio: Studio, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """Ask for today's prices, and watch the budget, before anything is uploaded or paid."""
    orders = {take.key: Order.planned(shot, take) for shot, take in work if take.price}
    try:
        studio.prices.require_agreed(orders.values(), studio.caps.run)
    except PriceRose as error:
        studio.brake.pull(error)
    board = studio.plan.storyboard
    studio.budget = Budget(board.path, board.given, board.board.budget, studio.notice)
    studio.budget.begin()


def collect(
    plan: Plan,
    store: Store,
    *,
    fal: Fal,
    listener: Listener = log,
    stop: Stop | None = None,
    pace: Pace | None = None,
    examine: Examine = see_nothing,
) -> Generated:
    """Bring home what was sent before, and buy nothing: what is in flight, unknown, or damaged.

    That is everything the store's ledger has of this storyboard, also of shots that have left it
    or have changed since.
    """
    studio = _studio(plan, store, fal, None, listener, pace, examine)
    with closing(store):
        _note_arrived(store)
        _find_twins(studio)
        rows = _to_collect(store, studio.storyboard)
        orders = _orders(plan, rows)
        hopeful = {row.key for row in rows if row.state in SETTLED}
        flights = [Flight(studio, order, hopeful=order.key in hopeful) for order in orders]
        jobs = [Job(partial(advance, flight)) for flight in flights]
        _run(studio, jobs, jobs=1, stop=stop)
    clips = {order.key: store.clip(order.key) for order in orders if store.has(order.key)}
    return Generated(clips, tuple(studio.failures))


def going_on(store: Store, storyboard: Path) -> tuple[Going, ...]:
    """What is on its way for a storyboard at the service: paid, and to be collected."""
    name = store.name_of(storyboard)
    rows = [row for row in store.rows() if row.storyboard == name and row.state in OPEN]
    return tuple(
        Going(row.shot, row.take, row.request_id or "", row.cost)
        for row in sorted(rows, key=lambda row: (row.shot, row.take))
    )


def _studio(
    plan: Plan,
    store: Store,
    fal: Fal | None,
    max_cost: int | None,
    listener: Listener,
    pace: Pace | None,
    examine: Examine,
) -> Studio:
    return Studio(
        plan=plan,
        store=store,
        fal=fal,
        caps=Caps(max_cost, plan.storyboard.board.budget),
        listener=listener,
        pace=pace or Pace(),
        brake=Brake(),
        examine=examine,
    )


def _note_arrived(store: Store) -> None:
    """Write down what a killed run had brought home and not written down any more."""
    for row in store.rows():
        if row.state in ("SENT", "DONE") and store.has(row.key):
            with suppress(StoreError):  # on a read-only disk the takes are enough
                store.ledger.kept(row.intent)


def _find_twins(studio: Studio) -> None:
    """Take in what turned up after another payment for it was allowed."""
    rows = [row for row in studio.store.rows() if row.storyboard == studio.storyboard]
    if not any(row.state == "RELEASED" and row.request_id is None for row in rows):
        return
    try:
        twins = late_twins(studio.store.ledger, rows, studio.service)
    except ServiceError as error:
        studio.notice(f"what was released can't be looked for: {error}")
        return
    for twin in twins:
        words = f"released before, and turned up all the same: it is collected as take {twin.take}"
        studio.notice(words, twin.shot)


def _run(studio: Studio, work: list[Job], *, jobs: int, stop: Stop | None) -> None:
    stop = Stop() if stop is None else stop  # one that nobody has wished for yet is false
    left = run(work, window=jobs, stop=stop, brake=studio.brake, clock=studio.clock)
    if studio.broken is not None:
        raise studio.broken
    if stop and left:
        going = going_on(studio.store, studio.plan.storyboard.path)
        raise Interrupted(_stopped(going), going=going)


def _stopped(going: tuple[Going, ...]) -> str:
    if not going:
        return "stopped; nothing is on its way at the service"
    shots = ", ".join(dict.fromkeys(one.shot for one in going))
    cost = dollars(sum(one.cost for one in going))
    return (
        f"stopped; {shots} ({cost}) go on at the service. `storyboard resume` collects them, "
        "`storyboard cancel` cancels what is still queued"
    )


def _job(studio: Studio, shot: PlannedShot, take: PlannedTake, pool: Executor | None) -> Job | None:
    order = Order.planned(shot, take)
    if take.standing is Standing.DONE:
        studio.say(order, State.REUSED)
        return None
    if take.same_as:
        studio.say(order, State.WAITING, detail=f"same as {take.same_as}")
        return None
    if take.standing is Standing.REFUSED and not take.buys:
        studio.fail(order, _not_again(take), part="prompt")
        return None
    if shot.model.local:
        assert pool is not None
        return Job(Sketch(studio, shot, order, pool).begin)
    studio.say(order, State.WAITING)
    return Job(partial(advance, Flight(studio, order)), spends=take.buys)


def _to_collect(store: Store, storyboard: str) -> list[Row]:
    """A request for each key that has no clip here: what is on its way, or was kept and is gone;
    else what came to nothing, and had an id: it is looked at once more."""
    rows = [row for row in store.rows() if row.storyboard == storyboard and not store.has(row.key)]
    live = {row.key: row for row in rows if row.state in (*OPEN, "KEPT")}
    since = store.clock.time() - KEPT_FOR
    again = {
        row.key: row
        for row in rows
        if row.state in SETTLED and row.request_id and row.intended_at >= since
    }
    return list((again | live).values())


def _orders(plan: Plan, rows: Iterable[Row]) -> list[Order]:
    """An order for each row: the plan's, where the plan still has it."""
    planned = {take.key: Order.planned(shot, take) for shot in plan.shots for take in shot.takes}
    found = []
    for row in rows:
        try:
            order = planned.get(row.key) or Order.left(row)
        except LookupError:  # a model that the table has no more: nobody can say what it costs
            continue
        found.append(order.collected())
    return found


def _cores() -> Executor:
    """A thread for each core: drawing and encoding leave Python alone while they work.

    Processes would be a little faster, and would run a script that has no `__main__` guard again.
    """
    return ThreadPoolExecutor(os.cpu_count() or 1, "draft")


def _not_again(take: PlannedTake) -> ServiceError:
    return ServiceError(f"{take.holding.detail}. Not sent again; {AFTER_REFUSAL}")


def _share(studio: Studio, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """What was made for one shot is there, or missing, for every shot that asks for the same."""
    failed = {(failure.shot, failure.take): failure for failure in studio.failures}
    for shot, take in work:
        if not take.same_as or (shot.id, take.number) in failed:
            continue
        order, failure = Order.planned(shot, take), failed.get((take.same_as, take.number))
        if studio.store.has(take.key):
            studio.say(order, State.REUSED, detail=f"same as {take.same_as}")
        elif failure is not None:
            studio.fail(order, failure.error, charged=Charged.NO, state=failure.state)


def _account(studio: Studio, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """Say of each take that the brake kept from being sent why it was not."""
    reason = studio.brake.reason
    if reason is None:
        return
    known = {(failure.shot, failure.take) for failure in studio.failures}
    for shot, take in work:
        if not studio.store.has(take.key) and (shot.id, take.number) not in known:
            studio.fail(Order.planned(shot, take), not_sent(reason))
