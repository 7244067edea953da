"""Ctrl-C and SIGTERM: the first finishes what is being sent, the second leaves at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from storyboard.generate import Stop

INTERRUPTED = 130
_SAID = b"\nstopping: what is being sent is finished first; again to leave at once\n"


@contextmanager
def stoppable() -> Iterator[Stop]:
    """A `Stop` that the user's signals wish for. As safe as `kill -9` from the second on."""
    stop = Stop()

    def heard(_number: int, _frame: FrameType | None) -> None:
        if stop:
            os._exit(INTERRUPTED)
        stop.wish()
        os.write(sys.stderr.fileno(), _SAID)

    kinds = [signal.SIGINT, signal.SIGTERM]
    before = {kind: signal.signal(kind, heard) for kind in kinds}
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
