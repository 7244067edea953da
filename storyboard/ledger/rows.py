"""What the ledger holds, as values: a request's row, a wish for one, caps, and sums of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LIVE = ("SENDING", "SENT", "DONE", "KEPT", "LOST", "ABANDONED")
"""The states of which a key has at most one row."""
STATES = ("SENDING", "REFUSED", "SENT", "DONE", "FAILED", "CANCELLED", "KEPT", "LOST", "ABANDONED",
          "RELEASED")  # fmt: skip
"""All states, in the order in which a request comes to them."""
OPEN = ("SENDING", "SENT", "DONE")
"""The states of requests that are not settled yet."""
PAID = ("DONE", "KEPT", "LOST")
"""The states in which a request's cost counts as spent, even where it is an estimate."""
DOUBTED = "resubmit: by the user, though "
"""How the words of a row begin that was released by a second yes; then comes the doubt."""
UNFETCHED = "could not fetch a picture"
"""What is said of a request that failed because its pictures were gone at the service."""
SETTLED = ("REFUSED", "FAILED", "CANCELLED", "LOST", "ABANDONED", "RELEASED")
"""The states of requests that came to nothing, as far as is known."""


OF_CONTENT = "refused (422)"
"""Stands in the words of a row whose content was refused: a mark, since the first version's day."""


def marked(detail: str, mark: str) -> str:
    """The words of a row, with this mark in them."""
    return detail if mark in detail else f"{mark}: {detail}"


JournalLine = tuple[float, str, str, str]
"""One line of the journal: when, of which intent, what happened, and its details."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the ledger knows it."""

    intent: str
    key: str
    storyboard: str
    shot: str
    take: int
    run: str
    endpoint: str
    canonical: dict[str, Any]
    arguments: dict[str, Any]
    """As sent, with the pictures' addresses."""
    state: str
    request_id: str | None
    urls: dict[str, str]
    result: dict[str, Any] | None
    estimate: int
    actual: int | None
    intended_at: float
    sent_at: float | None
    done_at: float | None
    detail: str
    account: str = ""
    """A fingerprint of the key's id, salted by the store; empty where it is not known."""
    covers: tuple[str, ...] = ()
    """The shots that its clip is for, in the order of the film; empty: `shot` alone."""

    @property
    def shots(self) -> tuple[str, ...]:
        """Every shot that shows something of its clip."""
        return tuple(dict.fromkeys((self.shot, *self.covers)))

    @property
    def cost(self) -> int:
        """Micro-dollars: what was charged where that is known, else the estimate."""
        return self.estimate if self.actual is None else self.actual

    @property
    def paid(self) -> bool:
        """Whether its cost was spent for certain, as the sums have it."""
        return self.state in PAID or (self.state in SETTLED and self.actual is not None)

    @property
    def refused(self) -> bool:
        """Whether the service would not make what was asked for: the same words get the same no.

        Its words say so.
        """
        return self.state in ("REFUSED", "FAILED") and OF_CONTENT in self.detail

    @property
    def unfetched(self) -> bool:
        """Whether the service could not fetch one of its pictures: not for what was asked for."""
        return self.state == "FAILED" and UNFETCHED in self.detail

    @property
    def risk_taken(self) -> bool:
        """Whether the user allowed another payment though nobody could say what became of it."""
        return self.state == "RELEASED" and self.detail.startswith(DOUBTED)


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that is about to be paid for."""

    key: str
    storyboard: str
    shot: str
    take: int
    run: str
    endpoint: str
    canonical: Mapping[str, Any]
    arguments: Mapping[str, Any]
    estimate: int
    account: str = ""
    payer: str = ""
    """A fingerprint of the same, equal in all stores: for the user's own record alone."""
    after: int | None = None
    """The ledger's newest row when the take was priced: what others sent since is followed."""
    covers: tuple[str, ...] = ()
    """The shots that its clip is for, where they are several."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be spent at the most, in micro-dollars; None: no cap."""

    run: int | None = None
    storyboard: int | None = None
    elsewhere: int = 0
    """What other machines have claimed for the storyboard, and no row here counts."""


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of one storyboard, or of one run, in micro-dollars."""

    spent: int = 0
    """Charged, or estimated where the service did not say."""
    reserved: int = 0
    """For requests that are not settled."""
    possible: int = 0
    """For requests that came to nothing and may have been charged."""

    @property
    def total(self) -> int:
        """What counts against a cap."""
        return self.spent + self.reserved + self.possible


class TakenAlready(Exception):
    """Someone else has a live request for the key, or made one since this take was priced.

    Not an error but an answer, which the engine always takes: it follows that one.
    """

    def __init__(self, row: Row) -> None:
        super().__init__(row.intent)
        self.row = row


def row_of_note(key: str, note: Mapping[str, Any]) -> Row:
    """The row of a take that is or was in the store, by its note."""
    cost = int(note.get("cost", 0))
    return Row(
        intent=str(note.get("intent") or f"rebuilt-{key}"),
        key=key,
        storyboard=str(note.get("storyboard", "")),
        shot=str(note.get("shot", "")),
        take=int(note.get("take", 1)),
        run=str(note.get("run", "rebuilt")),
        endpoint=str(note.get("endpoint", "")),
        canonical=dict(note.get("request") or {}),
        arguments=dict(note.get("arguments") or {}),
        state="KEPT",
        request_id=note.get("request_id"),
        urls=dict(note.get("urls") or {}),
        result=note.get("result"),
        estimate=int(note.get("estimate", cost)),
        actual=cost if note.get("charged") else None,
        intended_at=float(note.get("sent_at") or note.get("made_at") or 0),
        sent_at=note.get("sent_at"),
        done_at=note.get("made_at"),
        detail="",
        covers=tuple(map(str, note.get("covers") or ())),
    )


def payment_note(row: Row) -> dict[str, Any]:
    """What the take's note says of its payment."""
    return {
        "endpoint": row.endpoint,
        "request_id": row.request_id,
        "intent": row.intent,
        "run": row.run,
        "arguments": row.arguments,
        "urls": row.urls,
        "result": row.result,
        "cost": row.cost,
        "estimate": row.estimate,
        "charged": row.actual is not None,
        "sent_at": row.sent_at,
    }
