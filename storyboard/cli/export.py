"""`storyboard export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import DRAFT, JSON, loudness_options, parsed_ids, storyboard_options
from storyboard.errors import MediaError

if TYPE_CHECKING:
    from storyboard.exporting.package import Exported

HANDED_ON = ("intermediate", "handles", "start_timecode", "drop_frame", "film")
"""Options that are the library's, by the same names."""


@click.command("export")
@storyboard_options
@DRAFT
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), help="The folder to fill."
)
@click.option(
    "--for",
    "programs",
    default="all",
    show_default=True,
    metavar="NAMES",
    help="resolve, premiere, fcp, avid, shotcut, kdenlive, all; or formats: otio, xml, fcpxml, "
    "edl, mlt. With commas between them.",
)
@click.option(
    "--intermediate",
    type=click.Choice(["prores", "dnxhr"]),
    help="Transcode the media; left out, they are copied.",
)
@click.option("--handles", type=click.IntRange(0, 1000), help="Frames kept around each shot.")
@click.option("--slate", is_flag=True, help="Let slates stand in for shots that are not there.")
@click.option("--start-timecode", default="01:00:00:00", show_default=True)
@click.option("--drop-frame", is_flag=True, help="Count timecode drop-frame (29.97, 59.94).")
@click.option(
    "--film",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The finished film, to go along as the offline reference.",
)
@loudness_options
@JSON
def command(
    *,
    draft: bool,
    folder: Path,
    programs: str,
    slate: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Hand FILE's cut over to an editor's program: timelines, media, sheets, subtitles.

    Works on the takes that are in the store; generates nothing, spends nothing.
    """
    from storyboard.cli.progress import progress
    from storyboard.cli.sources import Reading
    from storyboard.exporting.package import export
    from storyboard.workflows import conform
    from storyboard.workflows.render import plan_with

    wanted = {name: options.pop(name) for name in HANDED_ON}
    read = Reading(**options)
    storyboard = read.storyboard(draft=draft)
    plan = plan_with(storyboard, read.shelf, draft=draft, small=True)
    timeline, held = conform.existing(plan, read.shelf)
    if not slate:
        _refuse(held)
    with progress(quiet=quiet, verbose=verbose) as display:
        made = export(
            timeline,
            folder,
            formats=parsed_ids(programs) or ["all"],
            slate=slate,
            name=read.file.stem,
            takes=conform.all_takes(plan, read.shelf),
            listener=display,
            **wanted,
        )
    _tell(made, as_json=as_json)


def _refuse(held: Sequence[str]) -> None:
    if held:
        raise MediaError(
            f"not there yet: {', '.join(held)}; `storyboard render` makes them, --draft hands "
            "drafts over, and --slate slates"
        )


def _tell(made: Exported, *, as_json: bool) -> None:
    from storyboard.cli import screen

    if as_json:
        screen.data({"files": [str(path) for path in made.files], "notes": list(made.notes)})
        return
    for path in made.files:
        screen.out().print(screen.text(path))
    for note in made.notes:
        screen.err().print(screen.text(note, "dim"))
