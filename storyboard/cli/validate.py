"""`storyboard validate`."""

import json
from typing import Any

import click

from storyboard.cli.options import JSON, storyboard_options


@click.command("validate")
@storyboard_options
@JSON
def command(*, as_json: bool, **reading: Any) -> None:
    """Say every mistake in FILE, or that there is none."""
    from storyboard.cli.reading import Reading
    from storyboard.inert import inert

    storyboard = Reading(**reading).storyboard()
    shots = list(storyboard.shots)
    if as_json:
        about = {"file": str(storyboard.path), "valid": True, "shots": [s.id for s in shots]}
        click.echo(json.dumps(about, indent=2))
    else:
        scenes = len(storyboard.scenes)
        click.echo(
            f"{inert(str(storyboard.path))}: no mistakes; {len(shots)} shots, {scenes} "
            f"scene{'s' * (scenes != 1)}"
        )
