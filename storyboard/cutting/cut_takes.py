"""The takes that `cut:` names and no shot picks: the film as it would be if they were. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.cutting.cut import cut
from storyboard.errors import MediaError
from storyboard.timeline.recut import recut

if TYPE_CHECKING:
    from storyboard.cutting.cut import Footage, Repeats
    from storyboard.planning.planned import Plan, PlannedShot
    from storyboard.timeline import Timeline

Found = Mapping[tuple[str, int], "Footage"]
"""What there is of them, by shot and take."""


def cut_as_written(
    plan: Plan, there: Callable[[PlannedShot], Footage], *, repeats: Repeats
) -> Timeline:
    """The finished timeline of a plan, in the order of its `cut:` list where it has one.

    `there` says what there is of a shot. MediaError where `cut:` asks for what no take has.
    """
    picked = {shot.id: there(shot) for shot in plan.shots}
    timeline, order = cut(plan, picked, repeats=repeats), plan.storyboard.cut
    if not order:
        return timeline
    others = footage(plan, there, picked)
    return recut(timeline, order, films(plan, timeline, picked, others, repeats=repeats))


def footage(
    plan: Plan, there: Callable[[PlannedShot], Footage], picked: Mapping[str, Footage]
) -> dict[tuple[str, int], Footage]:
    """What there is of each; `there` says it of a shot that picks it.

    In drafts, what is not there yet is what the shot shows. MediaError for a take that is none.
    """
    shots = {shot.id: shot for shot in plan.shots}
    asked = ((entry.shot, entry.take) for entry in plan.storyboard.cut or () if entry.take)
    return {
        (shot, take): one_footage(plan, shots[shot], take, there, picked[shot])
        for shot, take in dict.fromkeys(asked)
        if shot in shots and take != shots[shot].picked.number
    }


def one_footage(
    plan: Plan,
    shot: PlannedShot,
    take: int,
    there: Callable[[PlannedShot], Footage],
    picked: Footage,
) -> Footage:
    """The same of one take of one shot."""
    if all(one.number != take for one in shot.takes):
        if plan.draft or shot.drawn:
            return picked
        raise MediaError(f"cut: take {take} of {shot.id} is not there; leave `take` out")
    found = there(repicked(shot, take))
    return picked if plan.draft and found.media.kind == "still" else found


def repicked(shot: PlannedShot, take: int) -> PlannedShot:
    """The shot, if it picked that take."""
    return replace(shot, shot=replace(shot.shot, pick=take, best=False, clip=None))


def films(
    plan: Plan,
    timeline: Timeline,
    picked: Mapping[str, Footage],
    others: Found,
    *,
    repeats: Repeats,
) -> dict[tuple[str, int], Timeline]:
    """`timeline`, the film of what is picked, with each of these takes in its shot."""
    board = replace(plan.storyboard, rate=timeline.rate, size=timeline.size)
    same = replace(plan, storyboard=board)
    return {
        (shot, take): cut(same, {**picked, shot: found}, repeats=repeats)
        for (shot, take), found in others.items()
    }
