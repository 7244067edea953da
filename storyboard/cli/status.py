"""`storyboard status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import JSON, storyboard_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from storyboard.books import Line, Status


@click.command("status")
@storyboard_options
@JSON
def command(*, as_json: bool, **reading: Any) -> None:
    """Show how every take of FILE stands: done, in flight, unknown, failed; and the money.

    Reads the store alone: needs no key and no network.
    """
    from storyboard.books import status
    from storyboard.cli import screen
    from storyboard.cli.reading import Reading
    from storyboard.pipeline import plan_with

    read = Reading(**reading)
    found = status(plan_with(read.storyboard(), read.shelf), read.shelf)
    if as_json:
        screen.data(found.as_data())
    else:
        screen.out().print(_table(found), *_sums(found), sep="\n")


def _table(found: Status) -> RenderableType:
    from rich.table import Table

    from storyboard.cli.tables import STYLES

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("shot", "take", "state", "paid", "age", "request", ""):
        table.add_column(name, no_wrap=name not in ("request", ""), overflow="fold")
    for line in found.lines:
        table.add_row(*_row(line, STYLES[line.standing]))
    return table


def _row(line: Line, style: str) -> tuple[RenderableType, ...]:
    from storyboard.cli.screen import text
    from storyboard.generate import aged
    from storyboard.models import dollars

    on_its_way = line.age is not None and line.standing.value in ("in flight", "unknown")
    return (
        text(line.shot),
        text(line.take),
        text(line.standing.value, style),
        text(dollars(line.cost) if line.cost else "-"),
        text(aged(line.age or 0) if on_its_way else "", "dim"),
        text(line.request_id, "dim"),
        text(line.detail, "dim"),
    )


def _sums(found: Status) -> list[RenderableType]:
    from storyboard.cli.screen import text
    from storyboard.models import dollars
    from storyboard.plan import Standing

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
    if found.count(Standing.LOST) or found.count(Standing.UNKNOWN):
        lines.append(text("`storyboard resolve` decides about what is unknown or lost"))
    return lines
