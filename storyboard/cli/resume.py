"""`storyboard resume`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import JSON, loudness_options, storyboard_options
from storyboard.errors import Unforeseen

if TYPE_CHECKING:
    from storyboard.cli.sources import Reading
    from storyboard.generating.generate import Generated
    from storyboard.planning.planned import Plan

LEFT = 6
"""Exit code where something could not be collected."""


@click.command("resume")
@storyboard_options
@loudness_options
@JSON
def command(*, quiet: bool, verbose: bool, as_json: bool, **reading: Any) -> int:
    """Bring home what was sent for FILE before. Buys nothing.

    Takes that are in flight are followed to their end, unknown ones are looked for, and damaged
    ones are fetched again; also those of shots that have left the storyboard since. The ledger
    alone is enough: a storyboard with mistakes is said, and stops nothing.
    """
    from storyboard.accounting.status import expiring
    from storyboard.cli import screen
    from storyboard.cli.account import account
    from storyboard.cli.progress import progress
    from storyboard.cli.sources import Reading
    from storyboard.cli.stopping import stoppable
    from storyboard.generating.generate import collect
    from storyboard.reviewing.oddities import oddities

    read = Reading(**reading)
    plan = _plan(read)
    display = progress(quiet=quiet, verbose=verbose)
    with account() as fal, stoppable(tell=display.stopping) as stop, display:
        made = collect(plan, read.shelf, service=fal, listener=display, stop=stop, examine=oddities)
    if as_json:
        screen.data(_data(made))
    else:
        _say(made)
    for line in expiring(read.shelf, read.file):
        screen.err().print(screen.text(line, "yellow"))
    if any(isinstance(failure.error, Unforeseen) for failure in made.failures):
        return Unforeseen.exit_code
    return LEFT if made.failures else 0


def _plan(read: Reading) -> Plan:
    """What the storyboard asks for; nothing where it can't be read, which is said."""
    from storyboard.cli import screen
    from storyboard.errors import InvalidStoryboard, MediaError
    from storyboard.planning.plan import nothing
    from storyboard.workflows.render import plan_with

    try:
        return plan_with(read.storyboard(), read.shelf)
    except (InvalidStoryboard, MediaError) as error:
        words = (
            f"the storyboard can't be read, and what was sent is collected all the same: {error}"
        )
        screen.err().print(screen.text(words, "yellow", lines=True))
        return nothing(read.file)


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
