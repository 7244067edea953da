"""What is done at a worker of another machine: the same work by the same versions, and no more.

It comes pickled, so that whoever carries it looks at nothing in it.
"""

from __future__ import annotations

import pickle
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

import storyboard
from storyboard.crews.crew import Undone
from storyboard.crews.parcel import carried_out, room_of_work
from storyboard.depot.address import depot_at
from storyboard.errors import StoreError
from storyboard.images import tools
from storyboard.workers import keep_memory

if TYPE_CHECKING:
    from storyboard.crews.parcel import Answered, Parcel
    from storyboard.images.tools import Versions

KEPT_FOR = 7 * 24 * 3600.0
"""Seconds for which a worker's machine keeps what it has fetched."""


class OtherVersions(Undone):
    """A worker has other versions of what makes pictures, so it would make other ones."""


class NotCarried(Undone):
    """Files could not be exchanged with a worker."""


def versions() -> Versions:
    """What decides the bytes of what is drawn and encoded."""
    return (("storyboard", storyboard.__version__), *tools.versions())


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
    _begin(asked)
    return pickle.loads(work)()


def done_apart(asked: Versions, media: str, parcel: Parcel) -> Answered:
    """The same where this machine sees other folders, and the media place of this address."""
    _begin(asked)
    cache = user_cache_path("storyboard", appauthor=False) / "carried"
    _tidied(cache)
    root = room_of_work(cache)
    try:
        return carried_out(parcel, depot_at(media, Path("/")), root, cache)
    except StoreError as error:
        raise NotCarried(f"a worker could not use the media place: {error}") from error
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _begin(asked: Versions) -> None:
    if other := unlike(asked, versions()):
        raise OtherVersions(f"a worker has {other}")
    keep_memory()


@lru_cache(maxsize=1)
def _tidied(cache: Path) -> None:
    """Remove what was fetched long ago, once in the life of a worker."""
    before = time.time() - KEPT_FOR
    for path in cache.glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
