"""The film's seams and its takes, measured. Generates nothing, spends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.events import Began
from storyboard.generating.terms import USUAL_RUN
from storyboard.reviewing.limits import KINDS
from storyboard.reviewing.listing import table
from storyboard.reviewing.seams import review
from storyboard.units.timing import counted
from storyboard.workflows.choosing import chosen
from storyboard.workflows.conform import existing, memory_of
from storyboard.workflows.judge import judged_takes, telling
from storyboard.workflows.moved_keyframes import moved_keyframes
from storyboard.workflows.neighbours import with_neighbours
from storyboard.workflows.preflight import guarded
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.reviewing.judgement import Judgement
    from storyboard.reviewing.report import Report
    from storyboard.workflows.moved_keyframes import MovedKeyframe
    from storyboard.workflows.source import AnyFile

__all__ = ["KINDS", "Measured", "qc", "table"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, and which shots have only their still so far."""

    report: Report
    held: tuple[str, ...]
    takes: tuple[Judgement, ...] = ()
    """Every take that is there, judged; drafts are not."""
    moved: tuple[MovedKeyframe, ...] = ()
    """Keyframes within takes that came early or late."""

    def __repr__(self) -> str:
        return f"<Measured {counted(len(self.takes), 'take')}, {self.report!r}>"


def qc(
    storyboard: AnyFile,
    *,
    draft: bool = False,
    pictures: Path | str | None = None,
    run: Run = USUAL_RUN,
) -> Measured:
    """Measure the seams of a storyboard's film, and its takes. Generates nothing, spends nothing.

    `pictures` is a folder for a picture of each seam. What was measured before is not measured
    again. MediaError where a take can't be read.
    """
    source = StoryboardFile.of(storyboard)
    board, store = source.storyboard(draft=draft), source.store
    plan = plan_with(board, store, draft=draft, small=True)
    run.listener(Began())
    timeline, held = existing(plan, store, executor=run.executor, told=telling(run, "joins"))
    with guarded(board, store):
        memory, seams = memory_of(store), telling(run, "seams")
        report = review(
            timeline, pictures=pictures, executor=run.executor, memory=memory, told=seams
        )
        shown = chosen(plan, store, executor=run.executor)
        takes = judged_takes(shown, store, executor=run.executor, told=telling(run))
        takes = with_neighbours(takes, shown, store, executor=run.executor)
        return Measured(report, held, takes, moved_keyframes(plan, store))
