"""`storyboard adopt`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, log_options, shot_options
from storyboard.cli.working import Work
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.source import StoryboardFile


@click.command("adopt")
@shot_options("CLIP")
@click.option("--dry-run", is_flag=True, help="Check the clip and take it in; leave FILE.")
@log_options
@JSON
def command(
    *,
    source: StoryboardFile,
    shot: str,
    words: list[str],
    dry_run: bool,
    reporting: Reporting,
    as_json: bool,
) -> None:
    """Put a CLIP of your own into FILE in place of a SHOT's takes: a grade, VFX, real footage.

    It is copied into the store, known by its bytes, and named in FILE (`clip:`). Free: nothing is
    bought for the shot while it stands there, and no other shot changes. `storyboard pick` goes
    back to a take.
    """
    with Work(reporting, words="") as work:
        done = workflows.adopt.adopt(source, shot, Path(words[0]), dry_run=dry_run, run=work.run())
    if as_json:
        screen.data(
            {
                "shot": done.shot,
                "clip": done.clip,
                "key": done.key,
                "saved_microusd": done.saved_microusd,
                "notes": list(done.notes),
                "written": done.written,
            }
        )
        return
    saved = f"; {dollars(done.saved_microusd)} less to pay" if done.saved_microusd else ""
    screen.out().print(screen.text(f"{done.shot}: {done.clip}: adopted, $0.00{saved}"))
    for note in done.notes:
        screen.err().print(screen.text(f"{done.shot}: {note}", "yellow"))
