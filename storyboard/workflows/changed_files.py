"""Looking at files: when each was written, and waiting until one is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.clock import REAL

if TYPE_CHECKING:
    from storyboard.clock import Clockwork

LOOK_EVERY = 0.4
"""Seconds between looks at the files."""

Stamp = dict[Path, tuple[int, int]]


def stamp(paths: Iterable[Path]) -> Stamp:
    """When each file was written, and how long it is; missing files are left out."""
    found: Stamp = {}
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        found[path] = (about.st_mtime_ns, about.st_size)
    return found


def until_changed(seen: Stamp, *, stop: Callable[[], bool], clock: Clockwork = REAL) -> None:
    """Wait until a file is other than it was seen, and has stayed so for one look."""
    last = seen
    while not stop():
        now = stamp(seen)
        if now == last and now != seen:
            return
        last = now
        clock.sleep(LOOK_EVERY)
