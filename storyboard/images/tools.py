"""The libraries that decide what pictures look like, and their versions."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.metadata import version

import av
import cv2
import numpy as np
import PIL
from PIL import features

Versions = tuple[tuple[str, str], ...]

_OF_PILLOW = (
    *("freetype2", "raqm", "fribidi", "harfbuzz"),
    *("littlecms2", "jpg", "libjpeg_turbo", "webp", "avif", "zlib"),
)
"""What Pillow draws letters and reads pictures with, by its own names."""


@lru_cache(maxsize=1)
def versions() -> Versions:
    """The name and the version of each; of what is not there, the empty text."""
    ffmpeg = sorted(av.library_versions.items())
    return (
        ("av", av.__version__),
        *((name, ".".join(map(str, numbers))) for name, numbers in ffmpeg),
        ("numpy", np.__version__),
        ("opencv", cv2.__version__),
        ("pillow", PIL.__version__),
        *((name, str(features.version(name) or "")) for name in _OF_PILLOW),
        ("python-bidi", version("python-bidi")),
        ("unicode", unicodedata.unidata_version),
    )
