"""A line at a terminal while a command has nothing else to show: what it is at, and for how long.

It is drawn over itself a few times a second, and gone before anything else is printed. A command
that is done at once never shows it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.cells import set_cell_size
from rich.console import Console

from storyboard.cli.going_on import EVERY, going
from storyboard.safe_text import inert

_SOON = 0.2
"""Seconds of nothing before it is shown."""
_CLEAR = "\r\x1b[2K"


class Prelude:
    """The line, and the thread that draws it."""

    def __init__(self, words: str, descriptor: int, width: int) -> None:
        self._words, self._descriptor, self._width = inert(words), descriptor, width
        self._more = ""
        self._begun = time.monotonic()
        self._over = threading.Event()
        self._drawn = False
        self._pen = threading.Lock()
        threading.Thread(target=self._draw, name="prelude", daemon=True).start()

    def told(self, done: int, total: int) -> None:
        """Hear how many of its stills have been looked at."""
        self._more = f", {done} of {total} stills"

    def end(self) -> None:
        """Take the line away, for good."""
        self._over.set()
        with self._pen:
            if self._drawn:
                self._write(_CLEAR)
            self._drawn = False

    def line(self, seconds: float) -> str:
        """What it says after so many seconds, cut to the terminal's width."""
        clock = going(seconds)
        room = max(self._width - len(clock) - 2, 0)
        return f"{set_cell_size(f'{self._words}{self._more}', room).rstrip()} {clock}"

    def _draw(self) -> None:
        wait = _SOON
        while not self._over.wait(wait):
            wait = EVERY
            with self._pen:
                if not self._over.is_set():
                    self._write(_CLEAR + self.line(time.monotonic() - self._begun))
                    self._drawn = True

    def _write(self, text: str) -> None:
        with suppress(OSError):
            os.write(self._descriptor, text.encode(errors="replace"))


_shown: Prelude | None = None


@contextmanager
def shown(words: str) -> Iterator[None]:
    """Show it for the block, or until something else is; only at a terminal."""
    global _shown
    end()
    if sys.stderr is not None and sys.stderr.isatty():
        console = Console(stderr=True)
        if not (console.is_dumb_terminal or console.legacy_windows):
            _shown = Prelude(words, sys.stderr.fileno(), console.width)
    try:
        yield
    finally:
        end()


def told(done: int, total: int) -> None:
    """Hear how many stills have been looked at, of how many."""
    if _shown is not None:
        _shown.told(done, total)


def end() -> None:
    """Take the line away, since something else is shown now."""
    global _shown
    if _shown is not None:
        _shown.end()
    _shown = None
