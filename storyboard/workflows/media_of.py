"""What a take of a shot is: its file, and the shot's part of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.cutting.cut import Footage
from storyboard.errors import StoreError
from storyboard.reviewing.keyframe_places import (
    inside,
    measured_places,
    noted_places,
    with_places,
)
from storyboard.timeline import Media
from storyboard.video.probing import probe

if TYPE_CHECKING:
    from storyboard.planning.planned import PlannedTake
    from storyboard.reviewing.keyframe_places import KeyframePlace
    from storyboard.store import Store


def of_take(take: PlannedTake, store: Store, *, measure: bool = True) -> Footage:
    """A take of a shot that is in the store, whether it is picked or not: the shot's part of it.

    Where the shot's keyframes lie within the take they are looked for in its frames, once: the
    places are kept in its note, where the store can be written. Without `measure`, they are as
    noted, or as ordered.
    """
    note, media = store.note(take.key), media_of(store, take.key)
    found = Footage(media, take.number, str(note.get("request_id") or ""))
    if not inside(take.request):
        return found.lying(take)
    places = noted_places(note, take.request)
    if places is None and measure:
        places = _measured(take, media, store)
    return found.lying(take, [place.seen for place in places] if places else None)


def places_of(take: PlannedTake, store: Store) -> tuple[KeyframePlace, ...]:
    """Where the keyframes of a take that is in the store are seen; empty where it is not noted."""
    return noted_places(store.note(take.key), take.request) or ()


def _measured(take: PlannedTake, media: Media, store: Store) -> tuple[KeyframePlace, ...]:
    places = measured_places(take.request, media)
    with suppress(StoreError):  # a store that can't be written: measured again another time
        store.takes.amend(take.key, with_places(store.note(take.key), take.request, places))
    return places


def media_of(store: Store, key: str) -> Media:
    """The file of a take that is in the store."""
    path = store.clip(key)
    facts = probe(path)
    shown = Media(path, key, facts.frames, facts.rate, facts.size, sound=facts.sound)
    return replace(shown, model=str(store.note(key).get("model", "")))
