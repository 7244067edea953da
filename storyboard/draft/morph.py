"""Draw the frames between two pictures of one scene, as a camera on its way would see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyboard.draft.discontinuity import enlarged, mended, rifts
from storyboard.draft.field import along, blurred, grid, resized, size_of
from storyboard.draft.forward_warp import splat
from storyboard.draft.trajectory import on_the_way, travelled
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.pair import Pair, Side
    from storyboard.draft.picture import Field, Picture

UNSEEN = 1e-4
SOFT_EDGE = 1.2
CALM = 5


class View(NamedTuple):
    """One side as seen from the way: where each pixel of the frame looks back to, and how surely.

    `back` (h, w, 2) is in proxy pixels, `seen` (h, w) from 0 to 1; `torn` (h, w), from 0 to
    255, marks the rifts, where neighbours look back to places far apart.
    """

    back: Field
    seen: Field
    torn: Picture


def between(pair: Pair, time: float) -> Picture:
    """Draw the frame at `time`, strictly between 0 (start) and 1 (end), in full size."""
    start = view(pair.start, time, roll=pair.roll)
    end = view(pair.end, 1 - time, roll=-pair.roll)
    share = start_share(start, end, time)
    size = size_of(pair.start.picture)
    weight = resized(share, size)
    mixed = cv2.blendLinear(
        warped(pair.start.picture, start),
        warped(pair.end.picture, end),
        weight,
        1 - weight,
    )
    if pair.relit:
        light = lit(pair.start, start, share * time) + lit(pair.end, end, (1 - share) * (1 - time))
        mixed = cv2.add(mixed, resized(light, size), dtype=cv2.CV_8U)
    return mended(np.asarray(mixed, np.uint8), np.maximum(start.torn, end.torn))


def view(side: Side, time: float, *, roll: float) -> View:
    """Send the pixels of `side` on their way until `time`, 0 being at home."""
    fraction = travelled(side.zoom, time)
    growth = 1 + fraction * (side.zoom - 1)
    shift = on_the_way(side.shift, fraction, roll=roll, time=time)
    back, seen = splat(shift, side.presence, side.nearness * (side.presence * growth) ** 4)
    return View(back=back, seen=seen, torn=rifts(back))


def start_share(start: View, end: View, time: float) -> Field:
    """Say how much of each pixel comes from the start picture, (h, w).

    What both see dissolves evenly with time; what one alone sees comes from that one.
    """
    here = (1 - time) * (start.seen + UNSEEN)
    there = time * (end.seen + UNSEEN)
    share = np.rint(255 * here / (here + there)).astype(np.uint8)
    calm = cv2.medianBlur(share, CALM)
    return blurred(np.asarray(calm, np.float32) * np.float32(1 / 255), SOFT_EDGE)


def warped(picture: Picture, view: View) -> Picture:
    """Look back from every pixel of a full-size frame into `picture`.

    Cubic, because a linear reading would make the sharpness pulse with every shot.
    """
    size = size_of(picture)
    places = grid(size) + enlarged(view.back, view.torn, size)
    read = cv2.remap(picture, places, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(read, np.uint8)


def lit(side: Side, seen: View, share: Field) -> Field:
    """Give the light that `side` lacks so far, (h, w, 3), for its share of the frame."""
    return along(side.light, seen.back) * share[..., None]
