"""`storyboard ledger`: costs, verify, rebuild, correct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.columns import Column, fitting
from storyboard.cli.options import (
    JSON,
    log_options,
    reporting_options,
    store_options,
    storyboard_options,
    usd,
)
from storyboard.cli.screen import text
from storyboard.cli.working import Work
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from storyboard.accounting.costs import Cost
    from storyboard.accounting.rebuilding import Rebuilt
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.source import StoryboardFile

_STATES = {"kept": "done", "done": "to be fetched"}
"""What the other commands call a state of the ledger."""

DAMAGED = 8
"""Exit code where something in the store is not as it was written."""


@click.group("ledger")
def command() -> None:
    """The books of a store: what was paid, whether all is there, and making them again."""


@command.command("costs")
@store_options
@click.option("--all", "everything", is_flag=True, help="Every storyboard of the store.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@JSON
def costs_command(*, source: StoryboardFile, everything: bool, as_csv: bool, as_json: bool) -> None:
    """Show each request of FILE: what it was estimated at, and what was charged."""
    found = workflows.ledger.costs(source, everything=everything)
    if as_csv:
        screen.plain(workflows.ledger.csv_of(found))
    elif as_json:
        total = sum(cost.micro for cost in found)
        screen.data({"requests": [c.as_data() for c in found], "total_usd": total / 1_000_000})
    else:
        screen.out().print(_table(found, everything=everything))


def _in_order(cost: Cost) -> tuple[Any, ...]:
    """As a film is read: by storyboard, and by shot, 2 before 10."""
    parts = re.split(r"(\d+)", cost.row.shot.casefold())
    counted = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return cost.row.storyboard, counted, cost.row.take


def _table(found: list[Cost], *, everything: bool) -> Table:
    columns = (
        *([Column("storyboard", cut=True)] if everything else []),
        Column("shot", footer="total"),
        Column("take", missed=3),
        Column("state"),
        Column("charged", missed=2),
        Column("estimate", missed=1, right=True),
        Column("cost", right=True, footer=dollars(sum(cost.micro for cost in found))),
        Column("request", missed=4, cut=True),
    )
    rows = [list(_cells(cost, everything=everything)) for cost in sorted(found, key=_in_order)]
    return fitting(columns, rows, screen.out().width)


def _cells(cost: Cost, *, everything: bool) -> Iterator[Text]:
    row = cost.row
    if everything:
        yield text(row.storyboard)
    exact = "" if row.actual is not None or not cost.micro else " (estimate)"
    yield text(", ".join(row.shots))
    yield text(row.take)
    yield text(_STATES.get(row.state.lower(), row.state.lower()))
    yield text(cost.charged.value)
    yield text(dollars(row.estimate))
    yield text(dollars(cost.micro) + exact)
    yield text(row.request_id or "", "dim")


@command.command("verify")
@store_options
@click.option("--mend", is_flag=True, help="Fetch damaged clips again, free; they stay until then.")
@reporting_options
@JSON
def verify_command(
    *, source: StoryboardFile, mend: bool, reporting: Reporting, as_json: bool
) -> int:
    """Compare every take of FILE's store with its note, byte for byte, and check the ledger."""
    with Work(reporting, words="") as work:
        found = workflows.ledger.verified(source, mend=mend, run=work.run())
    if as_json:
        screen.data(
            {
                "damaged": [{"path": one.where, "what": one.what} for one in found.damaged],
                "mended": [one.where for one in found.mended if one.mended],
            }
        )
    else:
        for one in found.damaged:
            screen.out().print(screen.text(f"{one.where} {one.what}", "red"))
        for attempt in found.mended:
            screen.out().print(screen.text(f"{attempt.where} {attempt.outcome}"))
        if not found.damaged:
            screen.out().print(screen.text("all is as it was written", "green"))
    return DAMAGED if found.damaged else 0


@command.command("rebuild")
@storyboard_options
@click.option("--offline", is_flag=True, help="From this disk alone: ask the service nothing.")
@click.option(
    "--even-so", is_flag=True, help="Buy on without the history's word, at the risk of twice."
)
@log_options
@JSON
def rebuild_command(
    *,
    source: StoryboardFile,
    offline: bool,
    even_so: bool,
    reporting: Reporting,
    as_json: bool,
) -> None:
    """Make the ledger of FILE's store again. A broken one is kept aside; nothing is bought.

    From what can be read of the old one, page by page, from receipts, from the notes of the takes,
    from this user's own record and, where there is a key, from the account's history. Where
    requests may be missing, nothing is bought before the history was asked for them.
    """
    with Work(reporting, words="") as work:
        made = workflows.ledger.rebuilt(source, offline=offline, even_so=even_so, listener=work)
    if as_json:
        screen.data(
            {
                "old": str(made.old) if made.old else None,
                "salvaged": made.salvaged,
                "from_receipts": made.receipts,
                "from_notes": made.noted,
                "from_the_users_record": made.recorded,
                "found_at_the_service": list(made.found),
                "may_have_gaps": made.doubt,
            }
        )
        return
    for line in _rebuilt(made):
        screen.out().print(screen.text(line))


def _rebuilt(made: Rebuilt) -> Iterator[str]:
    if made.old:
        yield f"the old ledger is kept as {made.old}"
    yield (
        f"{made.salvaged} requests from the old ledger, {made.receipts} from receipts, "
        f"{made.noted} from notes of takes, {made.recorded} from the user's record"
    )
    if made.found:
        shots = ", ".join(made.found)
        yield f"found at the service: {shots}; `storyboard resume` collects them"
    if made.doubt:
        yield "some may be missing: before anything is bought, the account's history is asked"


@command.command("correct")
@store_options
@click.argument("shot")
@click.option("--cost", required=True, callback=usd, metavar="USD", help="What it really cost.")
@click.option("--request", metavar="ID", help="This request alone.")
def correct_command(*, source: StoryboardFile, shot: str, cost: int, request: str | None) -> None:
    """Say what a possibly charged request of SHOT really cost, by the service's bill.

    Each that came to nothing, or the one with --request. The journal says that you said so.
    """
    for one in workflows.ledger.corrected(source, shot, cost, request=request):
        screen.out().print(screen.text(f"{one.shot} take {one.take}: {one.outcome}"))
