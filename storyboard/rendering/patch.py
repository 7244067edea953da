"""Part of a picture with opacity, and laying it over a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from storyboard.units.sizes import Size


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """RGBA pixels, uint8 (height, width, 4), and where their top left corner lies."""

    left: int
    top: int
    pixels: NDArray[np.uint8]

    def lower(self, by: int) -> Patch:
        """The same so many pixels farther down."""
        return Patch(self.left, self.top + by, self.pixels) if by else self

    def on(self, size: Size) -> NDArray[np.uint8]:
        """The patch on an otherwise clear picture: RGBA uint8 (height, width, 4)."""
        whole = np.zeros((size.height, size.width, 4), np.uint8)
        high, wide = self.pixels.shape[:2]
        whole[self.top : self.top + high, self.left : self.left + wide] = self.pixels
        return whole


def cropped(drawn: Image.Image) -> Patch:
    """The smallest patch with everything on an RGBA image that is not clear."""
    box = drawn.getchannel("A").getbbox() or (0, 0, 0, 0)
    return Patch(box[0], box[1], np.asarray(drawn.crop(box)))


def faded(patch: Patch, opacity: float) -> Patch:
    """The patch with its opacity multiplied by 0 to 1."""
    if opacity >= 1:
        return patch
    pixels = patch.pixels.copy()
    pixels[..., 3] = np.rint(pixels[..., 3] * opacity).astype(np.uint8)
    return Patch(patch.left, patch.top, pixels)


def over(picture: NDArray[np.uint8], overlay: Iterable[Patch]) -> NDArray[np.uint8]:
    """An RGB picture with the patches laid over it; the picture itself when there are none.

    The picture given is never changed. What lies beyond its right and lower edge is left out.
    """
    patches = tuple(overlay)
    if not patches:
        return picture
    laid = picture.copy()
    for patch in patches:
        high, wide = patch.pixels.shape[:2]
        under = laid[patch.top : patch.top + high, patch.left : patch.left + wide]
        _blend(under, patch.pixels[: under.shape[0], : under.shape[1]])
    return laid


def _blend(under: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> None:
    """Mix in place, rounded to the nearest level, in whole numbers."""
    opacity = pixels[..., 3:].astype(np.uint16)
    mixed = pixels[..., :3] * opacity + under * (255 - opacity) + np.uint16(128)
    under[:] = (mixed + (mixed >> 8)) >> 8
