"""`storyboard qc`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import DRAFT, FAIL_ON, JSON, storyboard_options
from storyboard.cli.render import SEAMS

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile


@click.command("qc")
@storyboard_options
@DRAFT
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a picture of both sides of each seam into this folder.",
)
@click.option("--all", "every", is_flag=True, help="List the good seams, too.")
@FAIL_ON
@JSON
def command(
    *,
    source: StoryboardFile,
    draft: bool,
    every: bool,
    pictures: Path | None,
    fail_on: Collection[str],
    as_json: bool,
) -> int:
    """Measure the seams of FILE's film: duplicate, pause, jump, colour, soft, cut.

    The odd ones are listed with what to do about them; docs/seams.md says what is measured.
    Works on the takes that are in the store; generates nothing, spends nothing.
    """
    found = workflows.qc.measured(source, draft=draft, pictures=pictures)
    if as_json:
        screen.data({**found.report.to_json(), "held": list(found.held)})
    else:
        for line in workflows.qc.table(found.report, shown="all" if every else "odd"):
            screen.out().print(screen.text(line))
        if found.held:
            screen.err().print(screen.text(f"not there yet: {', '.join(found.held)}", "yellow"))
    bad = any(set(seam.kinds) & set(fail_on) for seam in found.report.seams)
    return SEAMS if bad else 0
