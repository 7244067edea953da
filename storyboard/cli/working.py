"""Work that is shown, and that Ctrl-C stops: both from the moment at which it begins.

Before that the user is told warnings and asked, and Ctrl-C ends the program at once. What is shown
then is a prelude at a terminal, and elsewhere a line where something takes long.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import storyboard
from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.progress import progress
from storyboard.cli.stopping import SENDING, plainly, stopped_by_signals
from storyboard.events import Began, Measuring, Noticed, WaitExpected, Warned
from storyboard.workers import keep_memory

if TYPE_CHECKING:
    from collections.abc import Collection
    from concurrent.futures import Executor

    from storyboard.cli.progress import ProgressTable
    from storyboard.cli.reporting import Reporting
    from storyboard.events import Event
    from storyboard.workflows.hiring import Hired


class Work(AbstractContextManager["Work"]):
    """A listener that shows what it hears, and the wish to stop.

    `words` are said when the user wants to stop; without any, nothing can be half-done, and Ctrl-C
    ends the program at once all the time.
    """

    def __init__(
        self,
        reporting: Reporting,
        *,
        words: str = SENDING,
        workers: Hired | None = None,
    ) -> None:
        self.stop = storyboard.Stop()
        self._workers = workers
        self._words = words
        self._reporting = reporting
        self._display: ProgressTable | None = None
        self._shown = ExitStack()
        self._heard = ExitStack()
        self._listens = self._began = False
        self.expected: WaitExpected | None = None
        """How long the takes that are bought will take, once that is known."""

    def __enter__(self) -> Work:
        if not sys.stderr.isatty():  # at a terminal there is a prelude
            self._open()
        return self

    def run(
        self,
        *,
        jobs: int = 4,
        max_cost: int | None = None,
        accept: Collection[str] = (),
        waits: bool = True,
    ) -> storyboard.Run:
        """The terms of this work."""
        return storyboard.Run(
            jobs=jobs,
            max_cost_microusd=max_cost,
            listener=self,
            stop=self.stop,
            accept=accept,
            executor=self._hired(),
            waits=waits,
        )

    def _hired(self) -> Executor | None:
        """Who works, where the user says so; they are let go when the work ends."""
        if self._workers is None:
            return None
        return self._heard.enter_context(workflows.hiring.crew(self._workers, self))

    def __call__(self, event: Event) -> None:
        """Hear of an event."""
        if isinstance(event, WaitExpected):
            self.expected = event
        if isinstance(event, Began):
            self.begin()
        if not self._logged(event):
            self._show(event)

    def _logged(self, event: Event) -> bool:
        """Write it into the log, where there is one; gives whether nothing else is to be shown."""
        log = self._reporting.log
        if log is None:
            return False
        whole = not log.trouble
        log(event)
        if log.trouble and whole and not log.on_stderr:
            self._show(Noticed(f"the log {log.name} ends here: {log.trouble}; the work goes on"))
        return log.on_stderr

    def _show(self, event: Event) -> None:
        if isinstance(event, Warned):
            screen.err().print(screen.text(event.drawn, "yellow", lines=True))
        elif self._display is not None and (self._began or isinstance(event, Measuring)):
            self._display(event)
        else:
            progress(quiet=True)(event)

    def begin(self) -> None:
        """Show what is done, and let Ctrl-C be a wish to stop, which nothing is before."""
        keep_memory()
        self.listen()
        self._began = True
        if self._display is None:
            self._open()
        if self._display is not None and self.expected is not None:
            self._display(self.expected)

    def _open(self) -> None:
        """Show how far it is from now on, where that is wanted."""
        log, loud = self._reporting.log, self._reporting
        if loud.quiet or (log is not None and log.on_stderr):
            return
        self._display = self._shown.enter_context(progress(verbose=loud.verbose))

    def listen(self) -> None:
        """Let the user's signals wish for an end."""
        if self._words and not self._listens:
            self._heard.enter_context(stopped_by_signals(self.stop, self._words, tell=self._tell))
        self._listens = True

    def _tell(self, words: str) -> None:
        """Say that it is stopping; called from a signal handler."""
        log = self._reporting.log
        if log is not None:
            log.say("Stopping", message=words)
        if log is None or not log.on_stderr:
            (plainly if self._display is None else self._display.stopping)(words)

    def rest(self) -> None:
        """Nothing more is shown until work begins again."""
        self._display = None
        self._shown.close()

    def __exit__(self, *raised: object) -> None:
        self.rest()
        self._heard.close()
