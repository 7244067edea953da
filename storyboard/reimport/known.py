"""What is known of a film before its edited cut is read: its shots, and takes that several show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.reimport.sequence import Known, SharedTake, nowhere
from storyboard.reimport.snapping import labels
from storyboard.timeline.recut import natural

if TYPE_CHECKING:
    from collections.abc import Collection

    from storyboard.reimport.sequence import Find
    from storyboard.timeline import Media, Timeline


def known_of(uncut: Timeline, shots: Collection[str], find: Find = nowhere) -> Known:
    """What is known of the film whose shots, each as it stands, are `uncut`; `find` knows files."""
    shown: dict[Media, list[tuple[str, int]]] = {}
    for shot, own in natural(uncut).items():
        if own.clip.media.kind == "take":
            shown.setdefault(own.clip.media, []).append((shot, own.clip.first))
    shared = {
        f"{places[0][0]}-{places[-1][0]}": SharedTake(
            tuple(places), tuple(labels(places[0][0], uncut))
        )
        for places in shown.values()
        if len(places) > 1
    }
    return Known({*shots, *uncut.order}, uncut.rate, shared, find)
