"""Looking at a finished film before it takes its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.audio.mix import length
from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.errors import MediaError
from storyboard.rendering.join import digest_of, header_of
from storyboard.rendering.kept import checksum
from storyboard.rendering.memory import FORGETFUL
from storyboard.video.containers import reading
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from storyboard.rendering.join import JoinedFile
    from storyboard.rendering.memory import Memory
    from storyboard.rendering.segments import Segment
    from storyboard.timeline import Timeline

_LOOKS = 12
"""How many segments' first pictures are decoded, at most: the headers are the same for all."""
_AS_PLAYERS = 4
"""Players decode several frames at a time; where parameter sets change, that is not the same."""
_BEYOND = 12
"""How many frames before and behind a join are compared, at most."""


class Unlike(MediaError):
    """A film that is decoded to other pictures than its pieces."""


def verify(
    path: Path,
    timeline: Timeline,
    segments: Sequence[Segment],
    joined: JoinedFile,
    *,
    sound: bool,
    memory: Memory = FORGETFUL,
) -> None:
    """MediaError unless the film is what was to be written, whole, and can be played.

    Every segment was decoded from end to end when it was made; here its packets are found again,
    byte for byte, and first pictures all over the film are decoded with the film's own headers.
    Where takes' packets and the encoder's meet, all that is needed is decoded across the join, and
    takes' frames there have to be bit for bit what they are in the take. The same packets under the
    same header are not decoded again, where `memory` has them.
    """
    found = digest_of(path)
    if found.frames != timeline.frames:
        raise MediaError(f"the film has {found.frames} frames, not {timeline.frames}")
    if found != joined:
        raise MediaError("the film was not written as it was joined; the disk may be failing")
    with Reader(path, threads=_AS_PLAYERS) as reader:
        facts = reader.facts
        rate = timeline.rate if facts.frames == 1 else facts.rate  # one frame has no rate
        if (rate, facts.size) != (timeline.rate, timeline.size):
            raise MediaError(
                f"the film has {facts.size} at {facts.rate} frames per second, "
                f"not {timeline.size} at {timeline.rate}"
            )
        if not facts.colour.bt709 or not facts.steady:
            raise MediaError("the film is not tagged as BT.709, or its frames are not steady")
        header = header_of(segments).hex()
        known = ["film", joined.digest, header]
        if not memory.recall(known):
            _look_over(reader, segments, header, memory)
            memory.keep(known, found.frames)
    if sound:
        _verify_sound(path, timeline)


def _look_over(reader: Reader, segments: Sequence[Segment], header: str, memory: Memory) -> None:
    """Decode first pictures, and across a join of each kind that is new under this header."""
    for segment in segments[:: 1 + len(segments) // _LOOKS]:
        _look(reader, segment, range(1))
    for before, after in _joins(segments):
        kind = ["join", header, _sets(before), _sets(after)]
        if not memory.recall(kind):
            _look(reader, before, range(max(before.frames - _BEYOND, 0), before.frames))
            _look(reader, after, range(_BEYOND))
            memory.keep(kind, "good")


def _sets(segment: Segment) -> str:
    return segment.piece.sets.header().hex() if segment.piece.sets else "encoded"


def _look(reader: Reader, segment: Segment, numbers: range) -> None:
    """Decode these frames of a segment; MediaError where one is not what it was."""
    for number in numbers[: segment.frames]:
        shown = reader.frame(segment.start + number)
        other = bool(segment.sums) and checksum(shown) != segment.sums[number]
        if shown.is_corrupt or other:
            raise Unlike(f"the film's frame {segment.start + number} is not what it was to be")


def _joins(segments: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """Of each kind of join one: where other parameter sets, or other packets, take over."""
    kinds: dict[tuple[object, object], tuple[Segment, Segment]] = {}
    for before, after in pairwise(segments):
        if before.piece.kept or after.piece.kept:
            kind = before.piece.sets, after.piece.sets
            known = kinds.get(kind)
            if known is None or before.frames < known[0].frames:
                kinds[kind] = before, after
    yield from kinds.values()


def _verify_sound(path: Path, timeline: Timeline) -> None:
    """The track has to last as long as the picture, to the sample."""
    with reading(path) as container:
        stream = container.streams.audio[0] if container.streams.audio else None
        base = stream and stream.time_base
        lasts = stream and stream.duration and base and stream.duration * base * SAMPLE_RATE
    if lasts != length(timeline):
        raise MediaError(f"the film's sound has {lasts} samples, not {length(timeline)}")
