"""Between stored pictures (YUV) and RGB arrays, with the right matrix in both directions.

Files that are not tagged are taken as players take them: BT.709 from 720 lines or 1280 columns
on, BT.601 below. What is written is BT.709 in video range, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

if TYPE_CHECKING:
    from storyboard.units.sizes import Size
    from storyboard.video.probing import VideoFacts

Picture = NDArray[np.uint8]
"""RGB, of shape (height, width, 3)."""

BT709, BT601 = 1, 5
"""swscale's names for the matrices: SWS_CS_ITU709, SWS_CS_ITU601."""
_MATRICES = {1: BT709, 4: 4, 5: BT601, 6: BT601, 7: 7, 9: 9, 10: 9}
"""From H.273 numbers to swscale's."""
_EXACT = 0x2 | 0x2000 | 0x4000 | 0x40000
"""Chroma in full and accurate rounding; bilinear is as near as bicubic, and a third faster."""
_SCALED = 0x4 | 0x2000 | 0x4000 | 0x40000
"""The same with a bicubic filter, for pictures that change their size."""
VIDEO_RANGE, FULL_RANGE = 1, 2
_LUMA = np.array([0.2126, 0.7152, 0.0722])
"""BT.709's parts of red, green and blue in brightness (ITU-R BT.709-6, 3.2)."""
_TO_BLUE, _TO_RED = 1.8556, 1.5748
"""What differences to blue and red are divided by (ibid.)."""
IN_BT709 = (
    np.stack(
        [
            219 * _LUMA,
            224 * (np.array([0, 0, 1]) - _LUMA) / _TO_BLUE,
            224 * (np.array([1, 0, 0]) - _LUMA) / _TO_RED,
        ]
    )
    / 255
).astype(np.float32)
"""Levels of luma, blue and red difference (rows) that a level of red, green, blue adds, (3, 3)."""
BLACK = 16, 128, 128
"""What they are where there is no light."""


def matrix_of(frame: VideoFrame) -> int:
    """The matrix that a frame is stored with, as swscale counts them."""
    hd = max(frame.width, frame.height) >= 1280 or min(frame.width, frame.height) >= 720
    return _MATRICES.get(frame.colorspace, BT709 if hd else BT601)


def to_rgb(frame: VideoFrame, facts: VideoFacts, *, size: Size | None = None) -> Picture:
    """The frame as it is seen: upright, square pixels, RGB; scaled to `size` when that is given."""
    seen = size or facts.size
    turned = facts.rotation in (90, 270)
    wide, high = (seen.height, seen.width) if turned else (seen.width, seen.height)
    stored = frame.reformat(
        width=wide,
        height=high,
        format="rgb24",
        src_colorspace=matrix_of(frame),
        src_color_range=FULL_RANGE if _full(frame) else VIDEO_RANGE,
        interpolation=_EXACT if (wide, high) == (frame.width, frame.height) else _SCALED,
        threads=1,
    )
    picture = stored.to_ndarray().astype(np.uint8, copy=False)
    return np.ascontiguousarray(np.rot90(picture, facts.rotation // 90))


def from_rgb(picture: Picture, *, pix_fmt: str = "yuv420p") -> VideoFrame:
    """An RGB picture as BT.709 in video range."""
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    return tagged_bt709(
        frame.reformat(
            format=pix_fmt,
            dst_colorspace=BT709,
            src_color_range=FULL_RANGE,
            dst_color_range=VIDEO_RANGE,
            interpolation=_EXACT,
            threads=1,
        )
    )


def conform(frame: VideoFrame, *, size: Size, pix_fmt: str = "yuv420p") -> VideoFrame:
    """An upright frame as BT.709 in video range at `size`, without a detour over RGB.

    A frame that is so already is given back untouched.
    """
    if (
        (frame.width, frame.height) == (size.width, size.height)
        and frame.format.name == pix_fmt
        and matrix_of(frame) == BT709
        and not _full(frame)
    ):
        return tagged_bt709(frame)
    return tagged_bt709(
        frame.reformat(
            width=size.width,
            height=size.height,
            format=pix_fmt,
            src_colorspace=matrix_of(frame),
            dst_colorspace=BT709,
            src_color_range=FULL_RANGE if _full(frame) else VIDEO_RANGE,
            dst_color_range=VIDEO_RANGE,
            interpolation=_SCALED,
            threads=1,
        )
    )


def _full(frame: VideoFrame) -> bool:
    return frame.color_range == FULL_RANGE or frame.format.name.startswith("yuvj")


def tagged_bt709(frame: VideoFrame) -> VideoFrame:
    """The same frame, saying that it is BT.709 in video range."""
    frame.colorspace = frame.color_primaries = frame.color_trc = 1
    frame.color_range = VIDEO_RANGE
    return frame
