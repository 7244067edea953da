"""The animatic: the film with drafts in place of takes that are not there yet. Free, offline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.generating.terms import USUAL_RUN
from storyboard.workflows.finish import USUAL
from storyboard.workflows.render import render

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.workflows.film_steps import Film
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.source import StoryboardFile


def animatic(
    source: StoryboardFile,
    output: Path | Sequence[Path] | None = None,
    *,
    versions: Collection[str] | None = None,
    finish: Finish = USUAL,
    run: Run = USUAL_RUN,
) -> Film:
    """The draft film, encoded quickly: it is looked at and made again."""
    return render(source, output, versions=versions, draft=True, finish=finish.quicker, run=run)
