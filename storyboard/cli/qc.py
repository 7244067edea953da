"""`storyboard qc`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import (
    DRAFT,
    FAIL_ON,
    JSON,
    WORKERS,
    reporting_options,
    storyboard_options,
)
from storyboard.cli.render import SEAMS
from storyboard.cli.stopping import FREE
from storyboard.cli.working import Work
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.qc import Measured
    from storyboard.workflows.source import StoryboardFile


@click.command("qc")
@storyboard_options
@DRAFT
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a picture of both sides of each seam into this folder.",
)
@click.option("--all", "every", is_flag=True, help="List the good seams and takes, too.")
@WORKERS
@reporting_options
@FAIL_ON
@JSON
def command(
    *,
    source: StoryboardFile,
    draft: bool,
    every: bool,
    pictures: Path | None,
    workers: Hired | None,
    reporting: Reporting,
    fail_on: Collection[str],
    as_json: bool,
) -> int:
    """Measure the seams of FILE's film, and its takes.

    The odd ones are listed with what to do about them; docs/seams.md and docs/takes.md say what is
    measured. A take is measured once: its numbers are kept in its note.
    Works on the takes that are in the store; generates nothing, spends nothing.
    """
    with Work(reporting, workers=workers, words=FREE) as work:
        found = workflows.qc.qc(source, draft=draft, pictures=pictures, run=work.run())
    if as_json:
        screen.data(_data(found))
    else:
        width = screen.out().width
        table = workflows.qc.table(found.report, shown="all" if every else "odd", width=width)
        for line in table:
            screen.out().print(screen.text(line))
        for line in _takes(found, every=every):
            screen.out().print(screen.text(line))
        for moved in found.moved:
            screen.out().print(screen.text(moved.line()))
        if found.held:
            screen.err().print(screen.text(f"not there yet: {', '.join(found.held)}", "yellow"))
    bad = any(set(seam.kinds) & set(fail_on) for seam in found.report.seams)
    return SEAMS if bad else 0


def _takes(found: Measured, *, every: bool) -> list[str]:
    """The odd takes with what to do about each, and the others counted; with `every`, all that
    was measured of all of them."""
    lines = [line for take in found.takes for line in take.lines()]
    if every:
        return [line for take in found.takes for line in (*take.table(), *take.lines())]
    good = sum(not take.findings for take in found.takes)
    if not found.takes:
        return lines
    if not lines:
        return [f"{counted(good, 'take')} measured, all good"]
    return [*lines, *([f"{counted(good, 'other take')} good"] if good else [])]


def _data(found: Measured) -> dict[str, Any]:
    takes = [
        {
            "shot": take.shot,
            "take": take.take,
            "key": take.key,
            "kinds": list(take.kinds),
            "measured": take.as_data(),
        }
        for take in found.takes
    ]
    return {
        **found.report.to_json(),
        "held": list(found.held),
        "takes": takes,
        "moved_keyframes": [one.as_data() for one in found.moved],
    }
