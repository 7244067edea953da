"""Encoders at the priority of the program that calls them.

SVT-AV1, where it may (as root), runs its threads and the thread that opens it at real-time
priority, and leaves the latter there: every program that is started afterwards inherits it, and
the machine's other work stands still.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_THREADS = Path("/proc/self/task")


@contextlib.contextmanager
def unchanged_priority() -> Iterator[None]:
    """Put every thread back that changes how it is scheduled inside, and new ones to the caller's.

    For Linux; elsewhere it does nothing, since there threads are not to be seen.
    """
    before = _scheduling()
    yield
    if not before:
        return
    own = before[threading.get_native_id()]
    for thread, now in _scheduling().items():
        wanted = before.get(thread, own)
        if now != wanted:
            with contextlib.suppress(OSError):  # the thread has ended, or may not be changed
                os.sched_setscheduler(thread, wanted[0], os.sched_param(wanted[1]))


def _scheduling() -> dict[int, tuple[int, int]]:
    """Each thread's policy and priority."""
    found = {}
    with contextlib.suppress(OSError):
        for entry in _THREADS.iterdir():
            thread = int(entry.name)
            with contextlib.suppress(OSError):
                policy = os.sched_getscheduler(thread)
                found[thread] = policy, os.sched_getparam(thread).sched_priority
    return found
