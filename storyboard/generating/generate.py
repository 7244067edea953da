"""Generating: run a plan. Reuse what is there, pick up what was sent, then send the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from storyboard.errors import Charged, Going, Interrupted, PriceRose, ServiceError, StoreError
from storyboard.events import State
from storyboard.generating import claiming
from storyboard.generating.again import KEPT_FOR
from storyboard.generating.attempt import Attempt
from storyboard.generating.backoff import Pace
from storyboard.generating.budget import Budget
from storyboard.generating.checking import see_nothing
from storyboard.generating.conductor import Conductor
from storyboard.generating.machines import Neighbours
from storyboard.generating.makers import MAKERS, FreeTake
from storyboard.generating.order import Order
from storyboard.generating.refusing import named_in, part_of
from storyboard.generating.scheduler import Brake, Job, Stop
from storyboard.generating.scheduler import run as work_off
from storyboard.generating.steps import advance
from storyboard.generating.submit import not_sent
from storyboard.generating.terms import USUAL_RUN
from storyboard.generating.twins import late_twins
from storyboard.ledger import disk
from storyboard.ledger.rows import OPEN, SETTLED, Caps
from storyboard.takes.holding import AFTER_REFUSAL, Standing
from storyboard.units.money import dollars, usd
from storyboard.units.timing import counted
from storyboard.workers import workers

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.clock import Clockwork
    from storyboard.generating.checking import Examine
    from storyboard.generating.conductor import Failure
    from storyboard.generating.terms import Run, Settings
    from storyboard.ledger.rows import Row
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.service import Service
    from storyboard.store import Store


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run brought: the clips by key, and what could not be had."""

    clips: Mapping[str, Path]
    failures: tuple[Failure, ...] = ()
    cost_microusd: int = 0
    """Micro-dollars that this run spent or may have spent."""

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return (
            f"<Generated {counted(len(self.clips), 'take')}{failed}, {dollars(self.cost_microusd)}>"
        )

    @property
    def cost(self) -> Decimal:
        """US dollars that this run spent or may have spent."""
        return usd(self.cost_microusd)

    def failure(self, shot: str, take: int) -> Failure | None:
        """Why this take could not be had."""
        return next((f for f in self.failures if (f.shot, f.take) == (shot, take)), None)


def generate(
    plan: Plan,
    store: Store,
    *,
    service: Service | None = None,
    examine: Examine = see_nothing,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Generated:
    """Bring every take of the plan into the store, and say what could not be had.

    `service` is needed when anything is to be bought or collected. `run` says how; a field of it
    may be given as a keyword instead. Its `max_cost` caps this run, the storyboard's budget all
    runs together. Drafts are drawn, and takes checked, by its executor. What `examine` (a module's
    own function) finds odd about a take is kept in its note.

    One failed shot does not lose the others. Raises `PriceRose` where the service asks for more
    than the plan says and nothing was paid, `Interrupted` after a wish to stop, once
    what was being sent is recorded; it lists what goes on at the service.
    """
    run = run.but(settings).accepting(plan.doubts)
    work = [(shot, take) for shot in plan.wanted for take in shot.takes]
    disk.require_room(store.folder, sum(take.buys for _, take in work))
    with ExitStack() as stack:
        stack.callback(store.close)
        conductor = _studio(plan, store, service, examine, run, stack)
        _note_arrived(store)
        _ready(conductor, work, stack)
        if any(take.standing.is_made_here for _, take in work):
            store.prepare(pays=bool(plan.price_microusd))
        found = [_job(conductor, shot, take) for shot, take in work]
        _run(conductor, [job for job in found if job], jobs=run.jobs)
        conductor.give_back()
        _run(conductor, list(_open_again(conductor, work)), jobs=run.jobs)
        spent = _settle(conductor, work)
    clips = store.clips(dict.fromkeys(take.key for _, take in work))
    return Generated(clips, tuple(conductor.failures), spent)


def _ready(
    conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]], stack: ExitStack
) -> None:
    """Whatever has to be in order before anything is uploaded or paid."""
    if any(not take.standing.is_made_here for _, take in work):
        _put_home(conductor)
    if conductor.plan.price_microusd:
        conductor.priced_after = conductor.store.ledger.newest()
        _meet(conductor, stack, {take.key for _, take in work if take.buys})
        if not conductor.stop:  # one that was wished for already: nothing is asked, either
            _agree(conductor, work)


def _settle(conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]]) -> int:
    """Close the run's books; gives what it cost. Raises a `PriceRose` by which nothing came."""
    _account(conductor, work)
    _share(conductor, work)
    spent = 0
    if conductor.plan.price_microusd:
        conductor.tell_trouble()
        spent = conductor.store.ledger.sums(run=conductor.run).total
    if isinstance(conductor.brake.reason, PriceRose) and not spent:
        raise conductor.brake.reason
    return spent


def _agree(conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """Ask for today's prices, and watch the budget, before anything is uploaded or paid."""
    conductor.tell_trouble()
    orders = {take.key: Order.planned(shot, take) for shot, take in work if take.price_microusd}
    try:
        conductor.prices.require_agreed(orders.values(), conductor.caps.run)
    except PriceRose as error:
        conductor.brake.pull(error)
    board = conductor.plan.storyboard
    edited = board.path if board.on_disk else None
    conductor.budget = Budget(edited, board.given, board.budget, conductor.notice)
    conductor.budget.begin()


def _meet(conductor: Conductor, stack: ExitStack, wanted: Collection[str] = ()) -> None:
    """End the claims that earlier runs have left, and those of this one when it ends."""
    store = conductor.store
    if store.claims is None:
        return
    claiming.settle_all(store, but=wanted)

    def leave() -> None:
        with suppress(StoreError):  # the next run does it
            claiming.settle_all(store)

    stack.callback(leave)


def _put_home(conductor: Conductor) -> None:
    """Put what was paid for into the media place, where an earlier run could not."""
    try:
        put = claiming.put_home(conductor.store, conductor.storyboard)
    except StoreError as error:
        conductor.notice(f"not in the media place: {error}")
        return
    if put:
        conductor.notice(f"{counted(len(put), 'take')} put into the media place, as was left to do")


def collect(
    plan: Plan,
    store: Store,
    *,
    service: Service,
    examine: Examine = see_nothing,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Generated:
    """Bring home what was sent before, and buy nothing: what is in flight, unknown, or damaged.

    That is everything the store's ledger has of this storyboard, also of shots that have left it
    or have changed since.
    """
    run = run.but(settings).but({"max_cost": None})
    with closing(store), ExitStack() as stack:
        conductor = _studio(plan, store, service, examine, run, stack)
        _note_arrived(store)
        _put_home(conductor)
        if store.rows():
            _meet(conductor, stack)
        _find_twins(conductor)
        rows = _to_collect(store, conductor.storyboard)
        orders = _orders(plan, rows)
        hopeful = {row.key for row in rows if row.state in SETTLED}
        attempts = [Attempt(conductor, order, hopeful=order.key in hopeful) for order in orders]
        jobs = [Job(partial(advance, attempt)) for attempt in attempts]
        _run(conductor, jobs, jobs=1)
        again = _contested(conductor, plan)
        _run(conductor, [Job(partial(advance, Attempt(conductor, one))) for one in again], jobs=1)
        orders += again
    clips = store.clips(dict.fromkeys(order.key for order in orders))
    return Generated(clips, tuple(conductor.failures))


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
    service: Service | None,
    examine: Examine,
    run: Run,
    stack: ExitStack,
) -> Conductor:
    return Conductor(
        plan=plan,
        store=store,
        given=service,
        caps=Caps(run.cap, plan.storyboard.budget),
        listener=run.listener,
        pace=run.pace or Pace(),
        brake=Brake(),
        clock=run.clock or store.clock,
        workers=stack.enter_context(workers(run.executor)),
        stop=Stop() if run.stop is None else run.stop,  # one that nobody wished for yet is false
        examine=examine,
        waits=run.waits,
        neighbours=_neighbours(plan, store, run.clock or store.clock),
    )


def _neighbours(plan: Plan, store: Store, clock: Clockwork) -> Neighbours | None:
    if store.claims is None:
        return None
    wanted = {take.key for shot in plan.shots for take in shot.takes}
    return Neighbours(store, clock, wanted | {row.key for row in store.rows()})


def _note_arrived(store: Store) -> None:
    """Write down what a killed run had brought home and not written down any more."""
    for row in store.rows():
        if row.state in ("SENT", "DONE") and store.has(row.key):
            with suppress(StoreError):  # on a read-only disk the takes are enough
                store.ledger.kept(row.intent)


def _find_twins(conductor: Conductor) -> None:
    """Take in what turned up after another payment for it was allowed."""
    rows = [row for row in conductor.store.rows() if row.storyboard == conductor.storyboard]
    if not any(row.state == "RELEASED" and row.request_id is None for row in rows):
        return
    try:
        twins = late_twins(conductor.store.ledger, rows, conductor.service)
    except ServiceError as error:
        conductor.notice(f"what was released can't be looked for: {error}")
        return
    for twin in twins:
        words = f"released before, and turned up all the same: it is collected as take {twin.take}"
        conductor.notice(words, twin.shot)


def _run(conductor: Conductor, work: list[Job], *, jobs: int) -> None:
    stop, brake = conductor.stop, conductor.brake
    left = work_off(work, window=jobs, stop=stop, brake=brake, clock=conductor.clock)
    if conductor.broken is not None:
        raise conductor.broken
    if stop and left:
        going = going_on(conductor.store, conductor.plan.storyboard.path)
        raise Interrupted(_stopped(going), going=going)


def _stopped(going: tuple[Going, ...]) -> str:
    if not going:
        return "stopped; nothing is on its way at the service"
    shots = ", ".join(dict.fromkeys(one.shot for one in going))
    cost = dollars(sum(one.cost_microusd for one in going))
    return (
        f"stopped; {shots} ({cost}) go on at the service. `storyboard resume` collects them, "
        "`storyboard cancel` cancels what is still queued"
    )


def _job(conductor: Conductor, shot: PlannedShot, take: PlannedTake) -> Job | None:
    order = Order.planned(shot, take)
    if take.standing is Standing.DONE:
        conductor.say(order, State.REUSED)
        return None
    if take.same_as:
        conductor.say(order, State.WAITING, detail=take.shared)
        return None
    if take.standing is Standing.REFUSED and not take.buys:
        names = named_in(take.holding.detail) or ("prompt",)
        conductor.fail(order, _not_again(take), part=part_of(order, names))
        return None
    if take.standing.is_made_here:
        return Job(FreeTake(conductor, order, MAKERS[take.model.maker]).begin)
    conductor.say(order, State.WAITING)
    return Job(partial(advance, Attempt(conductor, order)), spends=take.buys)


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


def _contested(conductor: Conductor, plan: Plan) -> list[Order]:
    """Takes that lost their clips to another request while that was collected: each is looked for
    by addresses of its own."""
    rows = _to_collect(conductor.store, conductor.storyboard)
    failed = {(failure.shot, failure.take) for failure in conductor.failures}
    return [
        order
        for order in _orders(plan, [row for row in rows if row.state in OPEN])
        if (order.shot, order.take) not in failed
    ]


def _orders(plan: Plan, rows: Iterable[Row]) -> list[Order]:
    """An order for each row: the plan's, where the plan still has it."""
    planned = {take.key: Order.planned(shot, take) for shot in plan.shots for take in shot.takes}
    found = []
    for row in rows:
        try:
            order = planned.get(row.key) or Order.left(row, plan.storyboard.models)
        except LookupError:  # a model that the table has no more: nobody can say what it costs
            continue
        found.append(order.collected())
    return found


def _open_again(conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]]) -> Iterator[Job]:
    """Takes with a request that this run has not looked at: they were at home by an id that turned
    out to be another's, or the brake kept them from their turn when they turned out to be paid."""
    failed = {(failure.shot, failure.take) for failure in conductor.failures}
    for shot, take in work:
        here = conductor.store.has(take.key) or (shot.id, take.number) in failed
        if here or take.same_as or take.standing.is_made_here:
            continue
        row = conductor.store.ledger.live(take.key)
        if row is not None and row.state in OPEN:
            order = Order.planned(shot, take).collected()
            yield Job(partial(advance, Attempt(conductor, order)))


def _not_again(take: PlannedTake) -> ServiceError:
    return ServiceError(f"{take.holding.detail.rstrip('.')}. Not sent again; {AFTER_REFUSAL}")


def _share(conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """What was made for one shot is there, or missing, for every shot that asks for the same."""
    failed = {(failure.shot, failure.take): failure for failure in conductor.failures}
    for shot, take in work:
        if not take.same_as or (shot.id, take.number) in failed:
            continue
        order, failure = Order.planned(shot, take), failed.get((take.same_as, take.number))
        if conductor.store.has(take.key):
            conductor.say(order, State.REUSED, detail=take.shared)
        elif failure is not None:
            conductor.fail(order, failure.error, charged=Charged.NO, state=failure.state)


def _account(conductor: Conductor, work: list[tuple[PlannedShot, PlannedTake]]) -> None:
    """Say of each take that the brake kept from being sent why it was not."""
    reason = conductor.brake.reason
    if reason is None:
        return
    known = {(failure.shot, failure.take) for failure in conductor.failures}
    for shot, take in work:
        if not conductor.store.has(take.key) and (shot.id, take.number) not in known:
            conductor.fail(Order.planned(shot, take), not_sent(reason))
