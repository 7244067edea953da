"""The fixes that a storyboard asks for at its seams, made only where the fault was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.rendering.reels import Reels
from storyboard.reviewing.bridge import bridges
from storyboard.reviewing.colour_match import RAMP, colour_match
from storyboard.reviewing.seams import review, sides_of
from storyboard.workers import each

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.rendering.compose import PictureFix
    from storyboard.reviewing.colour_match import ColourMatch
    from storyboard.reviewing.report import Report, SeamReport
    from storyboard.timeline import SeamMark, Timeline


@dataclass(frozen=True, slots=True)
class Fixed:
    """One seam before and after its fixes."""

    before: SeamReport
    after: SeamReport


def fixes(
    timeline: Timeline, report: Report, *, executor: Executor | None = None
) -> tuple[PictureFix, ...]:
    """The looks for every seam that asks for a fix and was found to need it.

    `match_color` turns the earlier shot's end to the later shot's colours where there is a step;
    `bridge` draws frames over a jump. To be given to the film and its segments. `executor` works
    them out, as many seams at a time as it has workers.
    """
    marks = {mark.at: mark for mark in timeline.seams}
    asked = [(marks[seam.at], seam) for seam in report.seams if _wanted(marks[seam.at], seam)]
    given = ((timeline, mark, seam) for mark, seam in asked)
    return tuple(look for found in each(executor, looks_for, given) for look in found)


def _wanted(mark: SeamMark, seam: SeamReport) -> bool:
    """Whether a seam asks for a fix and was found to need it."""
    colour, jump = "colour" in seam.kinds, "jump" in seam.kinds
    return bool((mark.match_color and colour) or (mark.bridge and jump))


def looks_for(timeline: Timeline, mark: SeamMark, seam: SeamReport) -> tuple[PictureFix, ...]:
    """One seam's fixes, worked out where it is called."""
    looks: list[PictureFix] = []
    if mark.match_color and "colour" in seam.kinds:
        match = _match(timeline, mark)
        looks += [match] if match else []
    if mark.bridge and "jump" in seam.kinds:
        looks += bridges(timeline, mark)
    return tuple(looks)


def fixed(
    timeline: Timeline,
    report: Report,
    looks: tuple[PictureFix, ...],
    *,
    executor: Executor | None = None,
) -> tuple[Fixed, ...]:
    """Measure again the seams that have looks, with them."""
    touched = [
        (mark, seam)
        for mark in timeline.seams
        for seam in report.seams
        if seam.at == mark.at and any(look.start <= mark.at <= look.end for look in looks)
    ]
    again = review(timeline, looks=looks, seams=[mark for mark, _ in touched], executor=executor)
    return tuple(Fixed(seam, now) for (_, seam), now in zip(touched, again.seams, strict=True))


def _match(timeline: Timeline, mark: SeamMark) -> ColourMatch | None:
    """Over the ramp, or half the shot if that is shorter."""
    with Reels() as reels:
        sides = sides_of(timeline, mark, reels=reels)
    ramp = min(RAMP, sum(clip.frames for clip in timeline.of(mark.before)) // 2)
    return colour_match(
        mark.before,
        last=sides.before[-1],
        first=sides.after[0],
        start=mark.at - ramp,
        end=mark.at,
    )
