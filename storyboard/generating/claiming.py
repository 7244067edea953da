"""Claiming: before a key is paid for, it is claimed in the media place that several machines share.

    the ledger remembers that it claims       so that a claim can be told to be this store's
    the key is claimed                        of all machines, one comes first; the others follow it
    the take is not there by now              bought and brought home by one that came before
    ... pictures, intent, POST                under the intent's lock, while the claim still holds
    the claim ends                            where it came to nothing, so that others may buy

A claim never expires. One of this very store that has no request belongs to a run that was killed
before it sent anything, and is gone on with; any other is followed until its take is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.depot.claims import Claim, mark_of_claim, me, said_of
from storyboard.errors import Charged, ServiceError, StoreError
from storyboard.events import State
from storyboard.generating.attempt import AT_ONCE, Turn
from storyboard.ledger.rows import OPEN
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.rows import Row
    from storyboard.store import Store

FOLLOW, SELDOM = 15.0, 60.0
"""Seconds between looks at what others are buying: at first, and once it takes long."""


def claimed(attempt: Attempt, then: Callable[[Attempt], Wait]) -> Wait:
    """`then`, once the take's key is claimed; else what comes of somebody else's claim."""
    store, order = attempt.conductor.store, attempt.order
    if store.claims is None or attempt.claim is not None:
        return then(attempt)
    known = _still_bought(attempt)
    if known is not None:
        return follow(attempt, known)
    if not order.may_buy:
        return AT_ONCE if store.arrived(order.key) else then(attempt)
    if attempt.conductor.brake.reason is not None:
        return then(attempt)
    if attempt.aside:
        attempt.aside = False
        return Turn()
    intent = attempt.intent or attempt.next_intent
    store.ledger.remember(mark_of_claim(intent), order.key)
    holder = store.claims.take(_wanted(attempt, intent))
    if (holder.store, holder.intent) != (store.id, intent):
        store.ledger.forget(mark_of_claim(intent))
        return _own(attempt, holder) if store.owns(holder) else follow(attempt, holder)
    attempt.claim, attempt.followed = holder, None
    return AT_ONCE if store.arrived(order.key) else then(attempt)


def _wanted(attempt: Attempt, intent: str) -> Claim:
    store, order = attempt.conductor.store, attempt.order
    return Claim(
        key=order.key,
        store=store.id,
        intent=intent,
        who=me(),
        at=store.clock.time(),
        storyboard=attempt.conductor.storyboard,
        shot=order.shot,
        take=order.take,
        price=order.price,
    )


def holds(attempt: Attempt) -> bool:
    """Whether the claim is still this attempt's, right before it pays. It holds the intent's lock,
    without which nobody of this store ends it."""
    claims = attempt.conductor.store.claims
    if claims is None:
        return True
    holder, mine = claims.holder(attempt.order.key), attempt.claim
    if holder is None or mine is None:
        return False
    return (holder.n, holder.intent) == (mine.n, mine.intent)


def _own(attempt: Attempt, holder: Claim) -> Wait:
    """A run of this store has claimed it: that runs still, or was killed."""
    store = attempt.conductor.store
    with store.alone(holder.intent) as alone:
        if not alone:
            return attempt.pace.seconds(1.0)
        row = store.ledger.find(holder.intent)
        if row is None:  # killed before anything was sent: gone on with under its name
            attempt.next_intent, attempt.intent = holder.intent, ""
            return AT_ONCE
    settle(store, [holder])
    return AT_ONCE


# those of others


def follow(attempt: Attempt, holder: Claim) -> Wait:
    """Another machine buys it: wait for the take, or until the claim ends. The turn to spend is
    left to others meanwhile."""
    if attempt.followed is None or attempt.followed.n != holder.n:
        attempt.followed, attempt.heard = holder, attempt.clock.monotonic()
        attempt.say(State.WAITING, detail=_said(attempt, holder))
    patience = attempt.pace.seconds(attempt.pace.patience)
    if not attempt.conductor.waits or attempt.clock.monotonic() - attempt.heard > patience:
        return attempt.fail(_not_waited_for(attempt, holder), state=State.HELD)
    attempt.aside = True
    near, wait = attempt.conductor.neighbours, _pause(attempt)
    if near is not None:
        wait = max(wait, near.until_next(age=wait / 2))
    return Turn(wait, spends=False)


def still_followed(attempt: Attempt) -> Claim | None:
    """The claim that is followed, while it holds. Asks for nothing but what is listed for all takes
    of the run."""
    return None if attempt.followed is None else _still_bought(attempt)


def _pause(attempt: Attempt) -> float:
    """How long until the place is looked at again: a tenth of the time that it was followed."""
    first, seldom = attempt.pace.seconds(FOLLOW), attempt.pace.seconds(SELDOM)
    if attempt.followed is None:
        return first
    return min(seldom, max(first, (attempt.clock.monotonic() - attempt.heard) / 10))


def _still_bought(attempt: Attempt) -> Claim | None:
    """The claim of another machine that holds, by what was last listed of the place: one listing
    serves all that are followed."""
    near, age = attempt.conductor.neighbours, _pause(attempt) / 2
    if near is None:
        return None
    known, since = attempt.followed, attempt.heard
    return near.buying(attempt.order.key, age=age, known=known, since=since)


def _not_waited_for(attempt: Attempt, holder: Claim) -> ServiceError:
    return ServiceError(
        f"{_said(attempt, holder)}, for {dollars(holder.price)}; it is not bought twice. Run again "
        "when its take is there; where that machine is gone, `storyboard resolve --take-over` "
        "decides",
        charged=Charged.NO,
    )


def _said(attempt: Attempt, holder: Claim) -> str:
    return said_of(holder, now=attempt.conductor.store.clock.time())


# the end of one's own


def give_up(attempt: Attempt) -> None:
    """The take can't be had in this run: where it came to nothing, others may buy it at once."""
    if attempt.claim is not None:
        settle(attempt.conductor.store, [attempt.claim])
        attempt.claim = None


def settle(store: Store, claims: Iterable[Claim]) -> None:
    """End those of this store's claims that came to nothing, by its ledger."""
    for claim in claims:
        if store.claims is None or claim.ended or not store.owns(claim):
            continue
        with store.alone(claim.intent) as alone:
            row = store.ledger.find(claim.intent)
            if alone and store.ledger.live(claim.key) is None and not store.has(claim.key):
                store.claims.end(claim, _why(row), lost=_lost(row))
                store.ledger.forget(mark_of_claim(claim.intent))


def settle_all(store: Store, *, but: Collection[str] = ()) -> None:
    """The same for all that earlier runs have left, `but` for these keys, which this one goes on
    with; and claim what is on its way from here."""
    if store.claims is None or store.shared is None or not store.id:
        return
    last = {one.key: one for one in store.claims.last(but=store.shared.there())}
    settle(store, (claim for claim in last.values() if claim.key not in but))
    for row in store.rows():
        known = last.get(row.key)
        if row.state in OPEN and (known is None or known.ended) and not store.has(row.key):
            _claimed_late(store, row)


def _claimed_late(store: Store, row: Row) -> None:
    """Claim what was sent before this store had a media place, or its claim was seen to end."""
    if store.claims is not None:
        store.ledger.remember(mark_of_claim(row.intent), row.key)
        about = Claim(
            key=row.key,
            store=store.id,
            intent=row.intent,
            who=me(),
            at=row.sent_at or row.intended_at,
            storyboard=row.storyboard,
            shot=row.shot,
            take=row.take,
            price=row.estimate,
        )
        store.claims.take(about)


def put_home(store: Store, storyboard: str) -> list[str]:
    """Put what was kept here and not there, of a storyboard: the place could not be reached then.

    Gives the keys of what was put.
    """
    if store.shared is None:
        return []
    mine = [key for key in store.takes.keys() if _is_for(store, key, storyboard)]  # noqa: SIM118
    lacking = store.shared.missing_there(mine)
    return [key for key in lacking if shared_from_here(store, key)]


def shared_from_here(store: Store, key: str) -> bool:
    """Put a take that is here into the media place, and claim its key, which is never bought then;
    False where it was there."""
    if store.claims is None or store.shared is None:
        return False
    note = store.shared.folder.note(key)
    store.claims.take(
        Claim(
            key=key,
            store=store.id,
            intent=str(note.get("intent") or f"kept-{key}"),
            who=me(),
            at=float(note.get("sent_at") or note.get("made_at") or 0),
            storyboard=str(note.get("storyboard", "")),
            shot=str(note.get("shot", "")),
            take=int(note.get("take", 1)),
            price=int(note.get("cost", 0)),
        )
    )
    return store.shared.put(key)


def _is_for(store: Store, key: str, storyboard: str) -> bool:
    try:
        return store.note(key).get("storyboard") == storyboard
    except StoreError:
        return False


def _why(row: Row | None) -> str:
    return "nothing was sent" if row is None else f"{row.state.lower()}: {row.detail}"[:500]


def _lost(row: Row | None) -> int:
    """What may be gone of it, in micro-dollars."""
    return 0 if row is None else row.cost
