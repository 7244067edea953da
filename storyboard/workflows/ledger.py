"""The books of a store: what was paid, whether all is there, and making them again."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.accounting.costs import costs as costs_
from storyboard.accounting.costs import csv_of
from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import correct
from storyboard.accounting.verifying import mend as mend_
from storyboard.accounting.verifying import verify
from storyboard.errors import StoryboardError
from storyboard.events import Began, Noticed, log
from storyboard.generating.terms import USUAL_RUN
from storyboard.planning.planner import plan
from storyboard.workflows.account import account, account_if_any
from storyboard.workflows.judge import telling

if TYPE_CHECKING:
    from storyboard.accounting.costs import Cost
    from storyboard.accounting.rebuilding import Rebuilt
    from storyboard.accounting.resolving import Resolved
    from storyboard.accounting.verifying import Damage, Mended
    from storyboard.events import Listener
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.workflows.source import StoryboardFile

__all__ = ["Verified", "corrected", "costs", "csv_of", "rebuilt", "verified"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What is not as it was written, and what became of it."""

    damaged: tuple[Damage, ...]
    mended: tuple[Mended, ...] = ()


def costs(source: StoryboardFile, *, everything: bool = False) -> list[Cost]:
    """Each request of the storyboard, or of every storyboard of its store."""
    store = source.store
    return costs_(store, storyboard=None if everything else store.name_of(source.file))


def verified(source: StoryboardFile, *, mend: bool = False, run: Run = USUAL_RUN) -> Verified:
    """Every take compared with its note; with `mend`, damaged ones are fetched again, free."""
    store = source.store
    run.listener(Began())
    damaged = verify(store, told=telling(run, "files"))
    if not (mend and any(one.key for one in damaged)):
        return Verified(tuple(damaged))
    with account() as fal:
        return Verified(tuple(damaged), tuple(mend_(store, damaged, fal)))


def rebuilt(
    source: StoryboardFile,
    *,
    offline: bool = False,
    even_so: bool = False,
    listener: Listener = log,
) -> Rebuilt:
    """The ledger, made again. With `offline` the service is asked nothing."""
    with nullcontext() if offline else account_if_any() as fal:
        wanted = _wanted(source, listener) if fal else None
        return rebuild(source.store, plan=wanted, service=fal, even_so=even_so)


def corrected(
    source: StoryboardFile, shot: str, cost: int, *, request: str | None = None
) -> list[Resolved]:
    """What a possibly charged request really cost, in micro-dollars."""
    return correct(source.store, source.file, shot, cost, request=request)


def _wanted(source: StoryboardFile, listener: Listener) -> Plan | None:
    """What the storyboard asks for; None where it has mistakes, which stops nothing here."""
    try:
        return plan(source.storyboard())
    except StoryboardError as error:
        words = "nothing is looked for at the service, since the storyboard can't be read"
        listener(Noticed(f"{words}: {error}"))
        return None
