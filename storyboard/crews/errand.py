"""What is done at a worker of another machine: the same work by the same versions, and no more.

It comes pickled, so that whoever carries it looks at nothing in it.
"""

from __future__ import annotations

import ctypes
import pickle
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import av
import cv2
import numpy as np
import PIL

import storyboard
from storyboard.errors import MediaError

Versions = tuple[tuple[str, str], ...]

_GIB = 1 << 30
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of glibc's mallopt(3)."""


class OtherVersions(MediaError):
    """A worker has other versions of what makes pictures, so it would make other ones."""


def versions() -> Versions:
    """What decides the bytes of what is drawn and encoded."""
    return (
        ("storyboard", storyboard.__version__),
        ("av", av.__version__),
        ("numpy", np.__version__),
        ("opencv", cv2.__version__),
        ("pillow", PIL.__version__),
    )


def unlike(here: Versions, there: Versions) -> str:
    """What a worker has otherwise; empty where all is alike."""
    theirs = dict(there)
    other = [(name, said, theirs.get(name, "none")) for name, said in here]
    return ", ".join(f"{name} {has}, not {said}" for name, said, has in other if has != said)


def packed(work: Callable[[], Any]) -> bytes:
    """Work on its way."""
    return pickle.dumps(work, protocol=5)


def performed(asked: Versions, work: bytes) -> Any:
    """Do it, where this is a worker like all others."""
    if other := unlike(asked, versions()):
        raise OtherVersions(f"a worker has {other}")
    keep_memory()
    return pickle.loads(work)()


@lru_cache(maxsize=1)
def keep_memory() -> bool:
    """Let glibc keep what was freed, for the life of this process; False where there is none.

    Dask starts its workers with MALLOC_TRIM_THRESHOLD_=65536, which gives memory back after each
    frame and fetches it again: a draft costs 74 % more. Both thresholds, since setting one turns
    off what adapts the other. Source: mallopt(3); measured in benchmarks/scale.md.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _GIB)) and bool(mallopt(_MMAP_THRESHOLD, _GIB))
