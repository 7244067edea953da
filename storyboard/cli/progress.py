"""Showing progress: live rows at a terminal, plain lines everywhere else. On stderr."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from storyboard.cli.going_on import going, minutes, name_of, phase_of, said_of_film
from storyboard.cli.progress_lines import ProgressLines
from storyboard.cli.screen import err, text
from storyboard.cli.terminal import unechoed
from storyboard.cli.waiting import in_words
from storyboard.events import (
    Encoding,
    FilmChanged,
    Measuring,
    Noticed,
    State,
    TakeChanged,
    WaitExpected,
)

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console, RenderableType
    from rich.text import Text

    from storyboard.events import Event

ROWS = 12
"""How many shots are shown at once; a hundred rows cost a core."""

NAME, STATE, CLOCK = 16, 11, 7
"""Columns of a row that keep their width; what is left is for the message."""

_STYLES = {
    State.DONE: "green",
    State.REUSED: "green",
    State.FAILED: "red",
    State.UNKNOWN: "bold red",
    State.HELD: "yellow",
    State.WAITING: "dim",
}


class ProgressTable(AbstractContextManager["ProgressTable"], Protocol):
    """A listener that shows what it hears."""

    def __call__(self, event: Event) -> None:
        """Hear of an event."""

    def stopping(self, words: str) -> None:
        """Hear that the user wants to stop. Called from a signal handler."""


def progress(*, quiet: bool = False, verbose: bool = False) -> ProgressTable:
    """The right display for where stderr goes.

    With `quiet` only what the user should know is shown; with `verbose` each change has a line of
    its own, with its time, also at a terminal.
    """
    console = err()
    rows = console.is_terminal and not quiet and not verbose
    return Rows(console) if rows else ProgressLines(console, quiet=quiet, verbose=verbose)


class Rows:
    """A table that is redrawn in place, a few times a second at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._takes: dict[tuple[str, int], TakeChanged] = {}
        self._since: dict[tuple[str, int], float] = {}
        self._film: Encoding | Measuring | None = None
        self._begun = time.monotonic()
        self._expected: WaitExpected | None = None
        self._started = time.monotonic()
        self._stopping = ""
        self._unechoed = unechoed()
        self._live = Live(
            console=console, refresh_per_second=4, get_renderable=self._drawn, transient=False
        )

    def __enter__(self) -> Rows:
        self._unechoed.__enter__()
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()
        self._unechoed.__exit__(kind, error, trace)

    def stopping(self, words: str) -> None:
        """Remember it; the next redraw shows it below the rows."""
        self._stopping = words

    def __call__(self, event: Event) -> None:
        """Remember what is new; it is drawn with the next redraw."""
        match event:
            case TakeChanged():
                key = (event.shot, event.take)
                before = self._takes.get(key)
                if before is None or before.state is not event.state:
                    self._since[key] = time.monotonic()
                self._takes[key] = event
            case WaitExpected():
                self._expected = event
            case Encoding() | Measuring():
                if self._film is None or phase_of(self._film) != phase_of(event):
                    self._begun = time.monotonic()
                self._film = event
            case FilmChanged() if event.state.final:
                self._console.print(text(said_of_film(event)))
                self._film, self._begun = None, time.monotonic()
            case Noticed():
                self._console.print(text(f"{event.shot}: {event.message}".removeprefix(": ")))

    def _drawn(self) -> RenderableType:
        shown = self._shown()
        table = self._table([cell_len(name_of(event)) for event in shown])
        for event in shown:
            table.add_row(*self._row(event))
        parts: list[RenderableType] = [table]
        if len(self._takes) > len(shown):
            parts.append(self._summary(len(self._takes) - len(shown)))
        if self._expected is not None and not self._all_there:
            age = minutes(time.monotonic() - self._started)
            parts.append(text(f"{age} of {in_words(self._expected)}", "dim"))
        if self._film is not None:
            parts.append(self._encoding(self._film))
        elif self._all_there:  # no row has a clock that goes on
            parts.append(text(f"working {going(time.monotonic() - self._begun)}", "dim"))
        if self._stopping:
            parts.append(text(self._stopping, "yellow"))
        return Group(*parts)

    @property
    def _all_there(self) -> bool:
        return all(event.state.final for event in self._takes.values())

    def _table(self, names: list[int]) -> Table:
        """Shot, state and clock keep their width, however long a message is."""
        table = Table(box=None, pad_edge=False, show_header=False, expand=True)
        name = min(NAME, max(names, default=0))
        for width in (name, STATE, CLOCK):
            table.add_column(no_wrap=True, overflow="ellipsis", width=width)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        return table

    def _shown(self) -> list[TakeChanged]:
        """The takes on their way first, then what failed, then the rest."""
        order = sorted(
            self._takes.values(),
            key=lambda e: (e.state.final, e.state is State.WAITING, e.state is State.REUSED),
        )
        keep = {id(event) for event in order[:ROWS]}
        return [event for event in self._takes.values() if id(event) in keep]

    def _row(self, event: TakeChanged) -> tuple[RenderableType, ...]:
        style = _STYLES.get(event.state, "cyan")
        age = time.monotonic() - self._since[(event.shot, event.take)]
        clock = "" if event.state.final else going(age)
        if event.fraction is not None and not event.state.final:
            last: RenderableType = ProgressBar(1.0, event.fraction, width=20)
        else:
            last = text(event.detail, "dim")
        return text(name_of(event)), text(event.state.value, style), text(clock, "dim"), last

    def _summary(self, hidden: int) -> Text:
        done = sum(e.state in (State.DONE, State.REUSED) for e in self._takes.values())
        return text(f"and {hidden} more; {done} of {len(self._takes)} done", "dim")

    def _encoding(self, film: Encoding | Measuring) -> RenderableType:
        """How far it is, and for how long it has been at that: something moves each second."""
        table = Table(box=None, pad_edge=False, show_header=False)
        bar = ProgressBar(max(1, film.total), film.done, width=30)
        name, what = phase_of(film)
        said = text(f"{film.done} of {film.total} {what}", "dim")
        table.add_row(text(name), bar, said, text(going(time.monotonic() - self._begun), "dim"))
        return table
