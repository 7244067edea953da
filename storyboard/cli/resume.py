"""`storyboard resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, WORKERS, reporting_options, storyboard_options
from storyboard.cli.working import Work
from storyboard.errors import Unforeseen

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.generating.generate import Generated
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile

LEFT = 6
"""Exit code where something could not be collected."""


@click.command("resume")
@storyboard_options
@WORKERS
@reporting_options
@JSON
def command(
    *,
    source: StoryboardFile,
    workers: Hired | None,
    reporting: Reporting,
    as_json: bool,
) -> int:
    """Bring home what was sent for FILE before. Buys nothing.

    Takes that are in flight are followed to their end, unknown ones are looked for, and damaged
    ones are fetched again; also those of shots that have left the storyboard since. The ledger
    alone is enough: a storyboard with mistakes is said, and stops nothing.
    """
    with Work(reporting, workers=workers) as work:
        done = workflows.resume.resumed(source, run=work.run())
    made = done.collected
    if as_json:
        screen.data(_data(made))
    else:
        _say(made)
    for line in done.expiring:
        screen.err().print(screen.text(line, "yellow"))
    if any(isinstance(failure.error, Unforeseen) for failure in made.failures):
        return Unforeseen.exit_code
    return LEFT if made.failures else 0


def _data(made: Generated) -> dict[str, Any]:
    return {
        "collected": {key: str(path) for key, path in made.clips.items()},
        "failures": [
            {
                "shot": failure.shot,
                "take": failure.take,
                "message": str(failure.error),
                "charged": failure.charged.value,
                "state": failure.state.value,
                "place": str(failure.place),
            }
            for failure in made.failures
        ],
    }


def _say(made: Generated) -> None:
    for failure in made.failures:
        screen.err().print(screen.text(failure, "red"))
    count = len(made.clips)
    words = f"{count} take{'s' * (count != 1)} collected" if count else "nothing to collect"
    screen.out().print(screen.text(words))
