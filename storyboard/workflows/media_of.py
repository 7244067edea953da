"""What a take of a shot is: its file, and the shot's part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.cutting.cut import Footage
from storyboard.timeline import Media
from storyboard.video.probing import probe

if TYPE_CHECKING:
    from storyboard.planning.planned import PlannedTake
    from storyboard.store import Store


def of_take(take: PlannedTake, store: Store) -> Footage:
    """A take of a shot that is in the store, whether it is picked or not: the shot's part of it."""
    request_id = str(store.note(take.key).get("request_id") or "")
    return Footage(media_of(store, take.key), take.number, request_id).lying(take)


def media_of(store: Store, key: str) -> Media:
    """The file of a take that is in the store."""
    path = store.clip(key)
    facts = probe(path)
    shown = Media(path, key, facts.frames, facts.rate, facts.size, sound=facts.sound)
    return replace(shown, model=str(store.note(key).get("model", "")))
