"""One more take of a shot: a number in the storyboard, and what it costs. Buys nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.workflows.rewriting import opened, rewriting, with_takes
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.planning.planned import PlannedTake
    from storyboard.workflows.source import AnyFile


@dataclass(frozen=True, slots=True)
class OneMore:
    """The take that is asked for now."""

    planned: PlannedTake = field(repr=False)
    price_microusd: int
    """Micro-dollars that a render of the whole storyboard pays now."""
    budget_microusd: int | None
    written: bool


def take(storyboard: AnyFile, shot: str, *, dry_run: bool = False) -> OneMore:
    """Ask for one more take of a shot: a number in the file, which the next render buys.

    With `dry_run`, only say what it costs.

    `StoryboardError` where there is no such shot, FileTrouble where it has as many as there may be.
    """
    here = opened(StoryboardFile.of(storyboard))
    found = here.was.shot(shot)
    new = rewriting(here, with_takes(found, found.takes + 1))
    plan = plan_with(new.storyboard, here.source.store)
    planned = next(one.takes[-1] for one in plan.shots if one.id == shot)
    if not dry_run:
        new.write()
    return OneMore(planned, plan.price_microusd, plan.storyboard.budget, written=not dry_run)
