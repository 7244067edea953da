"""`storyboard import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from storyboard.cli.options import DRAFT, JSON, storyboard_options

MOST = 4_000_000
"""Bytes of a storyboard, as when it is loaded."""


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
    else in it, comments too, stays as it is. No key changes, so nothing is paid again.
    """
    from storyboard import files, footage, pipeline
    from storyboard.cli import screen
    from storyboard.cli.reading import Reading
    from storyboard.export import apply, changes, read_otio

    read = Reading(**reading)
    storyboard = read.storyboard(draft=draft)
    plan = pipeline.plan_with(storyboard, read.shelf, draft=draft)
    timeline, _ = footage.existing(plan, read.shelf)
    uncut, _ = footage.existing(plan, read.shelf, recut_too=False)
    found = changes(timeline, read_otio(edited), uncut=uncut)
    if as_json:
        screen.data({"kind": kind, "changes": list(found.said), "notes": list(found.notes)})
    else:
        for line in found.said or ("nothing was changed",):
            screen.out().print(screen.text(line))
        for note in found.notes:
            screen.err().print(screen.text(note, "yellow"))
    if found and not dry_run:
        text = files.read(read.file, limit=MOST).decode()
        files.write_whole(read.file, apply(text, found).encode())
