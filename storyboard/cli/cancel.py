"""`storyboard cancel`."""

from __future__ import annotations

from typing import Any

import click

from storyboard.cli.options import JSON, parsed_ids, storyboard_options


@click.command("cancel")
@storyboard_options
@click.option("--only", metavar="SHOTS", help="These shots alone: ids with commas between them.")
@click.option(
    "--running",
    is_flag=True,
    help="Those that run already, too: they may complete all the same, and may be charged.",
)
@JSON
def command(*, only: str | None, running: bool, as_json: bool, **reading: Any) -> None:
    """Give up what is still queued at the service for FILE. It costs nothing then."""
    from storyboard.accounting.decisions import cancel
    from storyboard.cli import screen
    from storyboard.cli.account import account
    from storyboard.cli.sources import Reading

    read = Reading(**reading)
    with account() as fal:
        done = cancel(read.shelf, read.file, fal, shots=parsed_ids(only), running=running)
    if as_json:
        screen.data(
            [
                {
                    "shot": one.shot,
                    "take": one.take,
                    "request_id": one.request_id,
                    "cancelled": one.cancelled,
                    "outcome": one.outcome,
                }
                for one in done
            ]
        )
        return
    for one in done:
        word = "cancelled, " if one.cancelled else ""
        screen.out().print(screen.text(f"{one.shot} take {one.take}: {word}{one.outcome}"))
    if not done:
        screen.out().print(screen.text("nothing is on its way"))
