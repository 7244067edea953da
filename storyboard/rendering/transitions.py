"""How one scene becomes the next: a function for each kind, over two RGB pictures.

Step `i` of a transition of `n` frames shows the share `(i + 1) / (n + 1)` of the new scene, so that
its first and last frame are on their way too, and the frames around it are the pure pictures.
A new kind is one more function and one more line in `storyboard.fileformat.transition.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import ImageColor

from storyboard.timeline import PlacedTransition
from storyboard.units.transition_kinds import KINDS
from storyboard.video.colour import Picture

Mix = Callable[[Picture, Picture, int, PlacedTransition], Picture]
"""From the old picture, the new one, the step from 0, and the transition, to what is seen."""


def dissolve(before: Picture, after: Picture, step: int, transition: PlacedTransition) -> Picture:
    """Both pictures mixed, the new one growing."""
    return mixed(before, after, share=(step + 1) / (transition.frames + 1))


def fade(before: Picture, after: Picture, step: int, transition: PlacedTransition) -> Picture:
    """Down to the colour, which is reached on both frames of the cut, and up again."""
    if step < transition.before:
        share, picture = (step + 1) / transition.before, before
    else:
        share, picture = (transition.frames - step) / transition.after, after
    colour = np.empty_like(picture)
    colour[:] = ImageColor.getrgb(transition.color)[:3]
    return mixed(picture, colour, share=share)


def wipe(before: Picture, after: Picture, step: int, transition: PlacedTransition) -> Picture:
    """The edge of the new picture moves over the old one, which stands still."""
    old, new = _turned(before, transition), _turned(after, transition)
    edge = _edge(new.shape[1], step, transition)
    return _back(np.concatenate([old[:, :edge], new[:, edge:]], axis=1), transition)


def slide(before: Picture, after: Picture, step: int, transition: PlacedTransition) -> Picture:
    """The new picture comes in and pushes the old one out."""
    old, new = _turned(before, transition), _turned(after, transition)
    edge = _edge(new.shape[1], step, transition)
    gone = new.shape[1] - edge
    return _back(np.concatenate([old[:, gone:], new[:, :gone]], axis=1), transition)


TRANSITIONS: dict[str, Mix] = {kind: globals()[kind] for kind in KINDS}
"""Each kind of the file format is drawn by the function of its name."""


def mixed(one: Picture, other: Picture, *, share: float) -> Picture:
    """Two pictures mixed, rounded to the nearest level; `share` 0 is all `one`, 1 all `other`."""
    return cv2.addWeighted(one, 1 - share, other, share, 0).astype(np.uint8, copy=False)


def _edge(width: int, step: int, transition: PlacedTransition) -> int:
    """Where the new picture begins, when it comes from the right."""
    return round(width * (1 - (step + 1) / (transition.frames + 1)))


def _turned(picture: Picture, transition: PlacedTransition) -> Picture:
    """The picture mirrored or turned so that the movement goes to the left."""
    if transition.direction in ("up", "down"):
        picture = picture.transpose(1, 0, 2)
    return picture[:, ::-1] if transition.direction in ("right", "down") else picture


def _back(picture: Picture, transition: PlacedTransition) -> Picture:
    if transition.direction in ("right", "down"):
        picture = picture[:, ::-1]
    if transition.direction in ("up", "down"):
        picture = picture.transpose(1, 0, 2)
    return np.ascontiguousarray(picture)
