"""The log of a command for programs: a JSON object a line for each event, in a file or on stderr.

`docs/pipelines.md` says what each of them has.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import time
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import __version__
from storyboard.errors import FileTrouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.events import Event

    Now = Callable[[], str]
    """What is written before a line: the time of day, or date and time."""

FORMAT = 1
"""The version of the lines; raised where one of them changes its meaning."""
STDERR = "-"
"""The name of a log that is written to stderr, in place of progress."""


def clock() -> str:
    """The time of day."""
    return time.strftime("%H:%M:%S")


def moment() -> str:
    """Date and time of day, for programs."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class EventLog(AbstractContextManager["EventLog"]):
    """A listener that writes every event down, a line of JSON each (docs/pipelines.md).

        with storyboard.EventLog.opened("render.jsonl") as log:
            storyboard.render("film.yaml", draft=True, listener=log)

    One that can't be written is silent from then on, and says why in `trouble`.
    """

    def __init__(self, descriptor: int, name: str, *, now: Now = moment) -> None:
        self._descriptor, self.name, self._now = descriptor, name, now
        self.trouble = ""
        """Why nothing is written any more; empty while all is."""
        self._closed = False

    @classmethod
    def opened(cls, name: Path | str, *, now: Now = moment) -> EventLog:
        """The log of this name, to be written behind what it has; FileTrouble where it can't be,
        or where a file of this name is no log."""
        name = str(name)
        try:
            made = cls(
                sys.stderr.fileno() if name == STDERR else _opened(Path(name)), name, now=now
            )
        except OSError as error:
            raise FileTrouble(_refused(name, error.strerror or str(error))) from error
        made.say("Opened", format=FORMAT, version=__version__)
        if made.trouble:
            raise FileTrouble(_refused(name, made.trouble))
        return made

    @property
    def on_stderr(self) -> bool:
        """Whether it takes the place of progress."""
        return self.name == STDERR

    def __call__(self, event: Event) -> None:
        """Write an event down."""
        self.say(type(event).__name__, **asdict(event))

    def say(self, event: str, **values: object) -> None:
        """Write a line; also from a signal handler, and never with an error."""
        if self.trouble or self._closed:
            return
        plain = {name: _plain(value) for name, value in values.items()}
        line = json.dumps({"time": self._now(), "event": event, **plain}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def __exit__(self, *about: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file: what comes later is not written, whoever has its number by then."""
        if self._closed:
            return
        self._closed = True
        if not self.on_stderr:
            with suppress(OSError):
                os.close(self._descriptor)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _refused(name: str, why: str) -> str:
    return f"the log {name} can't be written: {why}; name another file, or - for stderr"


def _opened(path: Path) -> int:
    """The file at its end. A pipe that nobody reads is refused, not waited for."""
    _refuse_another_file(path)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags, 0o666)
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return descriptor


def _refuse_another_file(path: Path) -> None:
    """A storyboard, say, that stands where the log's name is expected."""
    with suppress(FileNotFoundError):
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) or not about.st_size:
            return
        with path.open("rb") as file:
            first = file.readline(1 << 16)
        with suppress(ValueError, TypeError):
            if "event" in json.loads(first):
                return
        raise OSError(errno.EEXIST, "there is a file of this name that is no log")
