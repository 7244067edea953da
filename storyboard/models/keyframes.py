"""Requests that take many keyframes: several shots of a scene are made in one take.

    AtFrames        a list of objects, each an address and a frame
    InTwoLists      a list of addresses, and one of frames
    ByTransitions   a list of addresses, and one of transitions with words and lengths of their own

By frames each keyframe lies exactly where its shot ends in the film. Where the take that is sold is
longer than all its shots, it goes on after the last keyframe, and the film does not use that. By
transitions a shot lasts whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any

from storyboard.models.request import Request
from storyboard.models.row import shaped, spoken_of, usual
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.models.model import Brief
    from storyboard.models.row import ModelRow


@dataclass(frozen=True, slots=True)
class AtFrames:
    """A list of objects, each with a picture's address and the frame on which it is to be seen.

    The row's `start` names the list.
    """

    rate: int
    """Frames per second that the service counts by."""
    address: str = "image_url"
    index: str = "frame_index"

    def __call__(self, row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
        """What is sent for these shots."""
        stills, frames = _stills(briefs), _frames(briefs, self.rate)
        listed = [{self.index: at} for at, still in zip(frames, stills, strict=True) if still]
        named = {f"{row.start}.{i}.{self.address}": still for i, still in enumerate(stills)}
        return _request(row, briefs, sold, named, {row.start: listed}, _seconds(frames, self.rate))


@dataclass(frozen=True, slots=True)
class InTwoLists:
    """A list of pictures' addresses, and one of the frames on which they are to be seen.

    The row's `start` names the first, `indexes` the second.
    """

    rate: int
    """Frames per second that the service counts by."""
    indexes: str

    def __call__(self, row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
        """What is sent for these shots."""
        stills, frames = _stills(briefs), _frames(briefs, self.rate)
        listed = [at for at, still in zip(frames, stills, strict=True) if still]
        named = {f"{row.start}.{i}": still for i, still in enumerate(stills)}
        told, marks = {self.indexes: listed}, _seconds(frames, self.rate)
        made = _request(row, briefs, sold, named, told, marks)
        parts = {f"{self.indexes}.{i}": part for i, part in enumerate(_parts(len(listed)))}
        return made.speaking_of(parts)


@dataclass(frozen=True, slots=True)
class ByTransitions:
    """A list of pictures' addresses, and one of transitions, each with words and whole seconds.

    The row's `start` names the first, `transitions` the second. No words are for all of them.
    """

    transitions: str
    prompt: str = "prompt"
    duration: str = "duration"

    def __call__(self, row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
        """What is sent for these shots."""
        lengths = [ceil(brief.seconds) for brief in briefs]
        listed = [
            {self.prompt: brief.prompt, self.duration: length}
            for brief, length in zip(briefs, lengths, strict=True)
        ]
        named = {f"{row.start}.{i}": still for i, still in enumerate(_stills(briefs))}
        marks = tuple(map(Fraction, accumulate(lengths, initial=0)))
        made = _request(row, briefs, sold, named, {self.transitions: listed}, marks)
        own = {
            f"{self.transitions}.{i}.{name}": f"{i}.{part}" if i else part
            for i in range(len(briefs))
            for name, part in ((self.prompt, "prompt"), (self.duration, "duration"))
        }
        return made.speaking_of(own)


def together(briefs: Sequence[Brief]) -> str:
    """The prompts of several shots as one.

    Words that several say one after the other, and the style that all of them have, stand once.
    """
    styles = {brief.style for brief in briefs}
    style = styles.pop() if len(styles) == 1 else ""
    own = [brief.words if style else brief.prompt for brief in briefs]
    said = " Then: ".join(_without_repeats(own))
    if not style:
        return said
    return f"{said} {style}" if said[-1] in ".!?…" else f"{said}. {style}"


def _without_repeats(words: Sequence[str]) -> Iterator[str]:
    for i, own in enumerate(words):
        if not i or own != words[i - 1]:
            yield own


def _stills(briefs: Sequence[Brief]) -> list[PreparedStill | None]:
    return [briefs[0].start, *(brief.end for brief in briefs)]


def _frames(briefs: Sequence[Brief], rate: int) -> list[int]:
    """The frame of each keyframe: where its shot ends, and never two on one."""
    frames = [0]
    for end in accumulate(brief.seconds for brief in briefs):
        frames.append(max(whole(end * rate), frames[-1] + 1))
    return frames


def _seconds(frames: Sequence[int], rate: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(frame, rate) for frame in frames)


def _request(
    row: ModelRow,
    briefs: Sequence[Brief],
    sold: Fraction,
    named: Mapping[str, PreparedStill | None],
    listed: Mapping[str, Any],
    marks: tuple[Fraction, ...],
) -> Request:
    pictures = {name: still for name, still in named.items() if still is not None}
    told = usual(row, together(briefs), briefs[0].options, sold)
    return Request(
        endpoint=row.endpoint,
        arguments={**told, **shaped(row, briefs[0]), **listed},
        pictures=pictures,
        parts={**dict(zip(pictures, _parts(len(pictures)), strict=True)), **spoken_of(row)},
        marks=marks,
        lasts=sold if sold > marks[-1] else None,
    )


def _parts(keyframes: int) -> list[str]:
    """What so many keyframes are to their shots: `start`, `end`, `1.end`, `2.end`, ..."""
    return ["start", "end", *(f"{number}.end" for number in range(1, keyframes - 1))][:keyframes]
