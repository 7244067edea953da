"""How every take stands, and the money. Reads the store alone: needs no key and no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.accounting.summary import expiring, status
from storyboard.generating.backoff import aged
from storyboard.workflows.source import plan_with

if TYPE_CHECKING:
    from storyboard.accounting.summary import Status
    from storyboard.workflows.source import StoryboardFile

__all__ = ["Standings", "aged", "standings"]


@dataclass(frozen=True, slots=True)
class Standings:
    """How things stand with a storyboard."""

    status: Status
    expiring: tuple[str, ...]
    """What to say of takes that are not here, and soon no more at the service."""


def standings(source: StoryboardFile) -> Standings:
    """How the takes of this storyboard stand."""
    found = status(plan_with(source.storyboard(), source.store), source.store)
    return Standings(found, tuple(expiring(source.store, source.file)))
