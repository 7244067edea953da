"""`storyboard plan`."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import DRAFT, JSON, ONLY, RETRY, storyboard_options
from storyboard.cli.tables import plan_table

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile


@click.command("plan")
@storyboard_options
@DRAFT
@ONLY
@RETRY
@JSON
def command(
    *, source: StoryboardFile, draft: bool, only: Collection[str] | None, retry: bool, as_json: bool
) -> None:
    """Show what a render of FILE does and what it costs. Spends nothing, needs no key."""
    made = workflows.plan.planned(source, draft=draft, only=only, retry=retry)
    if as_json:
        screen.data(workflows.plan.as_data(made))
    else:
        out = screen.out()
        out.print(plan_table(made, width=out.width))
    screen.warn(made.warnings)
