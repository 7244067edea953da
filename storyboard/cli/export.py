"""`storyboard export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import (
    DRAFT,
    JSON,
    REFRAME,
    SIZE,
    WORKERS,
    parsed_ids,
    reporting_options,
    storyboard_options,
)
from storyboard.cli.working import Work

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.exporting.package import Exported
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.source import StoryboardFile


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
    help="resolve, premiere, fcp, avid, protools, shotcut, kdenlive, all; or formats: otio, xml, "
    "fcpxml, edl, mlt; or aaf, otioz, stems, dailies, ayon, shotlist; or notes: them alone. With "
    "commas between them.",
)
@click.option(
    "--intermediate",
    type=click.Choice(["prores", "dnxhr"]),
    help="Transcode the media: to ProRes 422 HQ, or DNxHR HQX. Left out, they are copied.",
)
@click.option(
    "--links",
    type=click.Choice(["relative", "absolute"]),
    default="relative",
    show_default=True,
    help="How timelines name media: from where they lie themselves, or by their place on this "
    "disc, which Blender needs. An .xml can only do the latter.",
)
@click.option(
    "--bake",
    is_flag=True,
    help="One movie for each clip, with fit, speed and transitions in it: for programs that lose "
    "them. It can't be brought back.",
)
@click.option(
    "--version", metavar="NAME", help="One of the storyboard's versions. Default: the film."
)
@SIZE
@REFRAME
@click.option("--handles", type=click.IntRange(0, 1000), help="Frames kept around each shot.")
@click.option("--slate", is_flag=True, help="Let slates stand in for shots that are not there.")
@click.option("--start-timecode", default="01:00:00:00", show_default=True)
@click.option("--drop-frame", is_flag=True, help="Count timecode drop-frame (29.97, 59.94).")
@click.option(
    "--film",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The finished film, to go along as the offline reference.",
)
@WORKERS
@reporting_options
@JSON
def command(
    *,
    source: StoryboardFile,
    folder: Path,
    programs: str,
    workers: Hired | None,
    reporting: Reporting,
    as_json: bool,
    **options: Any,
) -> None:
    """Hand FILE's cut over to an editor's program: timelines, media, sheets, subtitles.

    Works on the takes that are in the store; generates nothing, spends nothing.
    """
    formats = parsed_ids(programs) or ["all"]
    with Work(reporting, workers=workers, words="") as work:
        made = workflows.hand_over.export_cut(
            source, folder, formats=formats, run=work.run(), **options
        )
    _tell(made, as_json=as_json)


def _tell(made: Exported, *, as_json: bool) -> None:
    if as_json:
        screen.data({"files": [str(path) for path in made.files], "notes": list(made.notes)})
        return
    for path in made.files:
        screen.out().print(screen.text(path))
    for note in made.notes:
        screen.err().print(screen.text(note, "dim"))
