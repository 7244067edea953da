"""The page while one works: it is written from, and follows the file, the store and the work.

The page never pays. What it writes goes into the storyboard and its notes; what is drawn is free.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.annotating.notes_file import notes_file
from storyboard.clock import REAL
from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.events import Encoding, Measuring, Noticed, State, TakeChanged
from storyboard.files import trouble
from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import USUAL_RUN
from storyboard.page.document import document
from storyboard.page.newscast import Newscast
from storyboard.page.server import Serving
from storyboard.takes.holding import Standing
from storyboard.units.timing import counted
from storyboard.workflows.changed_files import LOOK_EVERY
from storyboard.workflows.remarked import remarked
from storyboard.workflows.showing import (
    at_first_sight,
    draw_missing,
    settle,
    shelf_of,
    with_known_takes,
    with_seams,
    with_takes,
    with_takes_of,
)
from storyboard.workflows.sight import Sight

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.events import Event, Listener
    from storyboard.generating.terms import Run
    from storyboard.page.document import Showing, Worded
    from storyboard.page.shelf import Shelf
    from storyboard.reviewing.judgement import Judgement
    from storyboard.workflows.source import StoryboardFile


SHOWN_EVERY = 10.0
"""Seconds after which numbers are shown, while more are being measured."""


@dataclass(frozen=True, slots=True)
class PageOpened:
    """The page is there; the address lets one browser in, once."""

    address: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The page shows the storyboard as it was saved last."""

    words: str


Grant = Callable[..., Mapping[str, Any]]
"""Does what a page asks for; see `wishes.granted`."""

Told = PageOpened | Drawn | StoryboardError


def served(
    source: StoryboardFile,
    *,
    port: int = 0,
    draft: bool = True,
    grant: Grant,
    worded: Worded = str,
    run: Run = USUAL_RUN,
) -> Iterator[Told]:
    """Serve the page on this machine until the run's `stop`.

    With `draft`, what is missing is drawn at each save. `grant` does what the page asks for, as
    `wishes.granted` does. `worded` makes commands in sentences such that they can be pasted.
    """
    run = replace(run, stop=Stop() if run.stop is None else run.stop)
    desk = _Desk(source, run, grant, worded)
    desk.look()  # what is wrong with the storyboard is said before there is a page
    with Serving(desk, port=port) as serving:
        yield PageOpened(serving.door.address)
        yield from _followed(desk, draft=draft)


@dataclass(slots=True)
class _Desk:
    """What the page shows at the moment, and who does what it asks for."""

    source: StoryboardFile
    run: Run
    grant: Grant
    worded: Worded
    news: Newscast = field(default_factory=Newscast)
    wake: threading.Event = field(default_factory=threading.Event)
    in_sight: str = ""
    """The shot that a page shows, as it said last."""
    _shown: Showing | None = None
    _document: dict[str, Any] = field(default_factory=dict)
    _shelf: Shelf | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _looking: threading.RLock = field(default_factory=threading.RLock)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def document(self) -> Mapping[str, Any]:
        """The document as it is now."""
        with self._lock:
            return self._document

    def media(self, name: str) -> Path:
        """A file that a document named; made when it is first asked for."""
        shelf = self._shelf
        if shelf is None:
            raise KeyError(name)
        try:
            if name.startswith("film-"):
                return shelf.open(name, run=replace(self.run, listener=self.hear))
            return shelf.open(name)
        except OSError as error:
            raise trouble(error) from error

    def do(self, what: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write what the page asks for: one wish after the other. `look` asks for nothing: it says
        which shot is looked at, whose takes are judged first."""
        if what == "look":
            self.in_sight = str(given.get("shot", ""))
            return {}
        with self._writing:
            done = self.grant(self.source, what, given, clock=self.run.clock or REAL)
        with suppress(StoryboardError):
            self._said_again()
        self.wake.set()
        return done

    def look(self) -> Showing:
        """Gather what there is, and show it. Measures nothing, so it is there at once.

        Where that can't be, pages say so for as long as it is so, and show what they showed.
        """
        with self._looking, self._told_while_wrong():
            storyboard, store = self.source.checked(draft=True), self.source.store
            found = at_first_sight(storyboard, store)
            if self._shown is not None and self._shown.timeline == found.timeline:
                found = replace(found, seams=self._shown.seams)
            self.show(found, shelf_of(store))
            self.news.now(going_on(found))
            return found

    @contextmanager
    def _told_while_wrong(self) -> Iterator[None]:
        try:
            yield
        except StoryboardError as error:
            self.news.wrong(_first_line(error))
            raise
        self.news.wrong("")

    def show(self, found: Showing, shelf: Shelf) -> None:
        """Let pages show this, where it is not what they show."""
        made, files = document(found, worded=self.worded)
        made["film"]["ready"] = shelf.has(made["film"]["video"])
        with self._lock:
            if self._shelf is None or self._shelf.folder != shelf.folder:
                self._shelf = shelf
            self._shelf.know(files)
            same = made == self._document
            self._shown, self._document = found, made
        if not same:
            self.news.changed()

    def finish(self, *, draft: bool) -> Drawn:
        """Draw what is missing, make the film, measure takes and seams; and show it all."""
        found, store = self._shown, self.source.store
        assert found is not None
        run = replace(self.run, listener=self.hear)
        if draft and found.timeline.stills:
            draw_missing(found.plan.storyboard, store, run=run)
            found = self.look()
        if not found.settled:
            settle(found.plan.storyboard, store, run=run)
            found = self.look()
        shelf = shelf_of(store)
        found = with_takes_of(found, store, self.in_sight, run=run)
        self._show_numbers(found, shelf)
        shelf.know([found.film])
        shelf.open(found.film.name, run=run)
        self._show_numbers(found, shelf)
        found = with_seams(found, store, run=run)
        self._show_numbers(found, shelf)
        run = replace(run, listener=self._measuring(found, shelf))
        found = with_takes(found, store, run=run, in_sight=lambda: self.in_sight)
        self._show_numbers(found, shelf)
        shelf.tidy(file.name for file in document(found)[1])
        self.news.now(going_on(found))
        drafts = len(found.timeline.burn_in)
        return Drawn(
            f"{found.timeline.frames} frames" + (f", {counted(drafts, 'draft')}" * bool(drafts))
        )

    def _measuring(self, found: Showing, shelf: Shelf) -> Listener:
        """Hears that takes are measured, and shows now and then what is known by then."""
        clock = self.run.clock or REAL
        next_ = clock.monotonic() + SHOWN_EVERY

        def hear(event: Event) -> None:
            nonlocal next_
            self.hear(event)
            if isinstance(event, Measuring) and clock.monotonic() >= next_:
                self._show_numbers(with_known_takes(found, self.source.store), shelf)
                next_ = clock.monotonic() + SHOWN_EVERY

        return hear

    def _show_numbers(self, measured: Showing, shelf: Shelf) -> None:
        """Show what was measured of what is still shown."""
        with self._looking:
            shown = self._shown
            if shown is None:
                return
            if shown.timeline == measured.timeline:
                shown = replace(shown, seams=measured.seams)
            self.show(replace(shown, judged={**shown.judged, **_of(measured, shown)}), shelf)

    def hear(self, event: Event) -> None:
        """Tell pages what this program does."""
        if isinstance(event, TakeChanged) and event.state is State.DRAWING:
            part = "" if event.fraction is None else f" {round(event.fraction * 100)} %"
            self.news.now(f"drawing {event.shot}{part}")
        elif isinstance(event, Encoding):
            self.news.now(f"film: {event.done} of {event.total} {event.unit}")
        elif isinstance(event, Measuring):
            self.news.now(f"{event.what} measured: {event.done} of {event.total}")
        elif isinstance(event, Noticed):
            self.news.told(f"{event.shot}: {event.message}" if event.shot else event.message)

    def _said_again(self) -> None:
        """Notes and approvals are shown at once."""
        with self._looking:
            found, shelf = self._shown, self._shelf
            if found is not None and shelf is not None:
                said = remarked(found.plan.storyboard.path, found.plan)
                self.show(replace(found, said=said), shelf)


def _followed(desk: _Desk, *, draft: bool) -> Iterator[Told]:
    """Follow the files and the store until the wish to stop.

    What changes is shown at once. What takes long is done beside that, for what is shown by then.
    """
    stop, sight = desk.run.stop, Sight(desk.source, clock=desk.run.clock or REAL)
    work: Future[Drawn] | None = None
    waits = fresh = True
    with ThreadPoolExecutor(1, "animatic", initializer=_give_way) as beside:
        while not stop:
            try:
                if fresh:
                    sight.begin()
                    sight.widen(*desk.look().plan.storyboard.inputs, notes_file(desk.source.file))
                    waits = True
                if work is not None and work.done():
                    done, work = work, None
                    yield done.result()
                if waits and work is None:
                    waits, work = False, beside.submit(desk.finish, draft=draft)
            except StoryboardError as error:
                if stop:
                    return
                desk.news.told(_first_line(error), wrong=True)
                yield error
            written = desk.wake.wait(LOOK_EVERY)
            desk.wake.clear()
            fresh = sight.changed(at_once=written)


def _give_way() -> None:
    """What this thread does, and those that it begins, waits for what the page asks for. Only Linux
    knows this of threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10))


def _of(measured: Showing, shown: Showing) -> dict[tuple[str, int], Judgement]:
    """What was measured of takes that are shown, and are still the same."""
    keys = {(s.id, take.number): take.key for s in shown.plan.shots for take in s.takes}
    return {name: one for name, one in measured.judged.items() if keys.get(name) == one.key}


def going_on(found: Showing) -> str:
    """What is under way at the service, whoever sent it."""
    open_ = (Standing.FLYING, Standing.UNKNOWN, Standing.CLAIMED)
    counts = ((found.status.count(one), one.value) for one in open_)
    return ", ".join(f"{counted(count, 'take')} {word}" for count, word in counts if count)


def _first_line(error: StoryboardError) -> str:
    if isinstance(error, InvalidStoryboard):
        more = len(error.mistakes) - 1
        return str(error.mistakes[0]) + (f" (and {more} more)" if more else "")
    return str(error)
