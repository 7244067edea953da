"""`storyboard validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, storyboard_options
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.workflows.source import StoryboardFile


@click.command("validate")
@storyboard_options
@JSON
def command(*, source: StoryboardFile, as_json: bool) -> None:
    """Say every mistake in FILE, or that there is none.

    Its pictures and sounds are decoded. What is worth knowing before paying is said, too.
    """
    found = workflows.validate.validated(source)
    storyboard, warnings = found.storyboard, found.warnings
    shots = list(storyboard.shots)
    screen.warn(warnings)
    if as_json:
        about = {"file": str(storyboard.path), "valid": True, "shots": [s.id for s in shots]}
        screen.data(about | {"warnings": [str(warning) for warning in warnings]})
        return
    counts = [_counted(len(shots), "shot"), _counted(len(storyboard.scenes), "scene")]
    said = f", {_counted(len(warnings), 'warning')}" if warnings else ""
    screen.plain(f"{inert(str(storyboard.path))}: no mistakes{said}; {', '.join(counts)}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
