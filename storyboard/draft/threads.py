"""One OpenCV thread while we measure and draw.

Shots are drawn side by side, one to a core, so more threads would only get in each other's
way; and dense inverse search gives other motions with another number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from storyboard.draft.vision import cv2

_lock = Lock()
_inside = 0
_found = 1


def _anew() -> None:
    """In a process that was forked: whoever was inside is not here."""
    global _lock, _inside
    _lock, _inside = Lock(), 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_anew)


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold OpenCV to one thread; the last to leave gives back the number found."""
    global _inside, _found
    with _lock:
        if _inside == 0:
            _found = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                cv2.setNumThreads(_found)
