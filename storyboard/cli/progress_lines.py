"""Progress in lines, each with its time: where stderr is no terminal, and for who wants them."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from storyboard.cli.going_on import counted, minutes, name_of, phase_of, said_of, said_of_film
from storyboard.cli.screen import text
from storyboard.cli.stopping import plainly
from storyboard.cli.waiting import in_words
from storyboard.event_log import clock
from storyboard.events import (
    Encoding,
    Explained,
    FilmChanged,
    Measuring,
    Noticed,
    State,
    TakeChanged,
    WaitExpected,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.console import Console

    from storyboard.event_log import Now
    from storyboard.events import Event

_OFTEN, _PARTS, _SELDOM = 0.9, 30, 60.0
"""A line is written after so many seconds without one, or after this part of the time it has taken
so far, if that is more, and after a minute at most: an hour is some two hundred lines."""
_PATIENCE = 2.0
"""So much longer nothing is said at first: most has something of its own to say by then."""
_FEW = 4
"""So many takes on their way are named in a line."""


class ProgressLines:
    """One line for each change of state, with its time; what only moves on is said now and then:
    once a second at first, and the less often the longer it takes.
    """

    def __init__(
        self,
        console: Console,
        *,
        quiet: bool = False,
        verbose: bool = False,
        now: Now = clock,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._quiet, self._verbose, self._now, self._ticks = quiet, verbose, now, ticks
        self._takes: dict[tuple[str, int], TakeChanged] = {}
        self._film: Encoding | Measuring | None = None
        self._tenth = 0
        self._begun = ticks()
        self._last = self._begun + _PATIENCE
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="progress", daemon=True)

    def __enter__(self) -> ProgressLines:
        if not self._quiet:
            self._pulse.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if not self._quiet:
            self._pulse.join()

    def __call__(self, event: Event) -> None:
        """Print what is new."""
        match event:
            case Noticed():
                self._print(f"{event.shot}: {event.message}".removeprefix(": "))
            case Explained() if self._verbose and not self._quiet:
                self._print(f"{event.shot}: {event.message}".removeprefix(": "))
            case TakeChanged() if not self._quiet:
                self._change(event)
            case WaitExpected() if not self._quiet:
                self._print(in_words(event))
            case FilmChanged() if not self._quiet or event.detail:
                self._of_film(event)
            case Encoding() | Measuring() if not self._quiet:
                self._tenths(event)

    def stopping(self, words: str) -> None:
        """Say it at once: nothing here is drawn over."""
        plainly(words)

    @property
    def due(self) -> float:
        """In how many seconds something is to be said, if nothing is till then."""
        now = self._ticks()
        pause = min(max(_OFTEN, (now - self._begun) / _PARTS), _SELDOM)
        return self._last + pause - now

    def going_on(self) -> None:
        """Say how far everything is that is on its way."""
        left = [event for event in list(self._takes.values()) if not event.state.final]
        said = [on_its_way(event) for event in left if event.state is not State.WAITING][:_FEW]
        if len(left) > len(said):
            said.append(f"{len(left) - len(said)} more to come")
        if self._film is not None:
            said.append(counted(self._film))
        self._print(", ".join(said) or f"working, {minutes(self._ticks() - self._begun)}")

    def _beat(self) -> None:
        with suppress(OSError, ValueError):  # a terminal, or a pipe's reader, that is gone
            while not self._over.wait(max(self.due, 0.0)):
                if self.due <= 0:
                    self.going_on()

    def _print(self, line: str) -> None:
        self._last = self._ticks()
        self._console.print(text(f"{self._now()} {line}"))

    def _change(self, event: TakeChanged) -> None:
        key = (event.shot, event.take)
        before, self._takes[key] = self._takes.get(key), event
        if before is None or (before.state, before.detail) != (event.state, event.detail):
            self._print(f"{name_of(event)}: {said_of(event)}")

    def _tenths(self, event: Encoding | Measuring) -> None:
        if self._film is None or phase_of(self._film) != phase_of(event):
            self._tenth = 0
        self._film = event if event.done < event.total else None
        tenth = event.done * 10 // max(1, event.total)
        if tenth > self._tenth or event.done == event.total:
            self._tenth = tenth if event.done < event.total else 0
            self._print(counted(event))

    def _of_film(self, event: FilmChanged) -> None:
        self._film = None
        self._print(said_of_film(event))


def on_its_way(event: TakeChanged) -> str:
    """A take that is on its way, and how far it is."""
    said = f"{name_of(event)} {event.state.value}"
    return said if event.fraction is None else f"{said} {event.fraction:.0%}"
