"""A picture file taken apart, before anything is decoded.

Every format has one module with one function `parts(data) -> Parts`, which walks the file's own
blocks, checks the size it claims, and puts the picture's blocks together again without the rest.
Only that rest-free `still` is ever decoded or uploaded.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_PIXELS = 50_000_000
"""Width times height, checked before decoding: 200 MB as RGB, and with alpha about a GB in all."""

MOST_SIDE = 32_767
"""Pixels; not every encoder can write a longer side."""

MOST_PROFILE = 4 << 20
"""Bytes of a colour profile; printing presses need 2 MB, a bomb needs more."""


class PictureError(ValueError):
    """A picture that can't be used. The text is one line: what is wrong; what to do."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a file holds: its picture apart from the things said about it."""

    still: bytes
    """The file without metadata: decodes to the same pixels. For an animation, all its frames."""
    bits: int = 8
    """Bits per channel, as stored."""
    animated: bool = False
    exif: bytes = b""
    """A TIFF block, starting with its byte order."""
    xmp: bytes = b""
    icc: bytes = b""
    """The colour profile; empty where the picture has none."""
    stripped: bool = False
    """Whether `still` is free of everything but the picture."""


def check_size(width: int, height: int) -> None:
    """Refuse an empty picture and one that would not fit in memory."""
    if width < 1 or height < 1:
        raise PictureError("has no pixels; save it again as PNG")
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"is {width}x{height} pixels, more than the {MOST_PIXELS // 1_000_000} million "
            "that are read; make it smaller"
        )
    if max(width, height) > MOST_SIDE:
        raise PictureError(
            f"is {width}x{height} pixels, and no side above {MOST_SIDE} is read; cut it"
        )


def damaged(how: str) -> PictureError:
    """The error for a file that breaks off or contradicts itself."""
    return PictureError(f"is damaged ({how}); save or copy it again")
