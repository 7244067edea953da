"""`storyboard take`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.advice import command as command_for
from storyboard.cli.options import JSON, shot_options
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile
    from storyboard.workflows.take import OneMore


@click.command("take")
@shot_options()
@click.option("--dry-run", is_flag=True, help="Say what it costs; write nothing.")
@JSON
def command(*, source: StoryboardFile, shot: str, dry_run: bool, as_json: bool) -> None:
    """Ask for one more take of a SHOT of FILE, and show its price. Buys nothing.

    One number of FILE changes (`takes:`). The next render shows the price once more, and asks.
    """
    done = workflows.take.take(source, shot, dry_run=dry_run)
    if as_json:
        screen.data(_data(done, shot))
        return
    for line in _told(done, shot):
        screen.out().print(screen.text(line))


def _told(done: OneMore, shot: str) -> tuple[str, ...]:
    price, all_ = dollars(done.planned.price_microusd), dollars(done.price_microusd)
    budget = (
        "" if done.budget_microusd is None else f" of a budget of {dollars(done.budget_microusd)}"
    )
    return (
        f"{shot}: take {done.planned.number}: {done.planned.standing.value}, {price}",
        f"to pay now: {all_}{budget}; `{command_for('render')}` asks, and makes it",
    )


def _data(done: OneMore, shot: str) -> dict[str, object]:
    return {
        "shot": shot,
        "take": done.planned.number,
        "standing": done.planned.standing.value,
        "price_microusd": done.planned.price_microusd,
        "render_price_microusd": done.price_microusd,
        "budget_microusd": done.budget_microusd,
        "written": done.written,
    }
