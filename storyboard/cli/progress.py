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

from storyboard.cli.screen import err, text
from storyboard.cli.stopping import plainly
from storyboard.cli.terminal import unechoed
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
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console, RenderableType
    from rich.text import Text

    from storyboard.event_log import Now
    from storyboard.events import Event

ROWS = 12
"""How many shots are shown at once; a hundred rows cost a core."""

NAME, STATE, CLOCK = 16, 11, 5
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


def _name(event: TakeChanged) -> str:
    return event.shot if event.take == 1 else f"{event.shot} take {event.take}"


class ProgressLines:
    """One line for each change of state, with its time; what only moves on says nothing."""

    def __init__(
        self,
        console: Console,
        *,
        quiet: bool = False,
        verbose: bool = False,
        now: Now = clock,
    ) -> None:
        self._console = console
        self._quiet, self._verbose, self._now = quiet, verbose, now
        self._states: dict[tuple[str, int], tuple[State, str]] = {}
        self._tenth, self._at = 0, ("", "")

    def __enter__(self) -> ProgressLines:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left open."""

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
                self._film(event)
            case Encoding() if not self._quiet:
                self._tenths(
                    event, f"{event.film or 'film'}: {event.done} of {event.total} {event.unit}"
                )
            case Measuring() if not self._quiet:
                self._tenths(event, f"{event.what} measured: {event.done} of {event.total}")

    def stopping(self, words: str) -> None:
        """Say it at once: nothing here is drawn over."""
        plainly(words)

    def _print(self, line: str) -> None:
        self._console.print(text(f"{self._now()} {line}"))

    def _change(self, event: TakeChanged) -> None:
        key, now = (event.shot, event.take), (event.state, event.detail)
        if self._states.get(key) == now:
            return
        self._states[key] = now
        self._print(f"{_name(event)}: {_said(event)}")

    def _tenths(self, event: Encoding | Measuring, words: str) -> None:
        if self._at != _phase(event):
            self._tenth, self._at = 0, _phase(event)
        tenth = event.done * 10 // max(1, event.total)
        if tenth > self._tenth or event.done == event.total:
            self._tenth = tenth if event.done < event.total else 0
            self._print(words)

    def _film(self, event: FilmChanged) -> None:
        self._tenth = 0
        self._print(_of_film(event))


def _of_film(event: FilmChanged) -> str:
    said = event.detail if event.detail else event.path if event.state.final else ""
    return f"{event.film}: {event.state.value}" + (f", {said}" if said else "")


def _phase(film: Encoding | Measuring) -> tuple[str, str]:
    """What is being done, and to what."""
    if isinstance(film, Measuring):
        return "measured", film.what
    return film.film or "film", film.unit


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _said(event: TakeChanged) -> str:
    parts = [event.state.value]
    if event.cost_microusd:
        parts.append(dollars(event.cost_microusd))
    if event.detail:
        parts.append(event.detail)
    if event.state is State.QUEUED and event.request_id and event.cost_microusd:
        parts.append(f"request {event.request_id}")
    return ", ".join(parts)


class Rows:
    """A table that is redrawn in place, a few times a second at most."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._takes: dict[tuple[str, int], TakeChanged] = {}
        self._since: dict[tuple[str, int], float] = {}
        self._film: Encoding | Measuring | None = None
        self._begun = 0.0
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
                if self._film is None or _phase(self._film) != _phase(event):
                    self._begun = time.monotonic()
                self._film = event
            case FilmChanged() if event.state.final:
                self._console.print(text(_of_film(event)))
                self._film = None
            case Noticed():
                self._console.print(text(f"{event.shot}: {event.message}".removeprefix(": ")))

    def _drawn(self) -> RenderableType:
        shown = self._shown()
        table = self._table([cell_len(_name(event)) for event in shown])
        for event in shown:
            table.add_row(*self._row(event))
        parts: list[RenderableType] = [table]
        if len(self._takes) > len(shown):
            parts.append(self._summary(len(self._takes) - len(shown)))
        if self._expected is not None and not self._all_there:
            age = _minutes(time.monotonic() - self._started)
            parts.append(text(f"{age} of {in_words(self._expected)}", "dim"))
        if self._film is not None:
            parts.append(self._encoding(self._film))
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
        clock = "" if event.state.final else _minutes(age)
        if event.fraction is not None and not event.state.final:
            last: RenderableType = ProgressBar(1.0, event.fraction, width=20)
        else:
            last = text(event.detail, "dim")
        return text(_name(event)), text(event.state.value, style), text(clock, "dim"), last

    def _summary(self, hidden: int) -> Text:
        done = sum(e.state in (State.DONE, State.REUSED) for e in self._takes.values())
        return text(f"and {hidden} more; {done} of {len(self._takes)} done", "dim")

    def _encoding(self, film: Encoding | Measuring) -> RenderableType:
        """How far it is, and for how long it has been at that: something moves each second."""
        table = Table(box=None, pad_edge=False, show_header=False)
        bar = ProgressBar(max(1, film.total), film.done, width=30)
        name, what = _phase(film)
        said = text(f"{film.done} of {film.total} {what}", "dim")
        table.add_row(text(name), bar, said, text(_minutes(time.monotonic() - self._begun), "dim"))
        return table
