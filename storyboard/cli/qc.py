"""`storyboard qc`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from storyboard.cli.options import DRAFT, FAIL_ON, JSON, parsed_kinds, storyboard_options
from storyboard.cli.render import SEAMS


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
    draft: bool,
    every: bool,
    pictures: Path | None,
    fail_on: str | None,
    as_json: bool,
    **reading: Any,
) -> int:
    """Measure the seams of FILE's film: duplicate, pause, jump, colour, soft, cut.

    The odd ones are listed with what to do about them; docs/seams.md says what is measured.
    Works on the takes that are in the store; generates nothing, spends nothing.
    """
    from storyboard.cli import screen
    from storyboard.cli.sources import Reading
    from storyboard.reviewing.listing import table
    from storyboard.reviewing.seams import review
    from storyboard.workflows import conform
    from storyboard.workflows import render as pipeline

    kinds, read = parsed_kinds(fail_on), Reading(**reading)
    storyboard = read.storyboard(draft=draft)
    plan = pipeline.plan_with(storyboard, read.shelf, draft=draft, small=True)
    timeline, held = conform.existing(plan, read.shelf)
    with pipeline.guarded(storyboard, read.shelf):
        report = review(timeline, pictures=pictures)
    if as_json:
        screen.data({**report.to_json(), "held": list(held)})
    else:
        for line in table(report, shown="all" if every else "odd"):
            screen.out().print(screen.text(line))
        if held:
            screen.err().print(screen.text(f"not there yet: {', '.join(held)}", "yellow"))
    bad = any(set(seam.kinds) & set(kinds) for seam in report.seams)
    return SEAMS if bad else 0
