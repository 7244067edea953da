"""Keyframes within takes that came early, late or not at all, as the takes' notes have it.

Measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoreError
from storyboard.workflows.media_of import places_of

if TYPE_CHECKING:
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.reviewing.keyframe_places import KeyframePlace
    from storyboard.store import Store


@dataclass(frozen=True, slots=True)
class MovedKeyframe:
    """A keyframe that is on another frame of a take than the one it was ordered for, or on none."""

    shot: str
    """The shot that begins on it, or, where none does, the one that ends on it."""
    take: int
    key: str
    keyframe: str
    place: KeyframePlace
    begins: bool = True

    @property
    def words(self) -> str:
        """What the cut makes of it, and what can be done."""
        said = self.place.words(self.keyframe, begins=self.begins)
        return f"{said}; another take: `storyboard take {self.shot}`" if self.place.unseen else said

    def line(self) -> str:
        """The same, said of the take."""
        return f"{self.shot} take {self.take}: {self.words}"

    def as_data(self) -> dict[str, Any]:
        """The same as plain data; frames are the take's, from 0, likeness is SSIM."""
        return {
            "shot": self.shot,
            "take": self.take,
            "key": self.key,
            "keyframe": self.keyframe,
            "ordered_frame": self.place.ordered,
            "frame": self.place.seen,
            "seen": not self.place.unseen,
            "likeness": self.place.likeness,
        }


def moved_keyframes(made: Plan, store: Store, *, picked: bool = False) -> tuple[MovedKeyframe, ...]:
    """Those of all takes of a plan that are in the store, or only of the picked ones."""
    return tuple(
        found
        for shot in made.shots
        for take in ((shot.picked,) if picked else shot.takes)
        for found in _of(shot, take, store)
    )


def _of(shot: PlannedShot, take: PlannedTake, store: Store) -> Iterator[MovedKeyframe]:
    if len(take.request.marks) < 2 or not store.has(take.key):
        return
    places: tuple[KeyframePlace, ...] = ()
    with suppress(StoreError):  # nothing is known of it
        places = places_of(take, store)
    if not places:
        return
    start, end = places[take.part], places[take.part + 1]
    if start.told:
        yield MovedKeyframe(shot.id, take.number, take.key, shot.shot.start.still.id, start)
    last = take.part + 2 == len(places)
    if last and end.told and shot.shot.end is not None:
        still = shot.shot.end.still.id
        yield MovedKeyframe(shot.id, take.number, take.key, still, end, begins=False)


def with_moved(made: Plan, store: Store) -> Plan:
    """The plan with a note at each shot whose keyframe came early, late or not in its take."""
    said: dict[str, tuple[str, ...]] = {}
    for one in moved_keyframes(made, store, picked=True):
        said[one.shot] = (*said.get(one.shot, ()), one.words)
    if not said:
        return made
    scenes = (
        replace(s, shots=tuple(replace(x, notes=(*x.notes, *said.get(x.id, ()))) for x in s.shots))
        for s in made.scenes
    )
    return replace(made, scenes=tuple(scenes))
