"""`storyboard render`."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import (
    DRAFT,
    FAIL_ON,
    JSON,
    ONLY,
    RETRY,
    dollars,
    finish_options,
    loudness_options,
    parsed_kinds,
    parsed_only,
    storyboard_options,
)
from storyboard.errors import Unforeseen

if TYPE_CHECKING:
    from storyboard.planning.planned import Plan
    from storyboard.store import Store
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.render import Film

INCOMPLETE = 7
SEAMS = 9


@click.command("render")
@storyboard_options
@DRAFT
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The film. Default: FILE with .mp4."
)
@ONLY
@RETRY
@click.option("-y", "--yes", is_flag=True, help="Pay what the plan says without asking.")
@click.option("--max-cost", callback=dollars, metavar="USD", help="Pay, but never more than this.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 500),
    default=4,
    show_default=True,
    help="How many paid requests are on their way at once.",
)
@finish_options
@loudness_options
@FAIL_ON
@JSON
def command(**options: Any) -> int:
    """Make the film of FILE.

    What is in the store is used again; what is missing is generated. The price is shown and
    asked for before anything is paid; without a terminal, --yes or --max-cost has to allow it.
    """
    return render(**options)


def render(
    *,
    draft: bool,
    output: Path | None,
    only: str | None,
    retry: bool,
    yes: bool,
    max_cost: int | None,
    fail_on: str | None,
    as_json: bool,
    **rest: Any,
) -> int:
    """Render as `storyboard render` and `storyboard animatic` do; gives the exit code."""
    from storyboard.cli import screen
    from storyboard.cli.sources import Reading
    from storyboard.workflows import render as pipeline
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.preflight import refuse_full_disk

    kinds = parsed_kinds(fail_on)
    finish = Finish(**{f.name: rest.pop(f.name) for f in fields(Finish)})
    making = {name: rest.pop(name) for name in ("jobs", "quiet", "verbose")}
    read = Reading(**rest)
    storyboard = read.checked(draft=draft)
    chosen = parsed_only(only, (shot.id for shot in storyboard.shots))
    path = pipeline.output_for(storyboard, output, draft=draft, finish=finish, store=read.shelf)
    plan = pipeline.plan_with(
        storyboard, read.shelf, draft=draft, only=chosen, retry=retry, small=finish.preview
    )
    refuse_full_disk(plan, read.shelf, path, finish)
    screen.warn(plan.warnings)
    pipeline.allow(plan, cap=max_cost, approve=lambda priced: yes or _asked(priced))
    film = _made(plan, read.shelf, path, finish, max_cost=max_cost, draft=draft, **making)
    if as_json:
        screen.data(_data(film))
    else:
        _say(film)
    return _code(film, kinds)


def _made(
    plan: Plan,
    store: Store,
    path: Path,
    finish: Finish,
    *,
    max_cost: int | None,
    draft: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> Film:
    """The film, with its progress shown and Ctrl-C heard."""
    from storyboard.cli.progress import progress
    from storyboard.cli.stopping import FREE, SENDING, stoppable
    from storyboard.generating.terms import Run
    from storyboard.workflows import render as pipeline

    display = progress(quiet=quiet, verbose=verbose)
    with stoppable(FREE if draft else SENDING, tell=display.stopping) as stop, display:
        return pipeline.make(
            plan,
            store,
            path,
            finish=finish,
            run=Run(max_cost_microusd=max_cost, jobs=jobs, listener=display, stop=stop),
        )


def _code(film: Film, kinds: list[str]) -> int:
    if any(isinstance(failure.error, Unforeseen) for failure in film.failures):
        return Unforeseen.exit_code
    if not film.complete:
        return INCOMPLETE
    bad = any(set(seam.kinds) & set(kinds) for seam in film.report.seams)
    return SEAMS if bad else 0


def _asked(plan: Plan) -> bool:
    """Show the plan and ask. Nobody can answer without a terminal: then the answer is no."""
    from storyboard.cli import screen
    from storyboard.cli.tables import plan_table
    from storyboard.models import dollars

    err = screen.err()
    err.print(plan_table(plan, width=err.width))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        click.echo("no terminal to ask at; use --yes or --max-cost USD", err=True)
        return False
    return click.confirm(f"Pay {dollars(plan.price_microusd)}?", default=False, err=True)


def _data(film: Film) -> dict[str, Any]:
    return {
        "film": str(film.path),
        "beside": [str(path) for path in film.beside],
        "frames": film.timeline.frames,
        "rate": str(film.timeline.rate),
        "size": str(film.timeline.size),
        "seconds": float(film.timeline.seconds),
        "cost_microusd": film.cost_microusd,
        "complete": film.complete,
        "held": list(film.held),
        "sound": _sound(film),
        "seams": film.report.to_json(),
        "failures": [
            {
                "shot": failure.shot,
                "take": failure.take,
                "message": str(failure.error),
                "charged": failure.charged.value,
                "place": str(failure.place),
            }
            for failure in film.failures
        ],
    }


def _sound(film: Film) -> dict[str, Any] | None:
    """What was asked of the sound, and what it measures; silence has no numbers."""
    if film.level is None:
        return None
    silent = film.level.peak == float("-inf")
    return {
        "loudness_asked": film.timeline.loudness,
        "loudness_lufs": None if film.level.loudness == float("-inf") else film.level.loudness,
        "peak_dbtp": None if silent else film.level.peak,
        "limited_db": film.level.limited,
        "missed": film.loudness_missed,
    }


def _say(film: Film) -> None:
    from storyboard.cli import screen
    from storyboard.models import dollars
    from storyboard.units.timing import counted, decimal

    timeline, err = film.timeline, screen.err()
    for failure in film.failures:
        err.print(screen.text(failure, "red"))
    if film.held:
        err.print(screen.text(f"incomplete: {', '.join(film.held)} held as a still", "yellow"))
    _say_seams(film)
    if stamped := set(timeline.burn_in) & set(timeline.order):
        drafts = f"{len(stamped)} of {counted(len(timeline.order), 'shot')} stamped DRAFT"
        err.print(screen.text(f"{drafts}; --no-burn-in takes that off", "dim"))
    if film.loudness_missed:
        err.print(screen.text(film.loudness_missed, "yellow"))
    paid = f", {dollars(film.cost_microusd)} spent" if film.cost else ""
    facts = (
        f"{decimal(timeline.seconds, 2)} s, {timeline.frames} frames, {timeline.size} at "
        f"{decimal(timeline.rate)} frames per second{paid}"
    )
    screen.out().print(screen.text(film.path, "bold"), screen.text(f" {facts}"), sep="  ")
    for path in film.beside:
        screen.out().print(screen.text(path))


def _say_seams(film: Film) -> None:
    """What was measured where shots meet, in one line if all is well."""
    from storyboard.cli import screen
    from storyboard.reviewing.listing import table

    if not film.report.seams:
        return
    for line in table(film.report):
        screen.err().print(screen.text(line, "dim"))
    for done in film.fixes:
        was, now = ", ".join(done.before.kinds), ", ".join(done.after.kinds) or "good"
        screen.err().print(screen.text(f"fixed {done.before.before}: {was} -> {now}", "dim"))
