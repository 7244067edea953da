"""Ctrl-C, SIGTERM, and a terminal that goes: the first finishes what is being sent, the second
leaves at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from storyboard.generating.scheduler import Stop

INTERRUPTED = 130
SENDING = "stopping: what is being sent is finished first; again to leave at once"
FREE = "stopping; again to leave at once"
"""Where nothing is ever sent."""

Tell = Callable[[str], None]


def plainly(words: str) -> None:
    """Say it on stderr, also from a signal handler; a terminal that is gone hears nothing."""
    with suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), f"\n{words}\n".encode())


@contextmanager
def stopped_by_signals(stop: Stop, words: str = SENDING, *, tell: Tell = plainly) -> Iterator[None]:
    """The user's signals wish for this stop. As safe as `kill -9` from the second on.

    `tell` says so, and is called from a signal handler: it only notes what is shown later.
    """

    def heard(_number: int, _frame: FrameType | None) -> None:
        if stop:
            os._exit(INTERRUPTED)
        stop.wish()
        tell(words)

    before = {kind: signal.signal(kind, heard) for kind in _kinds()}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _kinds() -> list[signal.Signals]:
    """The signals that ask to stop; a hang-up that nohup turned off stays off."""
    kinds = [signal.SIGINT, signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)  # not on Windows
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        kinds.append(hangup)
    return kinds
