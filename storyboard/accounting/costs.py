"""The cost report: each request, what it was estimated at, and what was charged."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from storyboard.errors import Charged
from storyboard.safe_text import in_spreadsheet, inert

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row
    from storyboard.store import Store

COLUMNS = (
    "storyboard",
    "shot",
    "covers",
    "take",
    "endpoint",
    "request_id",
    "state",
    "charged",
    "estimate_usd",
    "cost_usd",
    "exact",
    "intended_at",
    "sent_at",
    "done_at",
)
"""The columns of the report, as CSV and as JSON."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One request in the report."""

    row: Row
    charged: Charged

    @property
    def micro(self) -> int:
        """Micro-dollars that it cost, or may have cost."""
        return 0 if self.charged is Charged.NO else self.row.cost

    def as_data(self) -> dict[str, Any]:
        """By column. `exact` tells whether the service has said what it charged."""
        row = self.row
        return {
            "storyboard": row.storyboard,
            "shot": row.shot,
            "covers": ", ".join(row.shots),
            "take": row.take,
            "endpoint": row.endpoint,
            "request_id": row.request_id or "",
            "state": row.state.lower(),
            "charged": self.charged.value,
            "estimate_usd": row.estimate / 1_000_000,
            "cost_usd": self.micro / 1_000_000,
            "exact": row.actual is not None,
            "intended_at": _moment(row.intended_at),
            "sent_at": _moment(row.sent_at),
            "done_at": _moment(row.done_at),
        }


def costs(store: Store, *, storyboard: str | None = None) -> list[Cost]:
    """Each request of the store, or of the storyboard of this name, in the order of payment."""
    return [
        Cost(row, _charged(row)) for row in store.rows() if storyboard in (None, row.storyboard)
    ]


def csv_of(found: list[Cost]) -> str:
    """The report as CSV, with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_harmless(cost.as_data()) for cost in found)
    return text.getvalue()


def _harmless(line: dict[str, Any]) -> dict[str, Any]:
    """The line with no command to a terminal and no formula for a spreadsheet in it."""
    return {
        name: in_spreadsheet(inert(value)) if isinstance(value, str) else value
        for name, value in line.items()
    }


def _charged(row: Row) -> Charged:
    if row.state in ("DONE", "KEPT", "LOST"):
        return Charged.YES
    if row.actual is not None:
        return Charged.YES if row.actual else Charged.NO
    return Charged.POSSIBLY


def _moment(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
