"""Bringing a picture to a size: the same for stills and for the frames of takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from storyboard.units.focus import CENTER, Window
from storyboard.units.sizes import BACKGROUND

if TYPE_CHECKING:
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit

Frame = npt.NDArray[np.uint8]
"""Height x width x 3, sRGB."""

_GAP = 3.0
"""How far a big picture is first shrunk by whole pixels; Pillow finds 3 as good as no shortcut."""

_SLIVER = 2
"""A bar of one pixel on each side is a rounding error, not a bar."""

_BLUR_SMALLER, _BLUR_PART, _BLUR_LIGHT = 8, 40, 0.55
"""The backdrop: made at an eighth of the size, blurred by 1/40 of its longer side, darkened."""


def fit(
    image: Image.Image,
    size: tuple[int, int],
    how: Fit,
    *,
    background: str = BACKGROUND,
    focus: Focus = CENTER,
) -> Image.Image:
    """The `RGB` image at `size` (width, height), brought to its shape as `how` says.

    `focus` is the point that stays in the middle of what `cover` keeps, as far as that goes.
    """
    if image.size == size:
        return image
    if how == "stretch":
        return _scaled(image, size)
    if how == "cover":
        return _cover(image, size, focus)
    inner = _inside(image.size, size)
    if inner == size:
        return _scaled(image, size)
    canvas = Image.new("RGB", size, background) if how == "contain" else _backdrop(image, size)
    canvas.paste(_scaled(image, inner), ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return canvas


def fit_frame(
    frame: Frame,
    size: tuple[int, int],
    how: Fit,
    *,
    background: str = BACKGROUND,
    focus: Focus = CENTER,
) -> Frame:
    """`fit` for an array: the frame at `size` (width, height)."""
    if frame.shape[1::-1] == size:
        return frame
    return np.asarray(fit(Image.fromarray(frame), size, how, background=background, focus=focus))


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_GAP)


def _cover(image: Image.Image, size: tuple[int, int], focus: Focus = CENTER) -> Image.Image:
    """The largest part of the right shape, scaled; its edges may lie between pixels."""
    scale = min(image.width / size[0], image.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    if focus == CENTER:
        left, top = max(0.0, (image.width - width) / 2), max(0.0, (image.height - height) / 2)
    else:
        window = Window.of(image.size, size, focus)
        left, top = window.left * image.width, window.top * image.height
    box = (left, top, min(left + width, image.width), min(top + height, image.height))
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=_GAP)


def _inside(image: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """The size of the whole image within `size`."""
    scale = min(size[0] / image[0], size[1] / image[1])
    width, height = (
        wanted if wanted - round(have * scale) <= _SLIVER else max(1, round(have * scale))
        for have, wanted in zip(image, size, strict=True)
    )
    return width, height


def _backdrop(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    small = max(1, size[0] // _BLUR_SMALLER), max(1, size[1] // _BLUR_SMALLER)
    blurred = _cover(image, small).filter(ImageFilter.GaussianBlur(max(small) / _BLUR_PART))
    dark = blurred.point([round(level * _BLUR_LIGHT) for level in range(256)] * 3)
    return dark.resize(size, Image.Resampling.BICUBIC)
