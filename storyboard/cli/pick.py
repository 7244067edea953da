"""`storyboard pick`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, shot_options
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.workflows.pick import Pick
    from storyboard.workflows.source import StoryboardFile


@click.command("pick")
@shot_options("TAKE")
@click.option("--dry-run", is_flag=True, help="Say what it means; write nothing.")
@JSON
def command(
    *, source: StoryboardFile, shot: str, words: list[str], dry_run: bool, as_json: bool
) -> None:
    """Put another TAKE of a SHOT of FILE into the film. Free.

    It is named by its number, counted from 1; `best` stands for the best one by measurement.
    One line of FILE changes (`pick:`), and a `clip:` that stood in its place goes; everything else
    in it, comments too, stays as it is.
    """
    word = words[0]
    if word != "best" and (not word.isdecimal() or int(word) < 1):
        raise click.UsageError(f"{word!r} is no take; write its number, counted from 1, or best")
    take: Any = word if word == "best" else int(word)
    done = workflows.pick.pick(source, shot, take, dry_run=dry_run)
    if as_json:
        screen.data(_data(done))
    else:
        screen.out().print(screen.text(_told(done)))


def _told(done: Pick) -> str:
    was = f", not {done.was or 'the clip'}" if done.was != done.take else ""
    where = f"{'best take' if done.take == 'best' else f'take {done.take}'}{was}"
    planned = done.planned
    price = f" ({dollars(planned.price_microusd)})" if planned.price_microusd else ""
    return f"{done.shot}: {where}: {planned.standing.value}{price}"


def _data(done: Pick) -> dict[str, object]:
    return {
        "shot": done.shot,
        "take": done.take,
        "was": done.was,
        "standing": done.planned.standing.value,
        "price_microusd": done.planned.price_microusd,
        "written": done.written,
    }
