"""`storyboard plan`."""

from typing import Any

import click

from storyboard.cli.options import DRAFT, JSON, ONLY, RETRY, parsed_only, storyboard_options


@click.command("plan")
@storyboard_options
@DRAFT
@ONLY
@RETRY
@JSON
def command(*, draft: bool, only: str | None, retry: bool, as_json: bool, **reading: Any) -> None:
    """Show what a render of FILE does and what it costs. Spends nothing, needs no key."""
    from storyboard.cli import screen
    from storyboard.cli.sources import Reading
    from storyboard.cli.tables import plan_table
    from storyboard.planning.data import as_data
    from storyboard.workflows.render import plan_with

    read = Reading(**reading)
    storyboard = read.checked(draft=draft)
    chosen = parsed_only(only, (shot.id for shot in storyboard.shots))
    made = plan_with(storyboard, read.shelf, draft=draft, only=chosen, retry=retry)
    if as_json:
        screen.data(as_data(made))
    else:
        out = screen.out()
        out.print(plan_table(made, width=out.width))
    screen.warn(made.warnings)
