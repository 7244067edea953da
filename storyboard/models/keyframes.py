"""Requests that take many keyframes: several shots of a scene are made in one take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from storyboard.models.request import Request
from storyboard.models.row import spoken_of, usual
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.models.model import Brief
    from storyboard.models.row import ModelRow


@dataclass(frozen=True, slots=True)
class AtFrames:
    """A list of objects, each with a picture's address and the frame on which it is to be seen.

    Keyframes lie where their shots want them; where the take that is sold is longer than they are
    together, all of them in the same proportion. The row's `start` names the list.
    """

    rate: int
    """Frames per second that the service counts by."""
    address: str = "image_url"
    index: str = "frame_index"

    def __call__(self, row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
        """What is sent for these shots."""
        stills = [briefs[0].start, *(brief.end for brief in briefs)]
        frames = [whole(mark * self.rate) for mark in spread(briefs, sold)]
        named = {
            f"{row.start}.{i}.{self.address}": still for i, still in enumerate(stills) if still
        }
        listed = [{self.index: frame} for frame, still in zip(frames, stills, strict=True) if still]
        told = usual(row, together(briefs), briefs[0].options, sold)
        return Request(
            endpoint=row.endpoint,
            arguments={**told, row.start: listed},
            pictures=named,
            parts={**dict(zip(named, parts(len(named)), strict=True)), **spoken_of(row)},
            marks=tuple(Fraction(frame, self.rate) for frame in frames),
        )


def spread(briefs: Sequence[Brief], sold: Fraction) -> list[Fraction]:
    """When each keyframe is to be reached, in seconds of a take of this length."""
    ends = list(accumulate(brief.seconds for brief in briefs))
    return [Fraction(0), *(end * sold / ends[-1] for end in ends)]


def together(briefs: Sequence[Brief]) -> str:
    """The prompts of several shots as one, each once where the same is said again and again."""
    return " Then: ".join(dict.fromkeys(brief.prompt for brief in briefs))


def parts(keyframes: int) -> list[str]:
    """What so many keyframes are to their shots: `start`, `end`, `1.end`, `2.end`, ..."""
    return ["start", "end", *(f"{number}.end" for number in range(1, keyframes - 1))][:keyframes]
