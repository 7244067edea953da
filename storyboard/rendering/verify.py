"""Looking at a finished film before it takes its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.audio.mix import length
from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.errors import MediaError
from storyboard.rendering.join import digest_of
from storyboard.video.containers import reading
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.rendering.join import JoinedFile
    from storyboard.rendering.segments import Segment
    from storyboard.timeline import Timeline

_LOOKS = 12
"""How many segments' first pictures are decoded, at most: the headers are the same for all."""


def verify(
    path: Path, timeline: Timeline, segments: Sequence[Segment], joined: JoinedFile, *, sound: bool
) -> None:
    """MediaError unless the film is what was to be written, whole, and can be played.

    Every segment was decoded from end to end when it was made; here its packets are found again,
    byte for byte, and first pictures all over the film are decoded with the film's own headers.
    """
    found = digest_of(path)
    if found.frames != timeline.frames:
        raise MediaError(f"the film has {found.frames} frames, not {timeline.frames}")
    if found != joined:
        raise MediaError("the film was not written as it was joined; the disk may be failing")
    with Reader(path) as reader:
        facts = reader.facts
        rate = timeline.rate if facts.frames == 1 else facts.rate  # one frame has no rate
        if (rate, facts.size) != (timeline.rate, timeline.size):
            raise MediaError(
                f"the film has {facts.size} at {facts.rate} frames per second, "
                f"not {timeline.size} at {timeline.rate}"
            )
        if not facts.colour.bt709 or not facts.steady:
            raise MediaError("the film is not tagged as BT.709, or its frames are not steady")
        for segment in segments[:: 1 + len(segments) // _LOOKS]:
            reader.frame(segment.start)
    if sound:
        _verify_sound(path, timeline)


def _verify_sound(path: Path, timeline: Timeline) -> None:
    """The track has to last as long as the picture, to the sample."""
    with reading(path) as container:
        stream = container.streams.audio[0] if container.streams.audio else None
        base = stream and stream.time_base
        lasts = stream and stream.duration and base and stream.duration * base * SAMPLE_RATE
    if lasts != length(timeline):
        raise MediaError(f"the film's sound has {lasts} samples, not {length(timeline)}")
