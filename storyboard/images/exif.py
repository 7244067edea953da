"""The two things EXIF says that matter here: which way is up, and whether it gives a place."""

from __future__ import annotations

import struct
from typing import NamedTuple

_ORIENTATION, _GPS = 0x0112, 0x8825
_SHORT = 3


class Tags(NamedTuple):
    """What was found; the defaults where nothing was."""

    orientation: int = 1
    """1 (upright) to 8."""
    located: bool = False


def read(block: bytes) -> Tags:
    """From a TIFF block. One that makes no sense says nothing: viewers show such files as stored.

    Only the first directory is read; a tag in XMP or in a thumbnail's directory does not count.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return Tags()
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        entries = [
            struct.unpack_from(order + "HHIH", block, start + 2 + 12 * index)
            for index in range(count)
        ]
    except struct.error:
        return Tags()
    turned = next((v for tag, kind, _, v in entries if tag == _ORIENTATION and kind == _SHORT), 1)
    return Tags(turned if 1 <= turned <= 8 else 1, any(tag == _GPS for tag, *_ in entries))
