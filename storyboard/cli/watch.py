"""`storyboard watch`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import WORKERS, finish_options, log_options, storyboard_options
from storyboard.cli.stopping import FREE
from storyboard.cli.working import Work
from storyboard.errors import InvalidStoryboard, StoryboardError

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile
    from storyboard.workflows.watch import Told


@click.command("watch")
@storyboard_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The draft film.")
@finish_options
@click.option("--once", is_flag=True, help="Make the film once, and end.")
@WORKERS
@log_options
def command(
    *,
    source: StoryboardFile,
    output: Path | None,
    finish: Finish,
    once: bool,
    workers: Hired | None,
    reporting: Reporting,
) -> int:
    """Keep FILE's animatic up to date while it is being written. Never spends.

    On each save of the storyboard, a picture or a sound: check, plan (what changed, what it would
    cost), draw what is new, and write the film again. Ctrl-C ends it. With --once, the exit code
    is that of what went wrong, as `validate` gives it.
    """
    code = 0
    with Work(reporting, workers=workers, words=FREE) as work:
        work.rest()  # until something is saved
        work.listen()
        for told in workflows.watch.watched(
            source, output, finish=finish, once=once, run=work.run()
        ):
            work.rest()
            _say(told, stopping=bool(work.stop))
            code = told.exit_code if isinstance(told, StoryboardError) else 0
    return code if once else 0


def _say(told: Told, *, stopping: bool) -> None:
    err, kinds = screen.err(), workflows.watch
    if isinstance(told, InvalidStoryboard):
        err.print(screen.text(told.drawn(), lines=True))
    elif isinstance(told, StoryboardError):
        if not stopping:
            err.print(screen.text(told, "red"))
    elif isinstance(told, kinds.Saved):
        err.print(screen.text(time.strftime("%H:%M:%S"), "bold"))
    elif isinstance(told, kinds.News):
        for line in told.lines:
            err.print(screen.text(line))
    else:
        screen.out().print(screen.text(f"{told.path}  {told.timeline.frames} frames"))
