"""The free, offline `draft` model: a shot's frames, drawn from its start and end stills.

Where the two stills show one scene, the frames are what a camera moving from the first to the
second would see (`morph`); where they do not, one dissolves into the other during a gentle
push (`dissolve`). Nothing is invented: nobody walks and no wave breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from storyboard.draft.dissolve import dissolve, push
from storyboard.draft.ease import progress
from storyboard.draft.match import Match, match
from storyboard.draft.morph import between
from storyboard.draft.picture import Picture
from storyboard.draft.threads import one_thread

__all__ = ["Match", "Picture", "frames", "match"]


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
    start = np.ascontiguousarray(start)
    if end is None:
        return opened(start, times)
    return joined(start, np.ascontiguousarray(end), list(times))


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


def opened(start: Picture, times: Iterator[float]) -> Iterator[Picture]:
    """Yield `start` itself, then a push-in on it."""
    yield start.copy()
    yield from push(start, islice(times, 1, None))


def joined(start: Picture, end: Picture, times: list[float]) -> Iterator[Picture]:
    """Yield `start` itself, what lies between, and `end` itself."""
    yield start.copy()
    if len(times) > 2:
        yield from inbetween(start, end, times[1:-1])
    if len(times) > 1:
        yield end.copy()


def inbetween(start: Picture, end: Picture, times: Iterable[float]) -> Iterator[Picture]:
    """Yield the frames at `times`, all strictly between 0 and 1."""
    pair = match(start, end).pair
    if pair is None:
        yield from dissolve(start, end, times)
        return
    for time in times:
        with one_thread():
            frame = between(pair, time)
        yield frame
