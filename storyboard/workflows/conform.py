"""Footage: what there is of each shot, in the store or in its place, and the cut made of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.cutting import cut_takes
from storyboard.cutting.clashes import in_its_place
from storyboard.cutting.cut import Footage, as_asked, cut
from storyboard.errors import FileTrouble, KeyProblem, MediaError, NotAllowed, ServiceError
from storyboard.generating.adopting import take_in
from storyboard.loading.context import ASSUMED_RATE
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan as plan_of
from storyboard.rendering.memory import FORGETFUL, Memory
from storyboard.reviewing.oddities import oddities
from storyboard.reviewing.repeat import repeats
from storyboard.timeline import Media
from storyboard.timeline.recut import recut
from storyboard.workers import in_turn
from storyboard.workflows.choosing import chosen, is_open, known_choice
from storyboard.workflows.media_of import media_of, of_take

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.cutting.cut import Repeats
    from storyboard.generating.conductor import Failure
    from storyboard.generating.generate import Generated
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.loading.own_clip import OwnClip
    from storyboard.planning.planned import PlannedShot
    from storyboard.store import Store
    from storyboard.timeline import Timeline


NONE: cut_takes.Found = {}

_Pair = tuple[Media, Media]
"""A take, and the one that follows it."""

Told = Callable[[int, int], None]
"""Hears how many are measured, of how many."""

_COMPARING = 1
"""Raised whenever the same takes would be compared otherwise."""


class NoTake(ServiceError):
    """A shot could not be had, and nothing stands in for it: no film."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure), charged=failure.charged)
        self.failure = failure


def conform(
    plan: Plan | CheckedStoryboard,
    store: Store,
    got: Generated | None = None,
    *,
    executor: Executor | None = None,
) -> Timeline:
    """The timeline of a plan, or of a storyboard, and of the takes that the store has.

    Without `got` a shot whose take is missing is its still. With what `generate` brought, that is
    so only where the shot says so (`on_fail: hold`) or was not asked for; otherwise its failure is
    raised. `Timeline.stills` names the shots whose still stands in. `executor` measures which
    frames are there twice.
    """
    made = _planned(plan, store, executor)
    if got is not None:
        return edit(made, got, store, executor=executor)[0]
    return existing(made, store, executor=executor)[0]


def footage(
    plan: Plan | CheckedStoryboard, store: Store, got: Generated | None = None
) -> dict[str, Footage]:
    """What there is of each shot, by its id: what `cut` cuts. As `conform` has it."""
    made = _planned(plan, store)
    return {
        shot.id: _there(shot, store) if got is None else _footage(made, shot, got, store)
        for shot in made.shots
    }


def _planned(
    given: Plan | CheckedStoryboard, store: Store, executor: Executor | None = None
) -> Plan:
    """The plan, with a number for each `pick: best`."""
    made = given if isinstance(given, Plan) else plan_of(given, held=store.held())
    return chosen(made, store, executor=executor)


def edit(
    made: Plan, got: Generated, store: Store, *, executor: Executor | None = None
) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of what was generated, and the shots whose still stands in for them."""
    made = _planned(made, store, executor)
    found = footage(made, store, got)
    others = cut_takes.footage(
        made, lambda shot: _footage(made, shot, got, store), found, partial(brought_media, store)
    )
    timeline = timeline_of(made, found, others=others, executor=executor, memory=memory_of(store))
    return timeline, (*_held(found), *_held(others))


def existing(
    made: Plan,
    store: Store,
    *,
    recut_too: bool = True,
    executor: Executor | None = None,
    told: Told | None = None,
) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of what is in the store now; stills stand in for what is missing.

    Without `recut_too`, all shots as they stand, also where the storyboard has a `cut:` list.
    `told` hears how many joins are measured, of how many; what it raises ends it.
    """
    made = _planned(made, store, executor)
    found = footage(made, store)
    memory = memory_of(store)
    others = NONE
    if recut_too:
        brought = partial(brought_media, store)
        others = cut_takes.footage(made, lambda shot: _there(shot, store), found, brought)
    timeline = timeline_of(
        made, found, others=others, recut_too=recut_too, executor=executor, memory=memory, told=told
    )
    return timeline, (*_held(found), *_held(others))


def at_sight(made: Plan, store: Store) -> tuple[Timeline, bool]:
    """The timeline as `existing` has it, as far as that is known, and whether that is all of it.

    Measures nothing: what nobody has measured is taken to be as it was asked for.
    """
    made, memory = known_choice(made, store), memory_of(store)
    unknown = [shot.id for shot in made.shots if is_open(shot, store)]

    def repeats(earlier: Media, later: Media) -> bool:
        said = _known((earlier, later), memory)
        if said is None:
            unknown.append(later.key)
        return as_asked(earlier, later) if said is None else said

    def there(shot: PlannedShot) -> Footage:
        return _there(shot, store, measure=False)

    def brought(clip: OwnClip) -> Media:
        return media_of(store, clip.key) if store.has(clip.key) else in_its_place(clip)

    timeline = cut_takes.cut_as_written(made, there, brought, repeats=repeats)
    return timeline, not unknown


def brought_media(store: Store, clip: OwnClip) -> Media:
    """A clip of one's own that only the cut shows: from the store, where it is taken in once.

    Where the store can't be written, it is seen where it lies. MediaError where it is no movie.
    """
    if not store.has(clip.key):
        try:
            take_in(clip, store, examine=oddities)
        except MediaError:
            raise
        except FileTrouble:
            return in_its_place(clip)
    return media_of(store, clip.key)


def memory_of(store: Store) -> Memory:
    """What was measured of this store's takes; nothing where its pieces can't be written."""
    there = store.segments if store.segments.exists() else store.folder
    return Memory(store.segments if os.access(there, os.W_OK) else None)


def _held(found: Mapping[Any, Footage]) -> tuple[str, ...]:
    """The shots whose still stands in."""
    still = (name for name, piece in found.items() if piece.media.kind == "still")
    return tuple(name if isinstance(name, str) else name[0] for name in still)


def _there(shot: PlannedShot, store: Store, *, measure: bool = True) -> Footage:
    if store.has(shot.picked.key):
        return taken(shot, store, measure=measure)
    return Footage(_still(shot), take=shot.picked.number)


def all_takes(made: Plan, store: Store) -> dict[str, dict[int, Media]]:
    """Every take of every shot that is in the store, by shot and number."""
    return {
        shot.id: {
            take.number: media_of(store, take.key) for take in shot.takes if store.has(take.key)
        }
        for shot in made.shots
    }


def timeline_of(
    made: Plan,
    found: Mapping[str, Footage],
    *,
    others: cut_takes.Found = NONE,
    recut_too: bool = True,
    executor: Executor | None = None,
    memory: Memory = FORGETFUL,
    told: Told | None = None,
) -> Timeline:
    """The timeline of this footage (by shot id); repeated frames at seams are measured.

    `others` are the takes that `cut:` names besides. `executor` measures, as many at a time as it
    has workers; what is in `memory` is known.
    """
    asked: dict[_Pair, None] = {}
    cut(made, found, repeats=_asking(asked))  # which ones matter
    known = _repeats(asked, executor, memory, told)
    timeline = cut(made, found, repeats=lambda *pair: known[pair])
    order = made.storyboard.cut
    if not order or not recut_too:
        return timeline
    more = films(made, timeline, found, others, executor=executor, memory=memory)
    return recut(timeline, order, more)


def with_takes(
    made: Plan, store: Store, timeline: Timeline, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Timeline]:
    """`timeline`, all shots as they stand, with each wanted take in its shot, by shot and take.

    Takes that the store does not have, and those that are picked, are left out.
    """
    made = _planned(made, store)
    found = footage(made, store)
    asked = set(wanted)
    others = {
        (shot.id, take.number): _there(cut_takes.repicked(shot, take.number), store)
        for shot in made.shots
        for take in shot.takes
        if (shot.id, take.number) in asked
        and take.number != shot.picked.number
        and store.has(take.key)
    }
    return films(made, timeline, found, others, memory=memory_of(store))


def films(
    made: Plan,
    timeline: Timeline,
    found: Mapping[str, Footage],
    others: cut_takes.Found,
    *,
    executor: Executor | None = None,
    memory: Memory = FORGETFUL,
) -> dict[tuple[str, int], Timeline]:
    """`timeline` with each of the other takes in its shot; see `timeline_of`."""
    asked: dict[_Pair, None] = {}
    cut_takes.films(made, timeline, found, others, repeats=_asking(asked))
    known = _repeats(asked, executor, memory)
    return cut_takes.films(made, timeline, found, others, repeats=lambda *pair: known[pair])


def _asking(asked: dict[_Pair, None]) -> Repeats:
    """Notes which pairs are asked about."""
    return lambda *pair: bool(asked.setdefault(pair))


def _repeats(
    asked: Iterable[_Pair],
    executor: Executor | None,
    memory: Memory,
    told: Told | None = None,
) -> dict[_Pair, bool]:
    """Which of these pairs share a picture; what is not known is measured, and kept at once."""
    known: dict[_Pair, bool] = {}
    left: list[_Pair] = []
    for pair in asked:
        said = _known(pair, memory)
        if said is None:
            left.append(pair)
        else:
            known[pair] = said
    with closing(in_turn(executor, repeats, left)) as coming:
        for done, (pair, again) in enumerate(zip(left, coming, strict=True), 1):
            known[pair] = again
            memory.keep(_about(*pair), again)
            if told:
                told(done, len(left))
    _remember(known)
    return known


def _known(pair: _Pair, memory: Memory) -> bool | None:
    """Whether two takes share a picture; None where nobody has measured it."""
    found: bool | None = _measured[pair] if pair in _measured else memory.recall(_about(*pair))
    return found


_MOST_REMEMBERED = 20_000
_measured: dict[_Pair, bool] = {}
"""Pairs of takes that this process measured: a take never changes under its key."""


def _remember(found: Mapping[_Pair, bool]) -> None:
    if len(_measured) > _MOST_REMEMBERED:
        _measured.clear()
    _measured.update(found)


def _about(*pair: Media) -> list[object]:
    """All that decides whether two takes share a picture."""
    return ["repeat", _COMPARING, *((media.key, media.kind, media.frames) for media in pair)]


def _footage(made: Plan, shot: PlannedShot, got: Generated, store: Store) -> Footage:
    picked = shot.picked
    if store.has(picked.key):
        return taken(shot, store)
    outside = made.only is not None and shot.id not in made.only
    if shot.shot.on_fail == "hold" or outside:
        return Footage(_still(shot), take=picked.number)
    failure = got.failure(shot.id, picked.number)
    if failure is None:
        raise MediaError(f"{shot.id}: take {picked.number} is not in the store")
    if isinstance(failure.error, (KeyProblem, NotAllowed)):
        raise failure.error  # about the account or the caps, not about the shot
    raise NoTake(failure)


def taken(shot: PlannedShot, store: Store, *, measure: bool = True) -> Footage:
    """The picked take of a shot that is in the store; see `of_take`."""
    costs = [
        store.note(take.key).get("cost", 0)
        for take in shot.takes
        if take.own and store.has(take.key)
    ]
    return replace(of_take(shot.picked, store, measure=measure), cost_microusd=sum(costs))


def _still(shot: PlannedShot) -> Media:
    return Media.of_still(shot.shot.start, ASSUMED_RATE)


def standin(shot: PlannedShot, like: Footage) -> Footage:
    """What a take that is yet to come will most likely be: as long as sold, and like another."""
    frames = int(shot.request.seconds * like.media.rate) + 1
    media = replace(_still(shot), frames=frames, rate=like.media.rate, size=like.media.size)
    return Footage(media).lying(shot.picked)
