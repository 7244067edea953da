"""What a render does, and what it costs. Spends nothing, needs no key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from storyboard.errors import StoryboardError
from storyboard.planning import comparing, shapes
from storyboard.planning.data import as_data
from storyboard.planning.planned import transition_frames
from storyboard.planning.sharing import shared
from storyboard.takes.holding import AFTER_REFUSAL
from storyboard.workflows.foreseen import expected_wait
from storyboard.workflows.preflight import Seen, refuse_too_big
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.planning.comparing import Comparison
    from storyboard.planning.planned import Plan
    from storyboard.workflows.source import AnyFile

__all__ = [
    "AFTER_REFUSAL",
    "as_data",
    "compared",
    "expected_wait",
    "plan_film",
    "shared",
    "transition_frames",
    "versions",
]


def versions(made: Plan) -> Iterator[str]:
    """A line for each other shape of the film, with what it cuts off."""
    for version in made.storyboard.versions:
        about = shapes.described(made.size, version.size, version.reframe)
        yield f"version {version.name}: {about}"


def compared(source: StoryboardFile, names: Sequence[str]) -> list[Comparison]:
    """The film by each of these models alone, shot by shot; nothing is sent.

    StoryboardError where there is no model of such a name.
    """
    storyboard = source.checked(draft=True)
    try:
        models = [storyboard.models.find(name) for name in names]
    except LookupError as error:
        raise StoryboardError(str(error)) from None
    return comparing.compared(storyboard, models)


def plan_film(
    storyboard: AnyFile,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
) -> Plan:
    """What `render` does with the same arguments, and what it costs. Spends nothing, needs no key.

    Unlike `plan` it looks into the storyboard's store, and at all that can be known before paying.
    """
    source = StoryboardFile.of(storyboard)
    store = source.store
    made = plan_with(source.checked(draft=draft), store, draft=draft, only=only, retry=retry)
    refuse_too_big(made, Seen(store.folder))
    return made
