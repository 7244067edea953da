"""The free, offline `draft` model: a shot's frames, drawn from its start and end stills.

Where the two stills show one scene, the frames are what a camera moving from the first to the
second would see (`morph`); where they do not, one dissolves into the other during a gentle
push (`dissolve`). Nothing is invented: nobody walks and no wave breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from storyboard.draft.dissolve import dissolve, push
from storyboard.draft.drawn_sheets import PLANES, RGB, stored
from storyboard.draft.ease import progress
from storyboard.draft.match import Match, match
from storyboard.draft.morph import drawn
from storyboard.draft.picture import Picture
from storyboard.draft.threads import one_thread

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from storyboard.draft.drawn_sheets import Medium, Sheets
    from storyboard.draft.pair import Pair

__all__ = ["Match", "Picture", "frames", "match", "stored_frames"]


def frames(
    start: Picture,
    end: Picture | None,
    count: int,
    *,
    eases_in: bool = False,
    eases_out: bool = False,
) -> Iterator[Picture]:
    """Draw the `count` frames of a shot, one at a time.

    The first frame is `start` and the last one `end`, bit for bit; a single frame is `start`.
    Without an `end` the shot is a slow push-in. `eases_in` says that nothing comes before the
    shot and `eases_out` that nothing follows: there the camera starts from, or comes to,
    rest; elsewhere it moves evenly, so that neighbouring shots meet without a stop.

    Pictures are uint8 RGB (height, width, 3). Raises ValueError for another kind of array,
    for stills of two shapes, and for a count below 1.
    """
    checked(start, end, count)
    times = progress(count, eases_in=eases_in, eases_out=eases_out)
    return (rgb for (rgb,) in joined(start, end, list(times), how=RGB))


def stored_frames(
    start: Picture,
    end: Picture | None,
    count: int,
    *,
    eases_in: bool = False,
    eases_out: bool = False,
) -> Iterator[VideoFrame]:
    """Draw the same frames as a video stores them, for less: YUV 4:2:0, BT.709 in video range.

    Raises ValueError for stills with an odd side as well.
    """
    checked(start, end, count)
    if start.shape[0] % 2 or start.shape[1] % 2:
        raise ValueError(f"a video has even sides, the start still is {start.shape}")
    times = progress(count, eases_in=eases_in, eases_out=eases_out)
    return map(stored, joined(start, end, list(times), how=PLANES))


def checked(start: Picture, end: Picture | None, count: int) -> None:
    """Raise ValueError unless frames can be drawn from these."""
    if count < 1:
        raise ValueError(f"a shot has at least one frame, not {count}")
    for name, still in (("start", start), ("end", end)):
        if still is None:
            continue
        if still.dtype != np.uint8 or still.ndim != 3 or still.shape[2] != 3 or not still.size:
            raise ValueError(
                f"the {name} still must be uint8 (height, width, 3), "
                f"not {still.dtype} {still.shape}"
            )
    if end is not None and end.shape != start.shape:
        raise ValueError(
            f"the stills differ in shape: start {start.shape}, end {end.shape}; fit them first"
        )


def joined(
    start: Picture, end: Picture | None, times: list[float], *, how: Medium
) -> Iterator[Sheets]:
    """Yield `start` itself, what follows or lies between, and `end` itself."""
    first = how.apart(np.ascontiguousarray(start))
    yield tuple(sheet.copy() for sheet in first)
    if end is None:
        yield from push(first, islice(times, 1, None))
        return
    last = how.apart(np.ascontiguousarray(end))
    if len(times) > 2:
        pair = match(start, end).pair
        yield from (
            dissolve(first, last, times[1:-1])
            if pair is None
            else (morphed(pair, time, first, last, how=how) for time in times[1:-1])
        )
    if len(times) > 1:
        yield tuple(sheet.copy() for sheet in last)


def morphed(pair: Pair, time: float, start: Sheets, end: Sheets, *, how: Medium) -> Sheets:
    """Draw the frame at `time`, strictly between 0 and 1, with one thread."""
    with one_thread():
        return drawn(pair, time, start, end, how=how)
