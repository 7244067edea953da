"""`storyboard import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import DRAFT, JSON, storyboard_options

if TYPE_CHECKING:
    from storyboard.workflows.take_back import Handback


@click.command("import")
@click.argument("kind", type=click.Choice(["otio"]))
@click.argument("edited", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@storyboard_options
@DRAFT
@click.option("--dry-run", is_flag=True, help="Show what changed; write nothing.")
@JSON
def command(
    *, kind: str, edited: Path, draft: bool, dry_run: bool, as_json: bool, **reading: Any
) -> None:
    """Bring the cut EDITED in an editor's program back into FILE.

    Order, trims, speed, holds and dropped shots are written into FILE's `cut:` list; everything
    else in it, comments too, stays as it is. No key changes, so nothing is paid again. What can't
    be understood exactly is refused, or said; what would not load and cut is never written.
    """
    from storyboard.cli.sources import Reading
    from storyboard.workflows.take_back import hand_back, write

    read = Reading(**reading)
    done = hand_back(
        edited,
        read.text(),
        parsed=lambda text: read.parsed(text, draft=draft),
        store=read.shelf,
        draft=draft,
    )
    written = bool(done.changes) and not dry_run
    if written:
        write(read.file, done)
    _tell(done, kind=kind, written=written, as_json=as_json)


def _tell(done: Handback, *, kind: str, written: bool, as_json: bool) -> None:
    from storyboard.cli import screen

    found = done.changes
    screen.warn(done.warnings)
    if as_json:
        screen.data(
            {
                "kind": kind,
                "changes": list(found.said),
                "notes": list(found.notes),
                "warnings": [str(warning) for warning in done.warnings],
                "written": written,
            }
        )
        return
    for line in found.said or ("nothing was changed",):
        screen.out().print(screen.text(line))
    for note in found.notes:
        screen.err().print(screen.text(note, "yellow"))
