"""`storyboard doctor`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from storyboard import workflows
from storyboard.cli import advice, screen
from storyboard.cli.finding import USUAL, NoStoryboard, storyboard_in
from storyboard.cli.options import JSON, MEDIA, STORE

UNFIT = 8
"""Exit code where something has to be put right first."""


_STYLES = {"good": "green", "warning": "yellow", "bad": "red"}


@click.command("doctor")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@STORE
@MEDIA
@click.option("--online", is_flag=True, help="Ask the service, too: whether it takes the key.")
@JSON
def command(
    *, file: Path | None, store: Path | None, media: str | None, online: bool, as_json: bool
) -> int:
    """Check the key, the store of FILE and its media place, disk, encoder, clock, and versions.

    Without FILE, the store is the one that a storyboard in this folder would have. Spends
    nothing, and never shows the key.
    """
    if file is None:
        with suppress(NoStoryboard):
            file = storyboard_in(Path())
    advice.remember(file=file, store=store)
    source = workflows.source.StoryboardFile(file or Path(USUAL), store_folder=store, media=media)
    found = workflows.doctor.checkup(source.store, online=online)
    if as_json:
        screen.data([{"name": f.name, "grade": f.grade.value, "words": f.words} for f in found])
    else:
        for one in found:
            line = screen.text(f"{one.grade.value:8}", _STYLES[one.grade.value])
            line.append_text(screen.text(f"{one.name:11}", "bold"))
            line.append_text(screen.text(one.words))
            screen.out().print(line)
    return UNFIT if any(one.grade.value == "bad" for one in found) else 0
