"""`storyboard cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, parsed_ids, storyboard_options

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile


@click.command("cancel")
@storyboard_options
@click.option("--only", metavar="SHOTS", help="These shots alone: ids with commas between them.")
@click.option(
    "--running",
    is_flag=True,
    help="Those that run already, too: they may complete all the same, and may be charged.",
)
@JSON
def command(*, source: StoryboardFile, only: str | None, running: bool, as_json: bool) -> None:
    """Give up what is still queued at the service for FILE. It costs nothing then."""
    done = workflows.cancel.cancelled(source, only=parsed_ids(only), running=running)
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
