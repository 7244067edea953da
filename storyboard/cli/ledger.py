"""`storyboard ledger`: costs, verify, rebuild."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from storyboard.cli.options import FILE, JSON, STORE, storyboard_options

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
    from storyboard.books import costs, csv_of
    from storyboard.cli import screen
    from storyboard.pipeline import store_for

    shelf = store_for(file, store)
    found = costs(shelf, storyboard=None if everything else shelf.name_of(file))
    if as_csv:
        click.echo(csv_of(found), nl=False)
    elif as_json:
        total = sum(cost.micro for cost in found)
        screen.data({"requests": [c.as_data() for c in found], "total_usd": total / 1_000_000})
    else:
        screen.out().print(_table(found))


def _table(found: list[Any]) -> Any:
    from rich.table import Table

    from storyboard.cli.screen import text
    from storyboard.models import dollars

    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    total = dollars(sum(cost.micro for cost in found))
    for name, footer in (("shot", "total"), ("take", ""), ("state", ""), ("charged", "")):
        table.add_column(name, footer)
    table.add_column("estimate", justify="right")
    table.add_column("cost", total, justify="right")
    table.add_column("request", overflow="fold")
    for cost in found:
        row = cost.row
        exact = "" if row.actual is not None or not cost.micro else " (estimate)"
        table.add_row(
            text(row.shot),
            text(row.take),
            text(row.state.lower()),
            text(cost.charged.value),
            text(dollars(row.estimate)),
            text(dollars(cost.micro) + exact),
            text(row.request_id or "", "dim"),
        )
    return table


@command.command("verify")
@FILE
@STORE
@click.option("--mend", is_flag=True, help="Set damaged clips aside: they are fetched again, free.")
@JSON
def verify_command(*, file: Path, store: Path | None, mend: bool, as_json: bool) -> int:
    """Compare every take of FILE's store with its note, byte for byte, and check the ledger."""
    from storyboard.books import set_aside, verify
    from storyboard.cli import screen
    from storyboard.pipeline import store_for

    shelf = store_for(file, store)
    found = verify(shelf)
    moved = set_aside(shelf, found) if mend else []
    if as_json:
        screen.data(
            {
                "damaged": [{"path": str(one.path), "what": one.what} for one in found],
                "set_aside": [str(path) for path in moved],
            }
        )
    else:
        for one in found:
            screen.out().print(screen.text(f"{one.path} {one.what}", "red"))
        for path in moved:
            screen.out().print(screen.text(f"set aside as {path}"))
        if not found:
            screen.out().print(screen.text("all is as it was written", "green"))
    return DAMAGED if found else 0


@command.command("rebuild")
@storyboard_options
@click.option("--offline", is_flag=True, help="From the takes alone: ask the service nothing.")
@JSON
def rebuild_command(*, offline: bool, as_json: bool, **reading: Any) -> None:
    """Make the ledger of FILE's store again. The old one is kept aside; nothing is bought.

    From what can be read of the old one, from the notes of the takes and, where there is a key,
    from the account's history: what was in flight is found there.
    """
    from storyboard.books import rebuild
    from storyboard.cli import screen
    from storyboard.cli.account import account_if_any
    from storyboard.cli.reading import Reading
    from storyboard.plan import plan

    read = Reading(**reading)
    with nullcontext() if offline else account_if_any() as fal:
        wanted = plan(read.storyboard()) if fal else None
        made = rebuild(read.shelf, plan=wanted, fal=fal)
    if as_json:
        screen.data(
            {
                "old": str(made.old) if made.old else None,
                "salvaged": made.salvaged,
                "from_notes": made.noted,
                "found_at_the_service": list(made.found),
            }
        )
        return
    if made.old:
        screen.out().print(screen.text(f"the old ledger is kept as {made.old}"))
    words = f"{made.salvaged} requests from the old ledger, {made.noted} from notes of takes"
    screen.out().print(screen.text(words))
    if made.found:
        shots = ", ".join(made.found)
        screen.out().print(
            screen.text(f"found at the service: {shots}; `storyboard resume` collects them")
        )
