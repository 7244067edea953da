"""`storyboard serve`."""

from __future__ import annotations

import webbrowser
from functools import partial
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.advice import pasteable
from storyboard.cli.options import WORKERS, log_options, storyboard_options
from storyboard.cli.stopping import FREE
from storyboard.cli.working import Work
from storyboard.errors import InvalidStoryboard, StoryboardError

if TYPE_CHECKING:
    from storyboard.cli.reporting import Reporting
    from storyboard.workflows.hiring import Hired
    from storyboard.workflows.serve import Told
    from storyboard.workflows.source import StoryboardFile


@click.command("serve")
@storyboard_options
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any that is free.")
@click.option("--open/--no-open", "opens", default=False, help="Open it in the browser.")
@click.option("--draft/--no-draft", default=True, help="Draw what is missing at each save: free.")
@WORKERS
@log_options
def command(
    *,
    source: StoryboardFile,
    port: int,
    opens: bool,
    draft: bool,
    workers: Hired | None,
    reporting: Reporting,
) -> None:
    """Open a page of FILE's film to work with: pick, order, note, approve, and follow a render.

    The page is on this machine alone, and the address that is printed lets one browser in, once.
    It writes to FILE and to FILE.notes.jsonl. It never pays: it shows prices and commands. While
    it runs, each save of FILE draws the animatic anew, as `watch` does. Ctrl-C ends it.
    """
    with Work(reporting, workers=workers, words=FREE) as work:
        work.rest()  # until somebody does something
        work.listen()
        for told in workflows.serve.served(
            source,
            port=port,
            draft=draft,
            grant=partial(workflows.wishes.granted, worded=pasteable),
            worded=pasteable,
            run=work.run(),
        ):
            _say(told, opens=opens)


def _say(told: Told, *, opens: bool) -> None:
    err = screen.err()
    if isinstance(told, InvalidStoryboard):
        err.print(screen.text(told.drawn(), lines=True))
    elif isinstance(told, StoryboardError):
        err.print(screen.text(told, "red"))
    elif isinstance(told, workflows.serve.PageOpened):
        screen.out().print(screen.text(told.address))
        if opens:
            webbrowser.open(told.address)
    else:
        err.print(screen.text(told.words, "dim"))
