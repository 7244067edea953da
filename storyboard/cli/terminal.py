"""The terminal while rows are drawn in place: a `^C` on it would move the cursor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

if sys.platform != "win32":
    import termios

_LOCAL_FLAGS = 3
"""Where `termios.tcgetattr` has the flags of echoing."""


@contextmanager
def unechoed() -> Iterator[None]:
    """Control characters are not written by the terminal itself in the block."""
    if sys.platform == "win32":
        yield
        return
    try:
        before = termios.tcgetattr(sys.stdin.fileno())
        during = termios.tcgetattr(sys.stdin.fileno())
        during[_LOCAL_FLAGS] &= ~termios.ECHOCTL
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, during)
    except (termios.error, OSError, ValueError):  # not a terminal, or none at all
        yield
        return
    try:
        yield
    finally:
        with suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, before)
