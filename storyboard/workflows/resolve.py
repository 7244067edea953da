"""What becomes of a request that is unknown or lost: the user decides. Nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.accounting.resolving import Decision, adopt, bring, resolve
from storyboard.accounting.taking_over import take_over
from storyboard.workflows.account import account, account_if_any
from storyboard.workflows.source import plan_with

if TYPE_CHECKING:
    from storyboard.accounting.resolving import Resolved
    from storyboard.workflows.source import StoryboardFile


def decided(
    source: StoryboardFile,
    shot: str,
    decision: str,
    *,
    take: int | None = None,
    even_so: bool = False,
) -> list[Resolved]:
    """`resubmit`: another payment is allowed. `abandon`: it is given up."""
    meant = Decision(decision)
    with account_if_any() as fal:
        return resolve(
            source.store, source.file, shot, meant, take=take, service=fal, even_so=even_so
        )


def taken_over(
    source: StoryboardFile, shot: str, *, take: int | None = None, even_so: bool = False
) -> list[Resolved]:
    """What another machine is buying, and that machine is gone."""
    store = source.store
    plan = plan_with(source.storyboard(), store)
    return take_over(store, plan, shot, take=take, even_so=even_so)


def adopted(
    source: StoryboardFile,
    shot: str,
    request_id: str,
    *,
    take: int | None = None,
    even_so: bool = False,
) -> list[Resolved]:
    """It is the request with this id."""
    with account() as fal:
        done = adopt(
            source.store, source.file, shot, request_id, take=take, service=fal, even_so=even_so
        )
    return [done]


def brought(
    source: StoryboardFile, shot: str, clip: Path, *, take: int | None = None
) -> list[Resolved]:
    """This clip, downloaded from the account, is the take."""
    return [bring(source.store, source.file, shot, clip, take=take)]
