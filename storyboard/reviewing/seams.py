"""Measuring the seams of a film as it is cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from storyboard.errors import MediaError
from storyboard.ledger import disk
from storyboard.rendering.compose import compose
from storyboard.rendering.memory import FORGETFUL
from storyboard.rendering.reels import Reels
from storyboard.rendering.segment_keys import pictures_of
from storyboard.reviewing import measure
from storyboard.reviewing.limits import JUMP, Numbers, verdict
from storyboard.reviewing.repeat import repeat, small
from storyboard.reviewing.report import Report, SeamReport
from storyboard.reviewing.strip import draw_strip
from storyboard.timeline.stretches import Stretch
from storyboard.units.sizes import Size
from storyboard.workers import in_turn

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.memory import Memory
    from storyboard.reviewing.measure import Picture
    from storyboard.timeline import Clip, SeamMark, Timeline

_MEASURING = 2
"""Raised whenever the same pictures would be measured otherwise."""

LOOKED_AT = 7
"""Frames on either side of a seam."""

FAR = 12
"""Frames from the seam at which motion is looked at once more, to know a pause."""

_SHARP_FRAMES = 2
_LARGE = 1280
_LOCAL_JUMP = 1.0
_STILL, _MOVES = 0.25, 0.3


@dataclass(frozen=True, slots=True)
class Sides:
    """Small pictures of both sides of a seam, in the order of the film."""

    before: tuple[Picture, ...]
    after: tuple[Picture, ...]
    sharpness: tuple[float, float]
    """Fine detail before and after, at (up to) the film's size."""
    far: tuple[tuple[Picture, Picture], ...] = ()
    """Two neighbouring pictures each, half a second away from the seam."""


def review(
    timeline: Timeline,
    *,
    looks: Sequence[PictureFix] = (),
    pictures: Path | str | None = None,
    seams: Sequence[SeamMark] | None = None,
    told: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    memory: Memory = FORGETFUL,
) -> Report:
    """Measure every seam (or these) of the film, with its looks, without titles and transitions.

    `pictures` is a folder for a PNG of both sides of each seam. `told` hears how many seams are
    done, of how many. `executor` measures as many at a time as it has workers; by default, each
    core does one. What is in `memory` is not measured again, unless pictures are wanted.
    MediaError when a take can't be read or a picture can't be written.
    """
    pictures = None if pictures is None else Path(pictures)
    if pictures is not None:
        disk.refuse_inside(pictures)
    marks = timeline.seams if seams is None else seams
    known = {} if pictures else _remembered(timeline, marks, looks, memory)
    asked = [mark for mark in marks if mark.at not in known]
    given = ((timeline, mark, tuple(looks), pictures) for mark in asked)
    with closing(in_turn(executor, reviewed, given)) as coming:
        for done, (mark, found) in enumerate(zip(asked, coming, strict=True), 1):
            known[mark.at] = found
            _keep(timeline, mark, looks, found, memory)
            if told:
                told(done, len(asked))
    return Report(timeline.rate, tuple(known[mark.at] for mark in marks))


def asides(
    timeline: Timeline, marks: Sequence[SeamMark], memory: Memory
) -> dict[int, Callable[[Reels], None]]:
    """What measures these seams where their takes are decoded anyway, for `review` to remember.

    By the film frame that each seam is at; without those that are measured. Where nothing is
    remembered, there is nothing to do.
    """
    known = _remembered(timeline, marks, (), memory)
    left = [mark for mark in marks if mark.at not in known] if memory.lasts else []
    return {mark.at: partial(_measure_aside, timeline, mark, memory) for mark in left}


def _measure_aside(timeline: Timeline, mark: SeamMark, memory: Memory, reels: Reels) -> None:
    with suppress(MediaError):  # `review` says it
        _keep(timeline, mark, (), _reported(timeline, mark, (), None, reels), memory)


def _keep(
    timeline: Timeline,
    mark: SeamMark,
    looks: Sequence[PictureFix],
    found: SeamReport,
    memory: Memory,
) -> None:
    answer = [asdict(found.numbers), found.kinds, found.untold]
    memory.keep(_question(timeline, mark, looks), answer)


def _remembered(
    timeline: Timeline, marks: Sequence[SeamMark], looks: Sequence[PictureFix], memory: Memory
) -> dict[int, SeamReport]:
    """The seams that were measured before, by their frame."""
    known = {}
    for mark in marks:
        if said := memory.recall(_question(timeline, mark, looks)):
            numbers, kinds, untold = said
            found, names = Numbers(**numbers), (mark.before, mark.after)
            known[mark.at] = SeamReport(mark.at, *names, found, tuple(kinds), untold=untold)
    return known


def _question(timeline: Timeline, mark: SeamMark, looks: Sequence[PictureFix]) -> list[object]:
    """All that decides what is measured at a seam, and what is said of it."""
    bare = timeline.bare()
    begin, end = timeline.reach(mark.before, mark.after)
    first, last = max(begin, mark.at - FAR - 1), min(end, mark.at + FAR + 1)
    around = Stretch(first, last - first, own=True, shots=frozenset())
    seen = pictures_of(bare, around, looks=looks)
    sides = _stands(timeline, mark), _is_mended(timeline, mark)
    return ["seam", _MEASURING, bare.size, bare.background, mark.at - first, seen, *sides]


def measured(sides: Sides) -> Numbers:
    """The numbers of a seam."""
    last, first = sides.before[-1], sides.after[0]
    pairs = [*pairwise(sides.before), *pairwise(sides.after)]
    before, after = sides.sharpness
    return Numbers(
        difference=measure.difference(last, first),
        difference_inside=_median([measure.difference(*pair) for pair in pairs]),
        likeness=measure.likeness(last, first),
        likeness_inside=_median([measure.likeness(*pair) for pair in pairs], nothing=1.0),
        colour=measure.colour_step(last, first),
        colour_inside=_median([measure.colour_step(*pair) for pair in pairs]),
        levels=measure.coarse_difference(last, first),
        sharpness=after / before if before else 1.0,
        **_motion(sides),
    )


def sides_of(
    timeline: Timeline, mark: SeamMark, *, reels: Reels, looks: Sequence[PictureFix] = ()
) -> Sides:
    """The pictures on both sides of a seam, as far as its two shots go."""
    bare = timeline.bare()
    little, large = bare.reshaped(small(bare.size)), bare.reshaped(_large(bare.size))

    def seen(frame: int, cut: Timeline) -> Picture:
        return compose(cut, frame, reels=reels, looks=looks)

    begin, end = timeline.reach(mark.before, mark.after)
    shown, sharp = {}, {}
    for frame in range(max(begin, mark.at - FAR - 1), min(end, mark.at + FAR + 1)):
        distance = mark.at - 1 - frame if frame < mark.at else frame - mark.at
        if distance < LOOKED_AT or distance >= FAR - 1:
            shown[frame] = seen(frame, little)
        if distance < _SHARP_FRAMES:
            sharp[frame] = measure.sharpness(seen(frame, large))
    far = [
        (shown[one], shown[one + 1])
        for one in (mark.at - FAR - 1, mark.at + FAR - 1)
        if one in shown and one + 1 in shown
    ]
    return Sides(
        before=tuple(shown[f] for f in sorted(shown) if mark.at - LOOKED_AT <= f < mark.at),
        after=tuple(shown[f] for f in sorted(shown) if mark.at <= f < mark.at + LOOKED_AT),
        sharpness=(
            _median([value for frame, value in sharp.items() if frame < mark.at]),
            _median([value for frame, value in sharp.items() if frame >= mark.at]),
        ),
        far=tuple(far),
    )


def reviewed(
    timeline: Timeline, mark: SeamMark, looks: Sequence[PictureFix], folder: Path | None
) -> SeamReport:
    """One seam, measured where it is called."""
    with Reels() as reels:
        return _reported(timeline, mark, looks, folder, reels)


def _reported(
    timeline: Timeline,
    mark: SeamMark,
    looks: Sequence[PictureFix],
    folder: Path | None,
    reels: Reels,
) -> SeamReport:
    sides = sides_of(timeline, mark, reels=reels, looks=looks)
    numbers = measured(sides)
    again = repeat(sides.before, sides.after)
    repeats = again.found and not again.at_rest and not _stands(timeline, mark)
    mended = _is_mended(timeline, mark)
    kinds = verdict(numbers, repeats=repeats, mended=mended)
    untold = not again.told and not mended
    found = SeamReport(mark.at, mark.before, mark.after, numbers, kinds, untold=untold)
    if folder is None:
        return found
    path = folder / f"{mark.at:06d}-{mark.before}-{mark.after}.png"
    draw_strip(path, found, before=sides.before, after=sides.after, rate=timeline.rate)
    return replace(found, picture=str(path))


def _stands(timeline: Timeline, mark: SeamMark) -> bool:
    """Whether a still is held on one side: it shows one picture all the time."""
    return any(clip.media.kind == "still" for clip in _meeting(timeline, mark))


def _is_mended(timeline: Timeline, mark: SeamMark) -> bool:
    return any(clip.drops for clip in _meeting(timeline, mark) if clip.end == mark.at)


def _meeting(timeline: Timeline, mark: SeamMark) -> list[Clip]:
    """The clips that end or begin at a seam."""
    beside = (timeline.clip_at(frame) for frame in (mark.at - 1, mark.at))
    return [clip for clip in beside if mark.at in (clip.start, clip.end)]


class _Motion(TypedDict):
    """What `Numbers` has of motion."""

    flow: float
    flow_inside: float
    jumping: float
    still: int


def _motion(sides: Sides) -> _Motion:
    """Only where there is detail: elsewhere flow between two encodings of one picture is any."""
    last, first = sides.before[-1], sides.after[0]
    across = measure.length(measure.flow(last, first))
    steps = [
        [measure.length(measure.flow(*pair)) for pair in pairwise(side)]
        for side in (sides.before, sides.after)
    ]
    inside = np.median([*steps[0], *steps[1]] or [across * 0], axis=0)
    beyond = across > np.maximum(JUMP * inside, inside + _LOCAL_JUMP)
    detail = measure.textured(last, first)
    moving = detail & (inside > measure.MOVING)
    asked = moving if moving.sum() > 0.15 * detail.sum() else detail
    return _Motion(
        flow=float(np.median(across[asked])) if asked.any() else 0.0,
        flow_inside=float(np.median(inside[asked])) if asked.any() else 0.0,
        jumping=float(beyond[detail].mean()) if detail.any() else 0.0,
        still=_still([*map(_pace, steps[0])], _pace(across), [*map(_pace, steps[1])], sides.far),
    )


def _still(
    before: list[float], seam: float, after: list[float], far: Sequence[tuple[Picture, Picture]]
) -> int:
    """How many steps in a row, the seam's among them, are nearly none, where others are some."""
    outer = [_pace(measure.length(measure.flow(*pair))) for pair in far]
    outer = outer or [*before[:1], *after[-1:]]
    usual = min(outer, default=0.0)
    slow = _STILL * usual
    if usual < _MOVES or seam > slow:
        return 0
    count = 1
    for steps in (reversed(before), after):
        for step in steps:
            if step > slow:
                break
            count += 1
    return count


def _pace(lengths: measure.Plane) -> float:
    """How far the faster part of the picture moves, in pixels."""
    return float(np.percentile(lengths, 75))


def _large(size: Size) -> Size:
    scale = min(_LARGE / max(size.width, size.height), 1)
    return Size(round(size.width * scale / 2) * 2, round(size.height * scale / 2) * 2)


def _median(values: Sequence[float], *, nothing: float = 0.0) -> float:
    return float(np.median(values)) if values else nothing
