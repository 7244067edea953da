"""Hardware that encodes H.264: one row of a table each, used only after it has proved itself.

Whether an encoder works is not known before it is tried: a build of FFmpeg may have it, and the
machine no such chip, no driver, or no session left. So a few frames are encoded and read back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from storyboard.errors import MediaError
from storyboard.units.sizes import Size
from storyboard.video.probing import check
from storyboard.video.reader import read
from storyboard.video.recipes import H264
from storyboard.video.writer import write

if TYPE_CHECKING:
    from storyboard.video.colour import Picture
    from storyboard.video.recipes import VideoRecipe

AUTO, SOFTWARE = "auto", "x264"

_TRIED = Size(640, 360)
_FRAMES = 12
_APART = 4.0
"""Levels by which pictures may differ on average from what was given."""


@dataclass(frozen=True, slots=True)
class HardwareEncoder:
    """An encoder of a chip's maker, as FFmpeg has it."""

    encoder: str
    pix_fmt: str
    options: tuple[tuple[str, str], ...]
    graded: str
    """The option that is its quality, on a scale like CRF's."""


HARDWARE = {
    "nvenc": HardwareEncoder(
        "h264_nvenc", "yuv420p", (("preset", "p6"), ("rc", "vbr"), ("b", "0")), "cq"
    ),
    "qsv": HardwareEncoder("h264_qsv", "nv12", (("preset", "slow"),), "global_quality"),
    "amf": HardwareEncoder("h264_amf", "nv12", (("quality", "quality"), ("rc", "cqp")), "qp_i"),
    "videotoolbox": HardwareEncoder("h264_videotoolbox", "nv12", (("realtime", "0"),), "q"),
}
"""Nvidia's, Intel's, AMD's and Apple's, in the order in which `auto` tries them.

Options: FFmpeg's own documentation of each encoder (ffmpeg -h encoder=NAME).
"""

ENCODERS = (AUTO, SOFTWARE, *HARDWARE)
"""What may be asked for."""

Tried = Callable[[str], str]
"""Tries a row of the table; why it can't be used, empty where it can."""


def recipe_of(name: str, *, crf: int = 18, tried: Tried | None = None) -> VideoRecipe:
    """The recipe of an encoder that works here, by its name in `ENCODERS`.

    `auto` is the first hardware that proves itself, else x264. MediaError where one that is named
    does not work, or there is none of this name. `crf` is x264's quality, as near as the encoder
    has it.
    """
    refused = tried or why_not
    software = H264.having(crf=str(crf))
    if name == SOFTWARE:
        return software
    if name == AUTO:
        found = next((each for each in HARDWARE if not refused(each)), None)
        return hardware_recipe(found, crf) if found else software
    if name not in HARDWARE:
        raise MediaError(f"there is no encoder {name!r}; choose from {', '.join(ENCODERS)}")
    if why := refused(name):
        raise MediaError(f"{name} can't encode here: {why}; x264 works everywhere")
    return hardware_recipe(name, crf)


def hardware_recipe(name: str, crf: int) -> VideoRecipe:
    """A row of the table as a recipe: without B-frames, so that pieces join."""
    row = HARDWARE[name]
    grade = str(100 - 2 * crf) if row.graded == "q" else str(crf)
    options = (*row.options, (row.graded, grade), ("bf", "0"))
    if row.graded == "qp_i":
        options = (*options, ("qp_p", str(crf + 2)))
    return replace(H264, encoder=row.encoder, pix_fmt=row.pix_fmt, options=options, reorder=0)


@lru_cache(maxsize=len(HARDWARE))
def why_not(name: str) -> str:
    """Why hardware can't be used here, found out once; empty where it can."""
    try:
        av.codec.Codec(HARDWARE[name].encoder, "w")
    except av.codec.codec.UnknownCodecError:
        return "this build of FFmpeg does not have it"
    return proved(hardware_recipe(name, 18))


def proved(recipe: VideoRecipe) -> str:
    """Encode a few frames twice, read them back, compare; why they can't be used, or nothing."""
    given = [_picture(number) for number in range(_FRAMES)]
    headers = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("one.mp4", "two.mp4"):
                path = Path(folder, name)
                write(path, given, rate=Fraction(24), size=_TRIED, recipe=recipe)
                check(path, frames=_FRAMES, rate=Fraction(24), size=_TRIED)
                seen = list(read(path))
                headers.append(_header(path))
    except (MediaError, OSError, ValueError) as error:
        return getattr(error.__cause__, "strerror", None) or str(error)
    worst = max(np.abs(a.astype(int) - b).mean() for a, b in zip(seen, given, strict=True))
    if worst > _APART:
        return "what it encodes is not what it was given"
    return "" if headers[0] == headers[1] else "its files can't be joined"


def _picture(number: int) -> Picture:
    """A ramp with a fine pattern in it that moves."""
    across, down = np.arange(_TRIED.width), np.arange(_TRIED.height)[:, None]
    pattern = 24 * (((across + 3 * number) // 4 + down // 4) % 2)
    ramp = 40 + across * 150 // _TRIED.width
    parts = [ramp + pattern, 220 - ramp + pattern, 120 + pattern]
    return np.stack(parts, axis=-1).astype(np.uint8)


def _header(path: Path) -> bytes:
    with av.open(str(path)) as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")
