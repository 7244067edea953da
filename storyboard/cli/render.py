"""`storyboard render`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.asking import confirmed, render_options
from storyboard.cli.options import JSON, storyboard_options
from storyboard.cli.tables import plan_table
from storyboard.errors import Unforeseen
from storyboard.units.money import dollars
from storyboard.units.timing import counted, decimal

if TYPE_CHECKING:
    from storyboard.cli.asking import RenderAsked
    from storyboard.cli.reporting import Reporting
    from storyboard.rendering.pieces import Piece
    from storyboard.workflows.film_steps import Film
    from storyboard.workflows.source import StoryboardFile

INCOMPLETE = 7
SEAMS = 9


@click.command("render")
@storyboard_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The film; may be given several times. Default: FILE with .mp4.",
)
@render_options
@JSON
def command(
    *, source: StoryboardFile, output: tuple[Path, ...], asked: RenderAsked, as_json: bool
) -> int:
    """Make the film of FILE.

    What is in the store is used again; what is missing is generated. The price is shown and
    asked for before anything is paid; without a terminal, --yes or --max-cost has to allow it.
    """
    with asked.work() as work:
        film = workflows.render.render(
            source,
            output,
            approve=lambda plan: asked.yes or confirmed(plan_table, plan, work.expected),
            run=asked.run(work),
            **asked.terms,
        )
    return told(film, asked.reporting, fail_on=asked.fail_on, as_json=as_json)


def told(film: Film, reporting: Reporting, *, fail_on: Collection[str], as_json: bool) -> int:
    """Say what became of it; gives the exit code."""
    paths = (film.path, *(other.path for other in film.others))
    reporting.brought(paths, film.cost_microusd, [one.error for one in film.failures])
    if as_json:
        screen.data(film_data(film))
    else:
        _say(film)
    return _code(film, fail_on)


def _code(film: Film, kinds: Collection[str]) -> int:
    if any(isinstance(failure.error, Unforeseen) for failure in film.failures):
        return Unforeseen.exit_code
    if not film.complete:
        return INCOMPLETE
    bad = any(set(seam.kinds) & set(kinds) for seam in film.report.seams)
    return SEAMS if bad else 0


def film_data(film: Film) -> dict[str, Any]:
    """What became of a film, for programs."""
    return {
        "film": str(film.path),
        "beside": [str(path) for path in film.beside],
        "others": [
            {
                "version": other.name,
                "film": str(other.path),
                "size": str(other.timeline.size),
                "beside": [str(path) for path in other.beside],
            }
            for other in film.others
        ],
        "frames": film.timeline.frames,
        "rate": str(film.timeline.rate),
        "size": str(film.timeline.size),
        "seconds": float(film.timeline.seconds),
        "cost_microusd": film.cost_microusd,
        "complete": film.complete,
        "held": list(film.held),
        "join": [_piece(piece) for piece in film.pieces],
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


def _piece(piece: Piece) -> dict[str, Any]:
    """A run of the film's frames: a take's own packets, or encoded, and why."""
    return {
        "start": piece.stretch.start,
        "frames": piece.stretch.frames,
        "shots": sorted(piece.stretch.shots),
        "how": "kept" if piece.kept else "encoded",
        "why": piece.why,
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
    for other in film.others:
        screen.out().print(
            screen.text(other.path, "bold"), screen.text(f" {other.timeline.size}"), sep="  "
        )
        for path in other.beside:
            screen.out().print(screen.text(path))


def _say_seams(film: Film) -> None:
    """What was measured where shots meet, in one line if all is well."""
    if not film.report.seams:
        return
    for line in workflows.qc.table(film.report, width=screen.err().width):
        screen.err().print(screen.text(line, "dim"))
    for done in film.fixes:
        was, now = ", ".join(done.before.kinds), ", ".join(done.after.kinds) or "good"
        screen.err().print(screen.text(f"fixed {done.before.before}: {was} -> {now}", "dim"))
