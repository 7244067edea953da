"""`storyboard resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import JSON, loudness_options, storyboard_options

if TYPE_CHECKING:
    from storyboard.generate import Generated

LEFT = 6
"""Exit code where something could not be collected."""


@click.command("resume")
@storyboard_options
@loudness_options
@JSON
def command(*, quiet: bool, verbose: bool, as_json: bool, **reading: Any) -> int:
    """Bring home what was sent for FILE before. Buys nothing.

    Takes that are in flight are followed to their end, unknown ones are looked for, and damaged
    ones are fetched again; also those of shots that have left the storyboard since.
    """
    from storyboard.cli import screen
    from storyboard.cli.account import account
    from storyboard.cli.progress import progress
    from storyboard.cli.reading import Reading
    from storyboard.cli.stopping import stoppable
    from storyboard.generate import collect
    from storyboard.pipeline import plan_with
    from storyboard.review.oddities import oddities

    read = Reading(**reading)
    plan = plan_with(read.storyboard(), read.shelf)
    display = progress(quiet=quiet, verbose=verbose)
    with account() as fal, stoppable(tell=display.stopping) as stop, display:
        made = collect(plan, read.shelf, fal=fal, listener=display, stop=stop, examine=oddities)
    if as_json:
        screen.data(_data(made))
    else:
        _say(made)
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
    from storyboard.cli import screen

    for failure in made.failures:
        screen.err().print(screen.text(failure, "red"))
    count = len(made.clips)
    words = f"{count} take{'s' * (count != 1)} collected" if count else "nothing to collect"
    screen.out().print(screen.text(words))
