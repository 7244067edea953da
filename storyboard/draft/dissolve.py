"""Frames that need no measured motion: a slow push-in, and a dissolve between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from storyboard.draft.drawn_sheets import Sheets
    from storyboard.draft.picture import Picture

PUSH = 0.06
"""How much nearer the camera comes in one shot, as a share of the picture's size."""

DISSOLVE_FROM, DISSOLVE_TO = 0.3, 0.7
"""Between these times both pictures are seen."""


def push(sheets: Sheets, times: Iterable[float]) -> Iterator[Sheets]:
    """Yield the frames of a slow push-in on a picture, which is its frame at time 0."""
    for time in times:
        yield nearer(sheets, 1 + PUSH * time)


def dissolve(start: Sheets, end: Sheets, times: Iterable[float]) -> Iterator[Sheets]:
    """Yield the frames of one push-in during which `start` gives way to `end`.

    `start` is its frame at time 0 and `end` its frame at time 1; outside the middle of the
    shot a frame shows one of them only.
    """
    for time in times:
        share = end_share(time)
        if share <= 0:
            yield nearer(start, 1 + PUSH * time)
        elif share >= 1:
            yield nearer(end, 1 - PUSH * (1 - time))
        else:
            sides = nearer(start, 1 + PUSH * time), nearer(end, 1 - PUSH * (1 - time))
            yield tuple(mixed(*pair, share=share) for pair in zip(*sides, strict=True))


def nearer(sheets: Sheets, zoom: float) -> Sheets:
    """Scale every sheet of a picture about its middle by `zoom`."""
    return tuple(pushed(sheet, zoom) for sheet in sheets)


def end_share(time: float) -> float:
    """Say how far the end picture has come in, 0 to 1."""
    part = min(max((time - DISSOLVE_FROM) / (DISSOLVE_TO - DISSOLVE_FROM), 0.0), 1.0)
    return part * part * (3 - 2 * part)


def mixed(start: Picture, end: Picture, *, share: float) -> Picture:
    """Blend two pictures, `share` of the second."""
    return np.array(Image.blend(Image.fromarray(start), Image.fromarray(end), share), np.uint8)


def pushed(picture: Picture, zoom: float) -> Picture:
    """Scale `picture` about its middle by `zoom`, in the same frame.

    A zoom below 1 would show what is beyond the picture: it is mirrored at its edges.
    """
    height, width = picture.shape[:2]
    rim = (0, 0) if zoom >= 1 else (rim_of(height, zoom), rim_of(width, zoom))
    if zoom < 1:
        around = (rim[:1] * 2, rim[1:] * 2, (0, 0))
        picture = np.pad(picture, around[: picture.ndim], mode="symmetric")
    middle = (width / 2 + rim[1], height / 2 + rim[0])
    reach = (width / zoom / 2, height / zoom / 2)
    box = (middle[0] - reach[0], middle[1] - reach[1], middle[0] + reach[0], middle[1] + reach[1])
    still = Image.fromarray(np.ascontiguousarray(picture))
    return np.array(still.resize((width, height), Image.Resampling.BICUBIC, box=box), np.uint8)


def rim_of(length: int, zoom: float) -> int:
    """Give the whole pixels by which a picture of `length` falls short on each side."""
    return int(np.ceil(length * (1 / zoom - 1) / 2)) + 1
