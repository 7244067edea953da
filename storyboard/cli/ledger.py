"""`storyboard ledger`: costs, verify, rebuild, correct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import FILE, JSON, STORE, dollars, storyboard_options

if TYPE_CHECKING:
    from storyboard.accounting.rebuilding import Rebuilt
    from storyboard.cli.sources import Reading
    from storyboard.planning.planned import Plan

DAMAGED = 8
"""Exit code where something in the store is not as it was written."""


@click.group("ledger")
def command() -> None:
    """The books of a store: what was paid, whether all is there, and making them again."""


@command.command("costs")
@FILE
@STORE
@click.option("--all", "everything", is_flag=True, help="Every storyboard of the store.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@JSON
def costs_command(
    *, file: Path, store: Path | None, everything: bool, as_csv: bool, as_json: bool
) -> None:
    """Show each request of FILE: what it was estimated at, and what was charged."""
    from storyboard.accounting.costs import costs, csv_of
    from storyboard.cli import screen
    from storyboard.workflows.render import store_for

    shelf = store_for(file, store)
    found = costs(shelf, storyboard=None if everything else shelf.name_of(file))
    if as_csv:
        click.echo(csv_of(found), nl=False)
    elif as_json:
        total = sum(cost.micro for cost in found)
        screen.data({"requests": [c.as_data() for c in found], "total_usd": total / 1_000_000})
    else:
        screen.out().print(_table(found, everything=everything))


def _in_order(cost: Any) -> tuple[Any, ...]:
    """As a film is read: by storyboard, and by shot, 2 before 10."""
    parts = re.split(r"(\d+)", cost.row.shot.casefold())
    counted = [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
    return cost.row.storyboard, counted, cost.row.take


def _table(found: list[Any], *, everything: bool) -> Any:
    from rich.table import Table

    from storyboard.cli.screen import text
    from storyboard.models import dollars as priced

    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    total = priced(sum(cost.micro for cost in found))
    if everything:
        table.add_column("storyboard", overflow="fold")
    for name, footer in (("shot", "total"), ("take", ""), ("state", ""), ("charged", "")):
        table.add_column(name, footer)
    table.add_column("estimate", justify="right")
    table.add_column("cost", total, justify="right")
    table.add_column("request", overflow="fold")
    for cost in sorted(found, key=_in_order):
        row = cost.row
        exact = "" if row.actual is not None or not cost.micro else " (estimate)"
        table.add_row(
            *([text(row.storyboard)] if everything else []),
            text(row.shot),
            text(row.take),
            text(row.state.lower()),
            text(cost.charged.value),
            text(priced(row.estimate)),
            text(priced(cost.micro) + exact),
            text(row.request_id or "", "dim"),
        )
    return table


@command.command("verify")
@FILE
@STORE
@click.option("--mend", is_flag=True, help="Fetch damaged clips again, free; they stay until then.")
@JSON
def verify_command(*, file: Path, store: Path | None, mend: bool, as_json: bool) -> int:
    """Compare every take of FILE's store with its note, byte for byte, and check the ledger."""
    from storyboard.accounting.verifying import mend as mended
    from storyboard.accounting.verifying import verify
    from storyboard.cli import screen
    from storyboard.cli.account import account
    from storyboard.workflows.render import store_for

    shelf = store_for(file, store)
    found, done = verify(shelf), []
    if mend and any(one.key for one in found):
        with account() as fal:
            done = mended(shelf, found, fal)
    if as_json:
        screen.data(
            {
                "damaged": [{"path": one.where, "what": one.what} for one in found],
                "mended": [one.where for one in done if one.mended],
            }
        )
    else:
        for one in found:
            screen.out().print(screen.text(f"{one.where} {one.what}", "red"))
        for attempt in done:
            screen.out().print(screen.text(f"{attempt.where} {attempt.outcome}"))
        if not found:
            screen.out().print(screen.text("all is as it was written", "green"))
    return DAMAGED if found else 0


@command.command("rebuild")
@storyboard_options
@click.option("--offline", is_flag=True, help="From this disk alone: ask the service nothing.")
@click.option(
    "--even-so", is_flag=True, help="Buy on without the history's word, at the risk of twice."
)
@JSON
def rebuild_command(*, offline: bool, even_so: bool, as_json: bool, **reading: Any) -> None:
    """Make the ledger of FILE's store again. A broken one is kept aside; nothing is bought.

    From what can be read of the old one, page by page, from receipts, from the notes of the takes
    and, where there is a key, from the account's history. Where requests may be missing, nothing
    is bought before the history was asked for them.
    """
    from storyboard.accounting.rebuilding import rebuild
    from storyboard.cli import screen
    from storyboard.cli.account import account_if_any
    from storyboard.cli.sources import Reading

    read = Reading(**reading)
    with nullcontext() if offline else account_if_any() as fal:
        wanted = _wanted(read) if fal else None
        made = rebuild(read.shelf, plan=wanted, service=fal, even_so=even_so)
    if as_json:
        screen.data(
            {
                "old": str(made.old) if made.old else None,
                "salvaged": made.salvaged,
                "from_receipts": made.receipts,
                "from_notes": made.noted,
                "found_at_the_service": list(made.found),
                "may_have_gaps": made.doubt,
            }
        )
        return
    for line in _rebuilt(made):
        screen.out().print(screen.text(line))


def _wanted(read: Reading) -> Plan | None:
    """What the storyboard asks for; None where it has mistakes, which stops nothing here."""
    from storyboard.cli import screen
    from storyboard.errors import StoryboardError
    from storyboard.planning.plan import plan

    try:
        return plan(read.storyboard())
    except StoryboardError as error:
        words = f"nothing is looked for at the service, since the storyboard can't be read: {error}"
        screen.err().print(screen.text(words, "yellow"))
        return None


def _rebuilt(made: Rebuilt) -> Iterator[str]:
    if made.old:
        yield f"the old ledger is kept as {made.old}"
    yield (
        f"{made.salvaged} requests from the old ledger, {made.receipts} from receipts, "
        f"{made.noted} from notes of takes"
    )
    if made.found:
        shots = ", ".join(made.found)
        yield f"found at the service: {shots}; `storyboard resume` collects them"
    if made.doubt:
        yield "some may be missing: before anything is bought, the account's history is asked"


@command.command("correct")
@FILE
@click.argument("shot")
@click.option("--cost", required=True, callback=dollars, metavar="USD", help="What it really cost.")
@click.option("--request", metavar="ID", help="This request alone.")
@STORE
def correct_command(
    *, file: Path, shot: str, cost: int, request: str | None, store: Path | None
) -> None:
    """Say what a possibly charged request of SHOT really cost, by the service's bill.

    Each that came to nothing, or the one with --request. The journal says that you said so.
    """
    from storyboard.accounting.resolving import correct
    from storyboard.cli import screen
    from storyboard.workflows.render import store_for

    for one in correct(store_for(file, store), file, shot, cost, request=request):
        screen.out().print(screen.text(f"{one.shot} take {one.take}: {one.outcome}"))
