"""`storyboard validate`."""

from typing import Any

import click

from storyboard.cli.options import JSON, storyboard_options


@click.command("validate")
@storyboard_options
@JSON
def command(*, as_json: bool, **reading: Any) -> None:
    """Say every mistake in FILE, or that there is none.

    Its pictures and sounds are decoded. What is worth knowing before paying is said, too.
    """
    from storyboard.cli import screen
    from storyboard.cli.sources import Reading
    from storyboard.cutting.clashes import clashes
    from storyboard.planning.plan import plan
    from storyboard.safe_text import inert

    storyboard = Reading(**reading).checked()
    warnings = (*storyboard.remarks, *clashes(plan(storyboard)))
    shots = list(storyboard.shots)
    screen.warn(warnings)
    if as_json:
        about = {"file": str(storyboard.path), "valid": True, "shots": [s.id for s in shots]}
        screen.data(about | {"warnings": [str(warning) for warning in warnings]})
        return
    counts = [_counted(len(shots), "shot"), _counted(len(storyboard.scenes), "scene")]
    said = f", {_counted(len(warnings), 'warning')}" if warnings else ""
    click.echo(f"{inert(str(storyboard.path))}: no mistakes{said}; {', '.join(counts)}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
