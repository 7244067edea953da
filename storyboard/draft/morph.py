"""Draw the frames between two pictures of one scene, as a camera on its way would see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyboard.draft.discontinuity import enlarged, mended, rifts
from storyboard.draft.drawn_sheets import RGB
from storyboard.draft.field import along, blurred, grid, resized, size_of
from storyboard.draft.forward_warp import splat
from storyboard.draft.trajectory import on_the_way, travelled
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.drawn_sheets import Medium, Sheets
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
    (frame,) = drawn(pair, time, (pair.start.picture,), (pair.end.picture,), how=RGB)
    return frame


def drawn(pair: Pair, time: float, start: Sheets, end: Sheets, *, how: Medium) -> Sheets:
    """Draw the frame at `time` from the sheets of both pictures."""
    here = view(pair.start, time, roll=pair.roll)
    there = view(pair.end, 1 - time, roll=-pair.roll)
    share = start_share(here, there, time)
    light = None
    if pair.relit:
        light = lit(pair.start, here, share * time) + lit(pair.end, there, (1 - share) * (1 - time))
    torn = np.maximum(here.torn, there.torn)
    frame: list[Picture] = []
    places: tuple[Field, Field] | None = None
    for one, other, tint in zip(start, end, how.light, strict=True):
        if places is None or size_of(places[0]) != size_of(one):
            places = looked_back(here, size_of(one)), looked_back(there, size_of(one))
        fine = size_of(one) == size_of(pair.start.picture)
        near, far = warped(one, places[0], fine=fine), warped(other, places[1], fine=fine)
        sheet = mixed(near, far, share)
        if light is not None:
            sheet = brightened(sheet, np.asarray(cv2.transform(light, tint)))
        frame.append(mended(sheet, torn))
    return tuple(frame)


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


def looked_back(view: View, size: tuple[int, int]) -> Field:
    """Give the place (h, w, 2) that each pixel of a (height, width) looks back to."""
    places = enlarged(view.back, view.torn, size)
    places += grid(size)
    return places


def warped(sheet: Picture, places: Field, *, fine: bool) -> Picture:
    """Read a sheet where each pixel looks back to.

    Cubic where it is `fine`, because a linear reading would make the sharpness pulse with every
    shot; nobody sees that of colour alone, at half the size.
    """
    reading = cv2.INTER_CUBIC if fine else cv2.INTER_LINEAR
    read = cv2.remap(sheet, places, None, reading, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(read, np.uint8)


def mixed(start: Picture, end: Picture, share: Field) -> Picture:
    """Mix two sheets by the share (h, w) that is the start's, at proxy size."""
    weight = resized(share, size_of(start))
    return np.asarray(cv2.blendLinear(start, end, weight, 1 - weight), np.uint8)


def brightened(sheet: Picture, light: Field) -> Picture:
    """Add the light (h, w, channels), at proxy size, to a sheet."""
    return np.asarray(cv2.add(sheet, resized(light, size_of(sheet)), dtype=cv2.CV_8U), np.uint8)


def lit(side: Side, seen: View, share: Field) -> Field:
    """Give the light that `side` lacks so far, (h, w, 3), for its share of the frame."""
    return along(side.light, seen.back) * share[..., None]
