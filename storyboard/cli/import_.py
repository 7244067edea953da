"""`storyboard import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import DRAFT, JSON, cut_options, log_options
from storyboard.cli.working import Work

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.source import StoryboardFile
    from storyboard.workflows.take_back import TakenBack


@click.command("import")
@cut_options
@DRAFT
@click.option("--dry-run", is_flag=True, help="Show what changed; write nothing.")
@click.option("--strict", is_flag=True, help="Write nothing where anything is not taken over.")
@log_options
@JSON
def command(
    *,
    source: StoryboardFile,
    edited: Path,
    draft: bool,
    dry_run: bool,
    strict: bool,
    reporting: Reporting,
    as_json: bool,
) -> None:
    """Bring the cut EDITED in an editor's program back into FILE.

    EDITED is an .otio, .otioz, .xml (Final Cut Pro 7's), .fcpxml, .edl or .mlt; its content tells.

    Order, trims, speed, holds, transitions and dropped shots are written into FILE's `cut:` list,
    the last fade as its `ending`; everything else in it, comments too, stays as it is. No key
    changes, so nothing is paid again. What can't be understood exactly is refused, or said; what
    would not load and cut is never written. Black and footage that is no shot's stay; a version of
    a shot from outside, such as sh020_v003.mov, is adopted, and never bought. What markers say
    becomes notes, in FILE.notes.jsonl.
    """
    with Work(reporting, words="") as work:
        done = workflows.take_back.import_cut(
            source, edited, draft=draft, dry_run=dry_run, strict=strict, listener=work
        )
    _tell(done, as_json=as_json)


def _tell(done: TakenBack, *, as_json: bool) -> None:
    found, warnings = done.handback.changes, done.handback.warnings
    screen.warn(warnings)
    if done.drafts and not as_json:
        words = f"read with --draft: only drafts are there of {', '.join(done.drafts)}"
        screen.err().print(screen.text(words))
    if as_json:
        screen.data(
            {
                "kind": done.handback.kind,
                "changes": list(found.said),
                "notes": list(found.notes),
                "remarks": [note.as_data() for note in done.handback.remarks],
                "warnings": [str(warning) for warning in warnings],
                "written": done.written,
                "drafts": list(done.drafts),
            }
        )
        return
    for line in found.said or ("nothing was changed",):
        screen.out().print(screen.text(line))
    for said in done.handback.remarks:
        line = f"{said.shot}, frame {said.frame} of take {said.take}: {said.text}"
        screen.out().print(screen.text(line))
    for note in found.notes:
        screen.err().print(screen.text(note, "yellow"))
