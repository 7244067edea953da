"""The cut, handed over to an editor's program: timelines, media, sheets, subtitles.

Works on the takes that are in the store; generates nothing, spends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from storyboard.annotating.placing import lost, noted
from storyboard.errors import MediaError
from storyboard.events import Began
from storyboard.exporting import manifest
from storyboard.exporting.media.naming import titled
from storyboard.exporting.package import Exported, export
from storyboard.generating.terms import USUAL_RUN
from storyboard.ledger import disk
from storyboard.safe_text import in_one_line
from storyboard.workflows.conform import all_takes, existing
from storyboard.workflows.finish import Finish
from storyboard.workflows.finishing import reshaped
from storyboard.workflows.new.shot_lists import as_csv
from storyboard.workflows.remarked import remarked
from storyboard.workflows.source import StoryboardFile, plan_with
from storyboard.workflows.versions import shaped

if TYPE_CHECKING:
    from storyboard.annotating.notes_file import Said
    from storyboard.exporting.media.files_of import Links
    from storyboard.exporting.media.pulls import Intermediate
    from storyboard.generating.terms import Run
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.timeline import Timeline
    from storyboard.units.sizes import Reframe, Size
    from storyboard.workflows.source import AnyFile

SHOT_LIST = "shotlist"
"""What is handed over where it is the storyboard's shots, as a table."""

NOTES = ("notes",)
"""What is handed over where it is nothing but what people said."""


class ExportOptions(TypedDict, total=False):
    """The options that are handed on to `export`."""

    intermediate: Intermediate | None
    handles: int | None
    start_timecode: str
    drop_frame: bool
    film: Path | str | None
    links: Links
    bake: bool


def export_cut(
    storyboard: AnyFile,
    folder: Path | str,
    *,
    formats: Collection[str] = ("all",),
    draft: bool = False,
    version: str | None = None,
    size: Size | None = None,
    reframe: Reframe | None = None,
    slate: bool = False,
    run: Run = USUAL_RUN,
    **options: Unpack[ExportOptions],
) -> Exported:
    """Hand a storyboard's cut over in `folder`, with all its takes and notes; see `export`.

    `version` is one of the storyboard's; `size` and `reframe` are another shape. Spends nothing.
    MediaError where shots are not there yet, and no `slate` may stand in for them.
    """
    source, folder = StoryboardFile.of(storyboard), Path(folder)
    store, board = source.store, source.storyboard(draft=draft)
    if SHOT_LIST in formats:
        return _with_shot_list(board, source, folder, formats)
    shape = shaped(board, Finish(size=size, reframe=reframe), version)
    plan = plan_with(board, store, draft=draft, small=True)
    timeline, held = existing(plan, store, executor=run.executor)
    said = remarked(board.path, plan)
    _refuse_lacking(() if slate or tuple(formats) == NOTES else held)
    run.listener(Began())
    made = export(
        noted(reshaped(timeline, shape), said.notes),
        folder,
        formats=formats,
        slate=slate,
        name=source.file.stem,
        called=version or (str(size) if size else ""),
        takes=all_takes(plan, store),
        listener=run.listener,
        **options,
    )
    return replace(made, notes=(*made.notes, *_unseen(timeline, said)))


def _with_shot_list(
    board: CheckedStoryboard, source: StoryboardFile, folder: Path, formats: Collection[str]
) -> Exported:
    """The storyboard's shots as a table, which `storyboard new` reads again. It needs no takes."""
    if len(formats) > 1:
        raise MediaError(f"`{SHOT_LIST}` is handed over alone; run the command once more for it")
    disk.refuse_inside(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise MediaError(f"{folder} can't be a folder: {cause.strerror}; name another") from cause
    place = folder.resolve()
    name = f"{titled(board.title, source.file.stem)}_{SHOT_LIST}.csv"
    text = as_csv(board, place).encode()
    made = manifest.place(place, name, text, held=manifest.read(place))
    return Exported((place / made,), ())


def _refuse_lacking(held: Collection[str]) -> None:
    if held:
        raise MediaError(
            f"not there yet: {', '.join(held)}; `storyboard render` makes them, `draft=True` hands "
            "drafts over, and `slate=True` slates"
        )


def _unseen(timeline: Timeline, said: Said) -> Iterator[str]:
    """What no marker can stand for: notes whose shot is gone, and lines that can't be read."""
    yield from said.unread
    for note in lost(timeline, said.notes):
        words = in_one_line(note.text)
        yield f"the film does not show {note.shot}, and so not its note: {words}"
