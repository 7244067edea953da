"""`storyboard animatic`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from storyboard.cli.options import (
    FAIL_ON,
    JSON,
    finish_options,
    loudness_options,
    storyboard_options,
)
from storyboard.cli.render import render


@click.command("animatic")
@storyboard_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The film. Default: FILE with .draft.mp4.",
)
@finish_options
@loudness_options
@FAIL_ON
@JSON
def command(**options: Any) -> int:
    """Make the film of FILE from drafts: free, offline, with the film's own timing.

    The same as `render --draft`: shots that are paid for are used, all others are drawn.
    """
    options["quick"] = True
    return render(draft=True, only=None, retry=False, yes=False, max_cost=None, jobs=4, **options)
