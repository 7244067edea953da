"""The cut, handed over to an editor's program: timelines, media, sheets, subtitles.

Works on the takes that are in the store; generates nothing, spends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import MediaError
from storyboard.events import Began
from storyboard.exporting.package import export
from storyboard.generating.terms import USUAL_RUN
from storyboard.workflows.conform import all_takes, existing
from storyboard.workflows.finish import Finish, reshaped
from storyboard.workflows.source import plan_with
from storyboard.workflows.versions import shaped

if TYPE_CHECKING:
    from storyboard.exporting.package import Exported
    from storyboard.generating.terms import Run
    from storyboard.units.sizes import Reframe, Size
    from storyboard.workflows.source import StoryboardFile


def handed_over(
    source: StoryboardFile,
    folder: Path,
    *,
    formats: Iterable[str] = ("all",),
    draft: bool = False,
    version: str | None = None,
    size: Size | None = None,
    reframe: Reframe | None = None,
    slate: bool = False,
    run: Run = USUAL_RUN,
    **options: Any,
) -> Exported:
    """Hand the cut over in `folder`; all other options are those of `export`.

    `version` is one of the storyboard's; `size` and `reframe` are another shape of its own.

    MediaError where shots are not there yet, and no `slate` may stand in for them.
    """
    store, board = source.store, source.storyboard(draft=draft)
    finish = shaped(board, Finish(size=size, reframe=reframe), version)
    plan = plan_with(board, store, draft=draft, small=True)
    timeline, held = existing(plan, store, executor=run.executor)
    if held and not slate:
        raise MediaError(
            f"not there yet: {', '.join(held)}; `storyboard render` makes them, `draft=True` hands "
            "drafts over, and `slate=True` slates"
        )
    run.listener(Began())
    return export(
        reshaped(timeline, finish),
        folder,
        formats=formats,
        slate=slate,
        name=source.file.stem,
        called=version or (str(size) if size else ""),
        takes=all_takes(plan, store),
        listener=run.listener,
        **options,
    )
