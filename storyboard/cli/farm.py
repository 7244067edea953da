"""`storyboard farm`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, WORKERS, reporting_options, storyboard_options
from storyboard.cli.working import Work
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.farm import FarmPart
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile


def _part(
    context: click.Context, parameter: click.Parameter, written: str | None
) -> FarmPart | None:
    if written is None:
        return None
    try:
        return workflows.farm.FarmPart.parse(written)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} {error}", context, parameter) from error


@click.command("farm")
@storyboard_options
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Its folder."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The film. Default: FILE with .draft.mp4.",
)
@click.option("--preview", is_flag=True, help="Small and quick.")
@click.option("--draw", callback=_part, metavar="N/M", help="A task of the job: draw drafts.")
@click.option("--cut", is_flag=True, help="A task of the job: measure the cut.")
@click.option("--encode", callback=_part, metavar="N/M", help="A task of the job: encode pieces.")
@click.option("--join", is_flag=True, help="A task of the job: join them into the film.")
@WORKERS
@reporting_options
@JSON
def command(
    *,
    source: StoryboardFile,
    folder: Path | None,
    workers: Hired | None,
    reporting: Reporting,
    as_json: bool,
    **task: Any,
) -> None:
    """Write a job for a render farm that makes FILE's film: an Open Job Description.

    Paid shots are used, all others are drawn, as `render --draft` does; nothing in the job pays.
    The farm's machines see FILE, its pictures and the store under the same names. The job's tasks
    call this command with one of --draw, --cut, --encode and --join.
    """
    asked = [name for name in ("draw", "cut", "encode", "join") if task[name]]
    if len(asked) + (folder is not None) != 1:
        raise click.UsageError("give --to for a job, or one of its tasks")
    if folder is not None:
        _write(source, folder, task, as_json=as_json)
        return
    with Work(reporting, words="", workers=workers) as work:
        said = _done(asked[0], source, task, {"preview": task["preview"], "run": work.run()})
    if as_json:
        screen.data({"task": asked[0], "done": said})
    else:
        screen.out().print(screen.text(said))


def _done(name: str, source: StoryboardFile, task: Any, given: Any) -> str:
    """Do a task; gives what it came to."""
    if name == "draw":
        return counted(workflows.farm.drawn(source, task["draw"], **given), "take")
    if name == "cut":
        return counted(workflows.farm.measured(source, **given), "frame")
    if name == "encode":
        pieces = workflows.farm.encoded(source, task["output"], task["encode"], **given)
        return counted(pieces, "piece")
    return str(workflows.farm.joined(source, task["output"], **given).path)


def _write(source: StoryboardFile, folder: Path, task: Any, *, as_json: bool) -> None:
    made = workflows.farm.farm_job(source, folder, task["output"], preview=task["preview"])
    if as_json:
        screen.data({"files": [str(path) for path in made.files], "parts": made.parts})
        return
    for path in made.files:
        screen.out().print(screen.text(path))
    screen.err().print(screen.text(f"{counted(made.parts, 'task')} each draw and encode", "dim"))
