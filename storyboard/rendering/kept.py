"""Notes of packets that are kept: that they were decoded, and what each frame of them is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.video.containers import wrapped
from storyboard.video.stored import as_in_films

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from storyboard.units.sizes import Size

DAMAGED = "damaged"


def keep(note: Path, frames: Iterable[VideoFrame], *, size: Size) -> bool:
    """Write a note of these frames, the decoder's own; False where one can't be in the film.

    It may be damaged, or not be as those of a film of this size are.
    """
    sums: list[int] = []
    damaged = False
    try:
        for frame in frames:
            damaged = damaged or frame.is_corrupt or not as_in_films(frame, size)
            sums.append(checksum(frame))
    except MediaError:
        damaged = True
    with appearing(note) as coming, wrapped(note, "written"):
        coming.write_text(json.dumps({DAMAGED: damaged, "frames": sums}))
    return not damaged


def kept(note: Path, frames: int) -> list[int] | None:
    """The frames' sums; empty where one is damaged; None where there is no such note."""
    try:
        said = json.loads(note.read_bytes())
        sums = [int(each) for each in said["frames"]]
        if said[DAMAGED]:
            return []
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return sums if len(sums) == frames else None


def checksum(frame: VideoFrame) -> int:
    """A decoded picture's CRC-32: two pictures have the same one if no level differs."""
    return zlib.crc32(np.ascontiguousarray(frame.to_ndarray()).data)
