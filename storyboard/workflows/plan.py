"""What a render does, and what it costs. Spends nothing, needs no key."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from storyboard.planning import shapes
from storyboard.planning.data import as_data
from storyboard.planning.planned import transition_frames
from storyboard.planning.sharing import shared
from storyboard.takes.holding import AFTER_REFUSAL
from storyboard.workflows.source import plan_with

if TYPE_CHECKING:
    from storyboard.planning.planned import Plan
    from storyboard.workflows.source import StoryboardFile

__all__ = ["AFTER_REFUSAL", "as_data", "planned", "shared", "transition_frames", "versions"]


def versions(made: Plan) -> Iterator[str]:
    """A line for each other shape of the film, with what it cuts off."""
    for version in made.storyboard.versions:
        about = shapes.described(made.size, version.size, version.reframe)
        yield f"version {version.name}: {about}"


def planned(
    source: StoryboardFile,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
) -> Plan:
    """The plan; everything that can be known before paying is known then."""
    storyboard = source.checked(draft=draft)
    return plan_with(storyboard, source.store, draft=draft, only=only, retry=retry)
