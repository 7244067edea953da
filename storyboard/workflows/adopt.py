"""A clip of one's own in place of a shot's takes: taken into the store, and named in the file."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.generating.generate import generate
from storyboard.generating.terms import USUAL_RUN
from storyboard.loading.own_clip import name_of
from storyboard.reviewing.oddities import oddities
from storyboard.safe_text import inert
from storyboard.units.timing import decimal
from storyboard.workflows.media_of import of_take
from storyboard.workflows.rewriting import opened, rewriting
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan, PlannedShot
    from storyboard.store import Store
    from storyboard.workflows.source import AnyFile

_ADDRESS = re.compile("[A-Za-z][A-Za-z0-9+.-]+:/")
"""How one begins, also where it was read as a path."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A clip that stands in a shot in place of its takes."""

    shot: str
    clip: str
    """As the file names it."""
    key: str
    """What the store calls it."""
    saved_microusd: int
    """Micro-dollars that a render of the shot would have paid before."""
    notes: tuple[str, ...]
    """What is odd about it, and what becomes of its length."""
    written: bool


def adopt(
    storyboard: AnyFile,
    shot: str,
    clip: Path | str,
    *,
    dry_run: bool = False,
    run: Run = USUAL_RUN,
) -> Adopted:
    """Put a clip of one's own in place of a shot's takes: into the store, and into the file.

    With `dry_run`, only the former.

    Nothing else of the storyboard changes, and no other request. `StoryboardError` where there is
    no such shot, `MediaError` where the clip can't be decoded from its first frame to its last.
    """
    if _ADDRESS.match(str(clip)):
        raise MediaError(f"{inert(str(clip))} is an address; save the clip, and adopt its file")
    source = StoryboardFile.of(storyboard)
    here = opened(source)
    found = here.was.shot(shot)
    before = plan_with(here.was, source.store, draft=False)
    new = rewriting(here, {(*found.path, "clip"): name_of(source.file, Path(clip))})
    store = source.store
    with closing(store):
        plan = plan_with(new.storyboard, store, only=[shot])
        notes = _taken_in(plan, store, run)
        planned = next(one for one in plan.shots if one.id == shot)
        notes = (*notes, *_lengths(planned, store, plan))
    if not dry_run:
        new.write()
    saved = next(one.price_microusd for one in before.shots if one.id == shot)
    written = new.changes and not dry_run
    name = new.storyboard.shot(shot).clip
    return Adopted(shot, name.name if name else "", planned.picked.key, saved, notes, written)


def _taken_in(plan: Plan, store: Store, run: Run) -> tuple[str, ...]:
    """Have the clip in the store; gives what is odd about it."""
    got = generate(plan, store, examine=oddities, run=replace(run, max_cost=0))
    if got.failures:
        raise MediaError(str(got.failures[0].error)) from got.failures[0].error
    key = next(take.key for shot in plan.wanted for take in shot.takes[:1])
    return tuple(str(word) for word in store.note(key).get("odd", ()))


def _lengths(planned: PlannedShot, store: Store, plan: Plan) -> list[str]:
    """That a clip of another length is played faster or slower, and what to write."""
    media = of_take(planned.picked, store).media
    rate = plan.storyboard.rate or media.rate
    own, asked = media.frames / media.rate, planned.shot.duration.seconds(rate)
    if abs(own - asked) * rate <= 2:
        return []
    return [
        f"it is {decimal(own, 2)} s long and the shot {decimal(asked, 2)} s: it is played "
        f"{decimal(own / asked, 2)} times as fast; `duration: {media.frames}f` shows it as it is"
        if rate == media.rate
        else f"it is {decimal(own, 2)} s long and the shot {decimal(asked, 2)} s: it is played "
        f"{decimal(own / asked, 2)} times as fast; `duration: {decimal(own, 3)}` shows it as it is"
    ]
