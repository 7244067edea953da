"""`storyboard status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.advice import command as command_for
from storyboard.cli.columns import Column, fitting
from storyboard.cli.options import JSON, storyboard_options
from storyboard.cli.screen import text
from storyboard.cli.tables import STYLES
from storyboard.takes.holding import Standing
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from storyboard.accounting.summary import Status, StatusLine
    from storyboard.workflows.source import StoryboardFile
    from storyboard.workflows.status import Standings


@click.command("status")
@storyboard_options
@JSON
def command(*, source: StoryboardFile, as_json: bool) -> None:
    """Show how every take of FILE stands: done, in flight, unknown, failed; and the money.

    Reads the store alone: needs no key and no network.
    """
    here = workflows.status.status(source)
    if as_json:
        screen.data(here.as_data())
        return
    out = screen.out()
    out.print(_table(here, out.width), *_sums(here.status), sep="\n")
    for line in here.lines():
        out.print(screen.text(line))
    for line in here.expiring:
        out.print(screen.text(line, "yellow"))


def _table(found: Standings, width: int) -> RenderableType:
    columns = (
        Column("shot"),
        Column("take", missed=1, right=True),
        Column("model", missed=5, cut=True),
        Column("state"),
        Column("money"),
        Column("age", missed=2, right=True),
        Column("request", missed=4, cut=True),
        Column("", missed=3, cut=True),
    )
    rows = [_row(found, line, STYLES[line.standing]) for line in found.status.lines]
    return fitting(columns, rows, width)


def _row(found: Standings, line: StatusLine, style: str) -> tuple[Text, ...]:
    on_its_way = line.age is not None and line.standing.value in ("in flight", "unknown")
    return (
        text(line.shot),
        text(line.take),
        text(line.model, "dim"),
        text(line.standing.value, style),
        text(f"{dollars(line.cost)} {_word(line)}" if line.cost else "-"),
        text(workflows.status.aged(line.age or 0) if on_its_way else "", "dim"),
        text(line.request_id, "dim"),
        text(line.detail or _odd(found, line), "dim"),
    )


def _odd(found: Standings, line: StatusLine) -> str:
    """What was measured to be wrong with it; what to do is said below the table."""
    return "" if line.left else ", ".join(found.odd(line.shot, line.take))


def _word(line: StatusLine) -> str:
    """What became of the money: of a take on its way it is only set aside."""
    if line.elsewhere:
        return "paid by another storyboard"
    if line.paid:
        return "paid"
    return _OPEN.get(line.standing, "possible")


_OPEN = {
    Standing.FLYING: "reserved",
    Standing.UNKNOWN: "reserved",
    Standing.CLAIMED: "paid elsewhere",
}


def _sums(found: Status) -> list[RenderableType]:
    sums = found.sums
    parts = [f"spent {dollars(sums.spent)}", f"reserved {dollars(sums.reserved)}"]
    if sums.possible:
        parts.append(f"possibly charged for what failed {dollars(sums.possible)}")
    if found.budget is not None:
        parts.append(f"budget {dollars(found.budget)}")
    lines: list[RenderableType] = [text(""), text(", ".join(parts))]
    if found.count(Standing.FLYING) or found.count(Standing.UNKNOWN):
        lines.append(
            text("`storyboard resume` collects what is in flight and looks for what is unknown")
        )
    undecided = [line for line in found.lines if line.standing in (Standing.LOST, Standing.UNKNOWN)]
    for shot in dict.fromkeys(line.shot for line in undecided):
        lines.append(text(f"`{command_for('resolve', shot, '--resubmit')}` lets it be paid again,"))
        lines.append(text(f"`{command_for('resolve', shot, '--abandon')}` gives it up"))
    return lines
