"""`storyboard cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, log_options, parsed_ids, storyboard_options
from storyboard.cli.working import Work

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.source import StoryboardFile


@click.command("cancel")
@storyboard_options
@click.option("--only", metavar="SHOTS", help="These shots alone: ids with commas between them.")
@click.option(
    "--running",
    is_flag=True,
    help="Those that run already, too: they may complete all the same, and may be charged.",
)
@log_options
@JSON
def command(
    *,
    source: StoryboardFile,
    only: str | None,
    running: bool,
    reporting: Reporting,
    as_json: bool,
) -> None:
    """Give up what is still queued at the service for FILE. It costs nothing then."""
    with Work(reporting, words="") as work:
        done = workflows.cancel.cancelled(
            source, only=parsed_ids(only), running=running, listener=work
        )
    if as_json:
        screen.data(
            [
                {
                    "shot": one.shot,
                    "covers": list(one.covers),
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
        shots = ", ".join(one.covers)
        word = "cancelled, " if one.cancelled else ""
        screen.out().print(screen.text(f"{shots} take {one.take}: {word}{one.outcome}"))
    if not done:
        screen.out().print(screen.text("nothing is on its way"))
