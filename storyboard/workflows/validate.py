"""Whether a storyboard has mistakes. Its pictures and sounds are decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.cutting.clashes import clashes
from storyboard.planning import shapes
from storyboard.planning.planner import plan

if TYPE_CHECKING:
    from storyboard.errors import Mistake
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.workflows.source import StoryboardFile


@dataclass(frozen=True, slots=True)
class Validated:
    """A storyboard without mistakes, and what is worth knowing before paying."""

    storyboard: CheckedStoryboard
    warnings: tuple[Mistake, ...]


def validated(source: StoryboardFile) -> Validated:
    """The storyboard; `InvalidStoryboard` with every mistake in it."""
    storyboard = source.checked()
    made = plan(storyboard)
    return Validated(storyboard, (*storyboard.remarks, *shapes.remarks(made), *clashes(made)))
