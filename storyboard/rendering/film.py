"""The film as one moviepy clip, composed frame by frame over the timeline's whole numbers.

    film          picture and sound as a moviepy clip, to go on working with
    compose       the picture on one film frame
    lettering     titles, captions and the burn-in
    transitions   what lies between scenes
    sound         the mix

Nothing here uses moviepy's own joining: its seconds are floats, and lose and double frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from storyboard.audio.mix import length, mix
from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.rendering.compose import compose
from storyboard.rendering.moviepy_clip import moviepy
from storyboard.rendering.reels import Reels

if TYPE_CHECKING:
    from moviepy import AudioClip

    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.moviepy_clip import MoviepyClip
    from storyboard.timeline import Timeline
    from storyboard.video.colour import Picture


_NUDGE = 1e-6
"""Seconds. More than the noise of floats, less than a part of a sample or frame."""


def film(
    timeline: Timeline, *, looks: Sequence[PictureFix] = (), reels: Reels | None = None
) -> MoviepyClip:
    """The film as a moviepy `VideoClip` of the timeline's size, rate and length, with its sound.

    Takes are opened at their first frame and closed after their last; the sound is mixed when it
    is first asked for. `clip.close()` lets go of all files. To write the film to a file, prefer
    `storyboard.assemble`: moviepy's writer rounds the rate and converts colours as BT.601.
    """
    mp = moviepy()
    pictures = reels or Reels()

    def picture(seconds: float) -> Picture:
        shown = compose(timeline, frame_at(seconds, timeline), reels=pictures, looks=looks)
        return shown if shown.flags.writeable else shown.copy()

    clip: Any = mp.VideoClip(duration=float(timeline.seconds) + _NUDGE)
    clip.frame_function = picture
    clip.size = (timeline.size.width, timeline.size.height)
    clip.fps = float(timeline.rate)
    clip.close = pictures.close
    sounding: MoviepyClip = clip.with_audio(_sound(timeline)) if timeline.sounds else clip
    return sounding


def frame_at(seconds: float, timeline: Timeline) -> int:
    """The film frame that is seen at a time in seconds; before and after the film its ends."""
    frame = int((Fraction(seconds) + Fraction(_NUDGE)) * timeline.rate // 1)
    return min(max(frame, 0), timeline.frames - 1)


def time_of(frame: int, timeline: Timeline) -> float:
    """The time in seconds at which moviepy has to ask for this film frame."""
    return float(frame / timeline.rate)


def _sound(timeline: Timeline) -> AudioClip:
    """The mix as a moviepy clip, made when its first samples are asked for."""
    mixed: list[Any] = []

    def samples(seconds: Any) -> Any:
        if not mixed:
            heard = mix(timeline)
            mixed.append(np.zeros((length(timeline), 2), np.float32) if heard is None else heard)
        whole = mixed[0]
        places = np.rint(np.asarray(seconds) * SAMPLE_RATE).astype(np.int64)
        inside = (places >= 0) & (places < len(whole))
        found = whole[np.clip(places, 0, max(len(whole) - 1, 0))]
        return found * inside[..., None]

    clip = moviepy().AudioClip(duration=float(timeline.seconds), fps=SAMPLE_RATE)
    clip.frame_function = samples  # not by the constructor, which would ask for a sample at once
    clip.nchannels = 2
    return clip
