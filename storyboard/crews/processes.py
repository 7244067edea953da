"""Processes of this machine: they know no key, and end with whoever started them."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait

from storyboard.crews.crew import PlainCrew

SECRETS = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET")
"""What no worker has to know: nothing is ever paid by one."""


def processes(count: int) -> PlainCrew:
    """So many processes, started anew and not forked: whatever threads there are here, are here."""
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=settled)
    return PlainCrew(pool)


def settled() -> None:
    """Begin as a worker: without a key, and deaf to Ctrl-C, which its parent hears."""
    for name in SECRETS:
        os.environ.pop(name, None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed lets nobody go."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
