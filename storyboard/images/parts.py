"""A picture file taken apart, before anything is decoded.

Every format has one module with one function `parts(data) -> Parts`, which walks the file's own
blocks and checks the size it claims. Of the kinds that may be uploaded as they are (PNG, JPEG) it
puts the picture's own blocks together again, without what is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyboard.errors import FileTrouble

MOST_PIXELS = 50_000_000
"""Width times height, checked before decoding: 200 MB as RGB, and with alpha about a GB in all."""

MOST_SIDE = 32_767
"""Pixels; not every encoder can write a longer side."""

MOST_PROFILE = 4 << 20
"""Bytes of a colour profile; printing presses need 2 MB, a bomb needs more."""


class PictureError(FileTrouble):
    """A picture that can't be used. The text goes on behind the picture's name."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a file holds: its picture apart from the things said about it."""

    still: bytes
    """What is decoded. Of a PNG or JPEG, which may be sent as it is, nothing but the picture."""
    bits: int = 8
    """Bits per channel, as stored."""
    exif: bytes = b""
    """A TIFF block, starting with its byte order."""
    xmp: bytes = b""
    icc: bytes = b""
    """The colour profile; empty where the picture has none."""
    picture: tuple[bytes, ...] = ()
    """The picture's own blocks, for naming it: the same however the file holds them, and whatever
    it says about them. The profile and the orientation are not among them."""


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
