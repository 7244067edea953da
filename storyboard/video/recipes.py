"""How pictures are encoded: one row of a table for each codec, quality as a number it knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Codec = str
"""A name in `RECIPES`."""


@dataclass(frozen=True, slots=True)
class VideoRecipe:
    """Everything that decides how pictures become packets.

    Two files of one recipe, size and rate have the same headers, so they join by copying.
    """

    codec: Codec
    encoder: str
    pix_fmt: str
    container: Literal["mp4", "mov", "webm", "gif"]
    options: tuple[tuple[str, str], ...] = ()
    tag: str | None = None
    reorder: int = 0
    """How many frames a packet may come before its turn: 2 with B-frames, 0 without."""
    version: int = 1
    """Raised whenever the same words would give other pictures."""

    def having(self, **options: str) -> VideoRecipe:
        """The same recipe with some of the encoder's options replaced."""
        return replace(self, options=tuple({**dict(self.options), **options}.items()))

    def numbered(self, sets: int | None = None) -> VideoRecipe:
        """The same, so that files of any quality have one header, with sets of this number.

        Only x264 can be told.
        """
        if self.encoder != "libx264":
            return self
        number = "" if sets is None else f":sps-id={sets}"
        return self.having(**{"x264-params": f"{_ALIKE}:{_STITCHED}{number}"})

    def standing(self) -> VideoRecipe:
        """The same for a picture that stands still: its first frame as fine, and no search for
        motion. Files of both have one header.
        """
        given = dict(self.options)
        if self.encoder != "libx264" or _STITCHED not in given["x264-params"]:
            return self
        params = f"{given['x264-params']}:{_STANDING}"
        return self.having(**{"x264-params": params, "crf": str(int(given["crf"]) + _COARSER)})

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What a file of this recipe may be called."""
        return (".mp4", ".m4v") if self.container == "mp4" else (f".{self.container}",)

    @property
    def for_web(self) -> bool:
        """Whether it is written in one go, and has less in it than a film: WebM and GIF."""
        return self.container in ("webm", "gif")

    @property
    def coarsest(self) -> int:
        """The largest number of its quality, which is the worst."""
        return 63 if self.container == "webm" else 51

    def unfit(self, name: Path) -> str:
        """Why a film of this recipe can't be called so; empty where it can."""
        if name.suffix.lower() in self.suffixes:
            return ""
        return f"{name} can't hold {self.codec}; name the film *{self.suffixes[0]}"

    @property
    def graded(self) -> bool:
        """Whether its quality is a number (CRF)."""
        return "crf" in dict(self.options)

    @property
    def bits(self) -> float:
        """Bits that a pixel of a frame takes, generously: what editors work with takes most."""
        if self.container == "gif":
            return 8.0
        return 4.0 if self.container == "mov" else 0.15 if self.deep else 0.2

    @property
    def deep(self) -> bool:
        """Whether it keeps 10 bits per channel."""
        return "10" in self.pix_fmt


_STANDING = "rc-lookahead=0:b-adapt=0:me=dia:mbtree=0:scenecut=0:ipratio=8"
"""The first picture gets a quantizer 18 below the others, which then have nothing to add."""
_COARSER = 14
"""So much higher the CRF has to be for a first picture of the same quality."""

_STITCHED = "stitchable=1"
_ALIKE = "cpu-independent=1"
"""The same packets from the same pictures on every machine, and each time: without it x264's look
ahead (mbtree) comes to other bits now and then, in threads of one process too."""

_X264 = (
    ("preset", "medium"),
    ("crf", "18"),
    ("profile", "high"),
    ("bf", "3"),
    ("x264-params", _ALIKE),
)
_VP9 = (("deadline", "good"), ("cpu-used", "4"), ("row-mt", "1"), ("b", "0"), ("crf", "30"))
_AV1 = (("preset", "8"), ("crf", "30"))
_X265 = (("preset", "medium"), ("crf", "20"), ("x265-params", "log-level=error:open-gop=0:pools=1"))

RECIPES: dict[Codec, VideoRecipe] = {
    "h264": VideoRecipe("h264", "libx264", "yuv420p", "mp4", _X264, "avc1", 2, version=2),
    "hevc": VideoRecipe("hevc", "libx265", "yuv420p10le", "mp4", _X265, "hvc1", reorder=2),
    "prores": VideoRecipe(
        "prores", "prores_ks", "yuv422p10le", "mov", (("profile", "hq"), ("vendor", "apl0")), "apch"
    ),
    "dnxhr": VideoRecipe(
        "dnxhr", "dnxhd", "yuv422p10le", "mov", (("profile", "dnxhr_hqx"),), "AVdh"
    ),
    "vp9": VideoRecipe("vp9", "libvpx-vp9", "yuv420p", "webm", _VP9),
    "av1": VideoRecipe("av1", "libsvtav1", "yuv420p", "webm", _AV1),
    "gif": VideoRecipe("gif", "gif", "pal8", "gif"),
}
"""A codec is one row: the film, the command line and the exports know it from here."""

BY_ENDING = {".webm": "vp9", ".gif": "gif"}
"""The codec of a film that is called so, where none is asked for."""

H264 = RECIPES["h264"]
"""The film's recipe unless another is asked for: High profile, CRF 18, closed GOPs."""

QUICK = H264.having(preset="veryfast", crf="17")
"""A third of the work for the same picture in a larger file: for what is made often."""

PREVIEW = H264.having(preset="veryfast", crf="26")
"""For looking at once."""
