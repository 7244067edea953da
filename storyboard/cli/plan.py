"""`storyboard plan`."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.comparison import comparison_table
from storyboard.cli.options import DRAFT, JSON, ONLY, RETRY, storyboard_options
from storyboard.cli.tables import plan_table
from storyboard.cli.waiting import in_words

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile


@click.command("plan")
@storyboard_options
@DRAFT
@ONLY
@RETRY
@click.option(
    "--compare",
    metavar="MODELS",
    help="Show what FILE would cost with each of these models (a,b,c), shot by shot.",
)
@JSON
def command(
    *,
    source: StoryboardFile,
    draft: bool,
    only: Collection[str] | None,
    retry: bool,
    compare: str | None,
    as_json: bool,
) -> None:
    """Show what a render of FILE does and what it costs. Spends nothing, needs no key."""
    if compare is not None:
        names = [name.strip() for name in compare.split(",") if name.strip()]
        found = workflows.plan.compared(source, names)
        if as_json:
            screen.data([one.as_data() for one in found])
        else:
            screen.out().print(comparison_table(found, screen.out().width))
        return
    made = workflows.plan.plan_film(source, draft=draft, only=only, retry=retry)
    waiting = workflows.plan.expected_wait(made, source.store)
    if as_json:
        screen.data(workflows.plan.as_data(made, waiting))
    else:
        out = screen.out()
        out.print(plan_table(made, width=out.width))
        if waiting is not None:
            out.print(screen.text(in_words(waiting), "dim"))
    screen.warn(made.warnings)
