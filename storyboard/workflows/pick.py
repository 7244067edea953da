"""Another take of a shot in the film: one line of the storyboard, free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from storyboard.errors import StoryboardError
from storyboard.loading.edits import REMOVE
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.units.timing import counted
from storyboard.workflows.rewriting import opened, rewriting, with_takes
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.planning.planned import PlannedTake
    from storyboard.workflows.source import AnyFile


@dataclass(frozen=True, slots=True)
class Pick:
    """Which take of a shot is in the film now, and which one was before."""

    shot: str
    take: int | str
    """Its number, or `best`: the best by measurement."""
    was: int | str
    """A number, `best`, or 0 for a clip of one's own."""
    planned: PlannedTake = field(repr=False)
    """How things stand with it."""
    written: bool


def pick(
    storyboard: AnyFile, shot: str, take: int | Literal["best"], *, dry_run: bool = False
) -> Pick:
    """Write which take of a shot the film uses, in place of a clip of one's own as well.

    `best` leaves it to what is measured. With `dry_run`, only say what that means. All else in the
    file, comments too, stays as it is.

    `StoryboardError` where there is no such shot or take, `Uneditable` where it has to be typed.
    """
    here = opened(StoryboardFile.of(storyboard))
    found = here.was.shot(shot)
    number = 0 if take == "best" else take
    if number > found.takes + found.retakes:
        raise StoryboardError(
            f"{shot} has {counted(found.takes, 'take')}; `storyboard take` asks for one more"
        )
    gone = ("clip", "retakes", "broken") if number else ("clip",)
    edits: dict[tuple[str | int, ...], Any] = {(*found.path, name): REMOVE for name in gone}
    now: int | str = "best" if found.best else found.pick
    if found.clip is None or take != now:  # without its clip it shows that one by itself
        edits |= {(*found.path, "pick"): take}
    if number > found.takes:  # a retake: it is asked for by its number from now on
        edits |= with_takes(found, number)
    new = rewriting(here, edits)
    plan = plan_with(new.storyboard, here.source.store)
    planned = next(one.picked for one in plan.shots if one.id == shot)
    if not dry_run:
        new.write()
    was = now if found.clip is None else OWN_CLIP
    return Pick(shot, take, was, planned, written=new.changes and not dry_run)
