"""What a frame is drawn as: one sheet of RGB, or the three planes that a video stores.

All sheets of a picture show the same and are drawn alike, each at its own size. Video keeps
colour at half the size, so a draft that is drawn in planes is half the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from av.video.frame import VideoFrame

from storyboard.draft.picture import Picture
from storyboard.video.colour import IN_BT709, from_rgb, tagged_bt709

if TYPE_CHECKING:
    from storyboard.draft.picture import Field

Sheets: TypeAlias = tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Medium:
    """A way to draw: how a picture is taken apart, and what a change of light does to each sheet.

    `light` has for each sheet the levels of its channels (rows) that a level of red, green and
    blue adds, (channels, 3).
    """

    apart: Callable[[Picture], Sheets]
    light: tuple[Field, ...]


def _planes(picture: Picture) -> Sheets:
    """Luma, and both differences of colour at half its size, as a video stores them."""
    height, width = picture.shape[:2]
    stored = np.asarray(from_rgb(picture).to_ndarray(), np.uint8)
    blue, red = stored[height:].reshape(2, height // 2, width // 2)
    return np.ascontiguousarray(stored[:height]), blue, red


def stored(planes: Sheets) -> VideoFrame:
    """The frame with these three planes, BT.709 in video range."""
    rows = np.concatenate([plane.ravel() for plane in planes]).reshape(-1, planes[0].shape[1])
    return tagged_bt709(VideoFrame.from_ndarray(rows, format="yuv420p"))


RGB = Medium(lambda picture: (picture,), (np.eye(3, dtype=np.float32),))
PLANES = Medium(_planes, tuple(IN_BT709[row : row + 1] for row in range(3)))
"""Of pictures with even sides."""
