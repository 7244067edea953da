"""What `cut:` shows and no shot picks: other takes, and what only the cut has. Pure.

Each is a film: of a take, the film as it would be if that were picked; of an insert, one clip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.cutting.cut import Footage, card_clip, cut
from storyboard.errors import MediaError
from storyboard.loading.checked import CheckedCard
from storyboard.loading.own_clip import OwnClip
from storyboard.timeline import Clip, Sound
from storyboard.timeline.recut import INSERTED, recut
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.cutting.cut import Repeats
    from storyboard.loading.checked import Insert
    from storyboard.planning.planned import Plan, PlannedShot
    from storyboard.timeline import Media, Timeline
    from storyboard.units.sizes import Fit
    from storyboard.units.timing import Rate

Found = Mapping[tuple[str, int], "Footage"]
"""What there is of them, by shot and take."""


def cut_as_written(
    plan: Plan,
    there: Callable[[PlannedShot], Footage],
    brought: Callable[[OwnClip], Media],
    *,
    repeats: Repeats,
) -> Timeline:
    """The finished timeline of a plan, in the order of its `cut:` list where it has one.

    `there` says what there is of a shot, `brought` of a clip that only `cut:` has. MediaError where
    `cut:` asks for what no take has.
    """
    picked = {shot.id: there(shot) for shot in plan.shots}
    timeline, order = cut(plan, picked, repeats=repeats), plan.storyboard.cut
    if not order:
        return timeline
    others = footage(plan, there, picked, brought)
    return recut(timeline, order, films(plan, timeline, picked, others, repeats=repeats))


def footage(
    plan: Plan,
    there: Callable[[PlannedShot], Footage],
    picked: Mapping[str, Footage],
    brought: Callable[[OwnClip], Media],
) -> dict[tuple[str, int], Footage]:
    """What there is of each; `there` says it of a shot that picks it, `brought` of a clip.

    In drafts, what is not there yet is what the shot shows. MediaError for a take that is none.
    """
    shots = {shot.id: shot for shot in plan.shots}
    asked = ((entry.shot, entry.take) for entry in plan.storyboard.cut or () if entry.take)
    found = {
        (shot, take): one_footage(plan, shots[shot], take, there, picked[shot])
        for shot, take in dict.fromkeys(asked)
        if shot in shots and take != shots[shot].picked.number
    }
    return {**found, **inserted(plan.storyboard.inserts, brought)}


def inserted(
    inserts: Mapping[str, Insert], brought: Callable[[OwnClip], Media]
) -> dict[tuple[str, int], Footage]:
    """What there is of the clips that only the cut shows."""
    return {
        (name, INSERTED): Footage(brought(part))
        for name, part in inserts.items()
        if isinstance(part, OwnClip)
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
    """`timeline`, the film of what is picked, with each of these takes in its shot; and inserts."""
    board = replace(plan.storyboard, rate=timeline.rate, size=timeline.size)
    same = replace(plan, storyboard=board)
    taken = {
        (shot, take): cut(same, {**picked, shot: found}, repeats=repeats)
        for (shot, take), found in others.items()
        if shot in picked
    }
    media = {name: found.media for (name, _), found in others.items() if name not in picked}
    fit = board.board.defaults.fit
    return {**taken, **insert_films(board.inserts, timeline, media, fit=fit)}


def insert_films(
    inserts: Mapping[str, Insert],
    timeline: Timeline,
    media: Mapping[str, Media],
    *,
    fit: Fit | None,
) -> dict[tuple[str, int], Timeline]:
    """Each insert as a film of one clip: the cards, and the clips whose media are given."""
    cards = (
        card_clip(part, "", timeline.size, timeline.rate)
        for part in inserts.values()
        if isinstance(part, CheckedCard)
    )
    clips = (_clip(name, found, timeline.rate, fit=fit) for name, found in media.items())
    bare = replace(timeline.bare(), sounds=(), scenes=(), seams=(), shots=())
    return {
        (clip.shot, INSERTED): replace(bare, clips=(clip,), sounds=tuple(_heard(clip)))
        for clip in (*cards, *clips)
    }


def _clip(name: str, media: Media, rate: Rate, *, fit: Fit | None) -> Clip:
    """All of a movie, as fast as it is."""
    pace = media.rate / rate
    return Clip(
        shot=name,
        scene="",
        take=INSERTED,
        media=media,
        start=0,
        frames=max(1, whole(media.frames / pace)),
        first=0,
        last=pace.numerator,
        span=pace.denominator,
        fit=fit,
    )


def _heard(clip: Clip) -> Iterator[Sound]:
    if clip.media.sound:
        yield Sound("take", clip.media.path, 0, None).under(clip)
