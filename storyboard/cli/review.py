"""`storyboard review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import DRAFT, JSON, WORKERS, reporting_options, storyboard_options
from storyboard.cli.stopping import FREE
from storyboard.cli.working import Work
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile


@click.command("review")
@storyboard_options
@DRAFT
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A folder, or one .html file with everything inside. Default: FILE with .review.",
)
@WORKERS
@reporting_options
@JSON
def command(
    *,
    source: StoryboardFile,
    draft: bool,
    output: Path | None,
    workers: Hired | None,
    reporting: Reporting,
    as_json: bool,
) -> None:
    """Write a page of FILE's film to be looked at: takes, seams, prices, notes.

    It works from a disk and can be mailed; it loads nothing from anywhere, and only shows.
    `storyboard serve` gives the same page with picking and notes. Spends nothing.
    """
    with Work(reporting, workers=workers, words=FREE) as work:
        if as_json:
            screen.data(workflows.review.review_document(source, draft=draft, run=work.run()))
            return
        made = workflows.review.review_page(source, output, draft=draft, run=work.run())
    megabytes = f"{made.bytes / 1e6:.1f} MB"
    screen.out().print(screen.text(f"{made.path}  {counted(made.files, 'file')}, {megabytes}"))
