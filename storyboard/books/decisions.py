"""What only the user can decide: about requests that are unknown or lost, and about giving up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from storyboard.errors import Charged, Expired, Refused, ServiceError, StoryboardError
from storyboard.fal import Fal, Receipt
from storyboard.generate import find_again
from storyboard.store import Row, Store


class Decision(Enum):
    """What becomes of a request that is unknown or lost."""

    RESUBMIT = "resubmit"
    """Another payment is allowed: the next render prices it and sends it."""
    ABANDON = "abandon"
    """Given up: neither looked for nor bought; the shot stays without this take."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What came of a decision about one take."""

    shot: str
    take: int
    outcome: str
    request_id: str = ""
    """Set where it was found again after all: then nothing was decided."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What came of giving up one request."""

    shot: str
    take: int
    request_id: str
    cancelled: bool
    outcome: str


def resolve(
    store: Store,
    storyboard: Path,
    shot: str,
    decision: Decision,
    *,
    take: int | None = None,
    fal: Fal | None = None,
) -> list[Resolved]:
    """Decide about the takes of a shot that are unknown, lost, or given up before.

    With `fal`, an unknown request is looked for once more, and only decided about when it is
    nowhere. StoryboardError where there is nothing to decide.
    """
    name = store.name_of(storyboard)
    undecided = [
        row
        for row in store.rows()
        if (row.storyboard, row.shot) == (name, shot)
        and row.state in ("SENDING", "LOST", "ABANDONED")
        and take in (None, row.take)
    ]
    if not undecided:
        raise StoryboardError(
            f"{shot} has nothing to resolve; `storyboard status` shows what is unknown or lost"
        )
    return [_resolved(store, row, decision, fal) for row in undecided]


def _resolved(store: Store, row: Row, decision: Decision, fal: Fal | None) -> Resolved:
    with store.alone(row.intent) as alone:
        if not alone:
            return Resolved(row.shot, row.take, "is being sent at this moment; nothing decided")
        looked = find_again(fal, store.ledger, row) if fal and row.state == "SENDING" else None
        found = looked.request_id if looked else None
        if found:
            words = "was found after all; `storyboard resume` collects it"
            return Resolved(row.shot, row.take, words, found)
        charged = Charged.YES if row.actual else Charged.POSSIBLY
        if decision is Decision.RESUBMIT:
            store.ledger.settle(row.intent, "RELEASED", "resubmit: by the user", charged=charged)
            return Resolved(row.shot, row.take, "the next render prices and sends it again")
        store.ledger.settle(row.intent, "ABANDONED", "given up by the user", charged=charged)
        return Resolved(row.shot, row.take, "given up; it is neither looked for nor bought")


def cancel(
    store: Store,
    storyboard: Path,
    fal: Fal,
    *,
    shots: Collection[str] | None = None,
    running: bool = False,
) -> list[Cancelled]:
    """Give up what is on its way for a storyboard: what is queued, and with `running` all of it.

    A queued request is removed and costs nothing. A running one may complete all the same, and
    is then collected like any other: its row follows the truth.
    """
    name = store.name_of(storyboard)
    rows = [row for row in store.rows() if row.storyboard == name and row.state == "SENT"]
    wanted = [row for row in rows if shots is None or row.shot in shots]
    return [_cancelled(store, fal, row, running=running) for row in wanted]


def _cancelled(store: Store, fal: Fal, row: Row, *, running: bool) -> Cancelled:
    receipt = Receipt(row.request_id or "", **row.urls)
    try:
        queued = fal.progress(receipt).state == "queued"
        if not queued and not running:
            return _said(row, "is running and paid; it is collected by `storyboard resume`")
        word = fal.cancel(receipt)
        store.ledger.note(row.intent, "cancel", word)
        gone = _is_gone(fal, receipt)
    except ServiceError as error:
        return _said(row, f"could not be cancelled: {error}")
    if not gone:
        return _said(row, f"goes on ({word}); `storyboard resume` collects it")
    charged = Charged.NO if queued else Charged.POSSIBLY
    store.ledger.settle(row.intent, "CANCELLED", "by the user", charged=charged)
    return _said(row, charged.value, cancelled=True)


def _is_gone(fal: Fal, receipt: Receipt) -> bool:
    """Whether the service says that nothing will come any more."""
    try:
        fal.result(receipt)
    except Expired:
        return True
    except Refused as error:
        return error.status == 499
    except ServiceError:
        return False
    return False


def _said(row: Row, outcome: str, *, cancelled: bool = False) -> Cancelled:
    return Cancelled(row.shot, row.take, row.request_id or "", cancelled, outcome)
