"""The animatic: the film with drafts in place of takes that are not there yet. Free, offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storyboard.generating.terms import USUAL_RUN, Run
from storyboard.workflows.finish import USUAL, Finish
from storyboard.workflows.render import Film, render
from storyboard.workflows.source import StoryboardFile


def animatic(
    source: StoryboardFile,
    output: Path | None = None,
    *,
    finish: Finish = USUAL,
    run: Run = USUAL_RUN,
) -> Film:
    """The draft film, encoded quickly: it is looked at and made again."""
    return render(source, output, draft=True, finish=replace(finish, quick=True), run=run)
