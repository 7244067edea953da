"""`storyboard animatic`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli.options import (
    FAIL_ON,
    JSON,
    VERSIONS,
    WORKERS,
    finish_options,
    reporting_options,
    storyboard_options,
)
from storyboard.cli.render import told
from storyboard.cli.stopping import FREE
from storyboard.cli.working import Work

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile


@click.command("animatic")
@storyboard_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The film; may be given several times. Default: FILE with .draft.mp4.",
)
@VERSIONS
@finish_options
@WORKERS
@reporting_options
@FAIL_ON
@JSON
def command(
    *,
    source: StoryboardFile,
    output: tuple[Path, ...],
    versions: Collection[str] | None,
    finish: Finish,
    workers: Hired | None,
    reporting: Reporting,
    fail_on: Collection[str],
    as_json: bool,
) -> int:
    """Make the film of FILE from drafts: free, offline, with the film's own timing.

    The same as `render --draft`: shots that are paid for are used, all others are drawn.
    """
    with Work(reporting, workers=workers, words=FREE) as work:
        film = workflows.animatic.animatic(
            source, output, versions=versions, finish=finish, run=work.run()
        )
    return told(film, reporting, fail_on=fail_on, as_json=as_json)
