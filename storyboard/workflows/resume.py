"""What was sent before, brought home. Buys nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.accounting.summary import expiring
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.events import Began, Warned
from storyboard.generating.generate import collect
from storyboard.generating.terms import USUAL_RUN
from storyboard.planning.planner import nothing
from storyboard.reviewing.oddities import oddities
from storyboard.workflows.account import account
from storyboard.workflows.source import plan_with

if TYPE_CHECKING:
    from storyboard.events import Listener
    from storyboard.generating.generate import Generated
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.workflows.source import StoryboardFile


@dataclass(frozen=True, slots=True)
class Resumed:
    """What came home, and what is left."""

    collected: Generated
    expiring: tuple[str, ...]
    """What to say of takes that are not here, and soon no more at the service."""


def resumed(source: StoryboardFile, *, run: Run = USUAL_RUN) -> Resumed:
    """Collect what the ledger has of this storyboard, which may have mistakes: that is told."""
    plan = _plan(source, run.listener)
    with account() as fal:
        run.listener(Began())
        made = collect(plan, source.store, service=fal, examine=oddities, run=run)
    return Resumed(made, tuple(expiring(source.store, source.file)))


def _plan(source: StoryboardFile, listener: Listener) -> Plan:
    """What the storyboard asks for; nothing where it can't be read, which is said."""
    try:
        return plan_with(source.storyboard(), source.store)
    except (InvalidStoryboard, MediaError) as error:
        words = "the storyboard can't be read, and what was sent is collected all the same"
        listener(Warned(f"{words}: {error}", drawn=f"{words}: {error}"))
        return nothing(source.file)
