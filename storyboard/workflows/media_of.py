"""What a take of a shot is: its file, and the shot's part of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.cutting.cut import Footage
from storyboard.errors import StoreError
from storyboard.reviewing.keyframe_places import (
    inside,
    measured_places,
    noted_places,
    with_places,
)
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.video.probing import probe

if TYPE_CHECKING:
    from storyboard.planning.planned import PlannedTake
    from storyboard.reviewing.keyframe_places import KeyframePlace
    from storyboard.store import Store
    from storyboard.units.timing import Rate


def of_take(take: PlannedTake, store: Store, *, measure: bool = True) -> Footage:
    """A take of a shot that is in the store, whether it is picked or not: the shot's part of it.

    Where the shot's keyframes lie within the take they are looked for in its frames, once: the
    places are kept in its note, where the store can be written. Without `measure`, they are as
    noted, or as ordered.
    """
    note = store.note(take.key)
    media = media_of(store, take.key, note)
    found = Footage(media, take.number, str(note.get("request_id") or ""))
    if not inside(take.request):
        return found.lying(take)
    places = noted_places(note, take.request)
    if places is None and measure:
        places = _measured(take, media, store)
    return found.lying(take, [place.seen for place in places] if places else None)


def is_placed(take: PlannedTake, store: Store) -> bool:
    """Whether it is noted where the keyframes within a take are seen; so it is where none are."""
    return not inside(take.request) or noted_places(store.note(take.key), take.request) is not None


def places_of(take: PlannedTake, store: Store) -> tuple[KeyframePlace, ...]:
    """Where the keyframes of a take that is in the store are seen; empty where it is not noted."""
    return noted_places(store.note(take.key), take.request) or ()


def _measured(take: PlannedTake, media: Media, store: Store) -> tuple[KeyframePlace, ...]:
    places = measured_places(take.request, media)
    with suppress(StoreError):  # a store that can't be written: measured again another time
        store.takes.amend(take.key, with_places(store.note(take.key), take.request, places))
    return places


def media_of(store: Store, key: str, note: Mapping[str, Any] | None = None) -> Media:
    """The file of a take that is in the store, as its note has it; opened where that says nothing.

    `note` is given where it was read before.
    """
    path = store.clip(key)
    about = store.note(key) if note is None else note
    found = _noted(about.get("measured"))
    if found is None:
        facts = probe(path)
        found = facts.frames, facts.rate, facts.size, facts.sound
    frames, rate, size, sound = found
    return Media(path, key, frames, rate, size, sound=sound, model=str(about.get("model", "")))


def _noted(measured: object) -> tuple[int, Rate, Size, bool] | None:
    """Frames, rate, size and sound, as they were measured when the take came; None where they were
    not. A take never changes under its key, so it need not be opened to be measured again."""
    if not isinstance(measured, dict):
        return None
    try:
        width, height = map(int, str(measured["size"]).split("x"))
        frames, rate = int(measured["frames"]), Fraction(str(measured["rate"]))
        sound = bool(measured["sound"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if min(frames, width, height) < 1 or rate <= 0:
        return None
    return frames, rate, Size(width, height), sound
