"""How sounds go out where the film goes into a colour at its end."""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.exporting.media.files_of import Placed
    from storyboard.timeline import Sound, Timeline


def going_out(timeline: Timeline, heard: Sequence[Placed]) -> Timeline:
    """The timeline, each sound that lasts to the film's end with a fade-out like the picture's.

    For programs, which know fades of sounds and none of a film; ours goes down over all of them.
    """
    over = timeline.transition_over(timeline.frames)
    if over is None:
        return timeline

    def out(sound: Sound, placed: Placed) -> Sound:
        if sound.start + placed.frames < timeline.frames:
            return sound
        return replace(sound, fade_out=max(sound.fade_out, min(over.before, placed.frames)))

    return replace(timeline, sounds=tuple(starmap(out, zip(timeline.sounds, heard, strict=True))))
