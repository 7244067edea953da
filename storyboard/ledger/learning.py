"""What a ledger learns from other witnesses: from receipts, and from the user's record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.ledger.rows import LIVE, SETTLED

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row
    from storyboard.ledger.sqlite import SqliteLedger
    from storyboard.ledger.user_record import Said, UserRecord


def take_in(ledger: SqliteLedger, row: Row) -> None:
    """Write down what another witness says of a request, and the ledger does not.

    What is known stays, but that it was accepted. A request whose key has another live one is
    money that was paid: it is written down as that.
    """
    known = ledger.find(row.intent)
    if known is None:
        if not ledger.adopt(row) and row.state in LIVE and row.request_id not in ledger.ids():
            with ledger.unwitnessed():
                ledger.adopt(replace(row, state="RELEASED", detail="paid beside another request"))
    elif known.state == "SENDING" and row.request_id:
        ledger.sent(row.intent, row.request_id, row.urls)
    elif known.state in SETTLED and known.request_id is None:
        if row.request_id:
            ledger.revive(known, request_id=row.request_id, urls=row.urls, result=None)
        elif row.state == "SENDING" and row.intended_at > (known.done_at or row.intended_at):
            ledger.reopen(row)


def catch_up(ledger: SqliteLedger, record: UserRecord, store: str) -> int:
    """Take in what the user's record knows of a store; gives how many requests were not known.

    What the record has missed is written down there.
    """
    here = {row.intent: row for row in ledger.rows()}
    unknown = 0
    said = record.said(store)
    for intent, there in said.items():
        known = here.get(intent)
        if known is None or _knows_less(known, there):
            row = record.row(store, intent)
            if row is not None:
                take_in(ledger, row)
                unknown += known is None
    for intent, row in here.items():
        if intent not in said or said[intent][0] == "SENDING" != row.state:
            record.put(store, ledger.row(intent))
    return unknown


def _knows_less(known: Row, there: Said) -> bool:
    state, request_id, at = there
    accepted = known.request_id is None and request_id is not None
    again = known.state == "REFUSED" and state == "SENDING" and at > (known.done_at or at)
    return accepted or again
