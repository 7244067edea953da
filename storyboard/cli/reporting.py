"""What is told of a command's work: on the screen, in a log, and to whoever waits for its end."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.advice import pasteable
from storyboard.errors import OverBudget, StoryboardError
from storyboard.files import trouble
from storyboard.safe_text import inert
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from storyboard.event_log import EventLog
    from storyboard.workflows.notifying import Notified

INTERRUPTED = 130
_STATES = {0: "done", 7: "incomplete", 9: "incomplete", INTERRUPTED: "stopped"}
"""What an exit code stands for; any other for `failed`."""
_GIVEN_UP = (KeyboardInterrupt, click.Abort)
"""What ends a program whose user is there: nobody waits for news of it."""


@dataclass(slots=True)
class Reporting(AbstractContextManager["Reporting"]):
    """How loud a command is, its log, and who is told of its end. Open while it works."""

    quiet: bool = False
    verbose: bool = False
    log: EventLog | None = None
    notify: Notified | None = None
    command: str = ""
    file: Path | None = None
    """The storyboard's; the store's folder where it is about that."""
    allow_private: bool = False
    """Whether it may be an address of this network that is told."""
    _said: dict[str, Any] = field(default_factory=dict)
    """What came of it, for the log's last line and for who is told."""
    _over_budget: bool = False
    _code: int = 0

    def __post_init__(self) -> None:
        if self.notify is not None:
            workflows.notifying.refuse_unreachable(self.notify, allow_private=self.allow_private)

    def brought(
        self, films: Iterable[Path], cost_microusd: int, errors: Iterable[Exception | None]
    ) -> None:
        """What was made, what this run spent, and what went wrong with parts of it."""
        self._said = {"films": [inert(str(film)) for film in films], "cost_microusd": cost_microusd}
        wrong = [error for error in errors if error is not None]
        over = [error for error in wrong if isinstance(error, OverBudget)]
        self._over_budget = bool(over)
        if wrong:
            more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            self._said["message"] = f"{_message((*over, *wrong)[0])}{more}"

    def ended(self, code: int) -> None:
        """The command comes back with this exit code."""
        self._code = code

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self._code = code_of(error)
            self._over_budget = isinstance(error, OverBudget)
        about = self._about(error)
        if self.log is not None:
            self.log.say("Ended", **about)
            self.log.close()
        if self.notify is not None and not isinstance(error, _GIVEN_UP):
            self._notify(about)

    def _about(self, error: BaseException | None) -> dict[str, Any]:
        state = "over budget" if self._over_budget else _STATES.get(self._code, "failed")
        return {
            "command": self.command,
            "file": "" if self.file is None else inert(str(self.file)),
            "state": state,
            "exit_code": self._code,
            "message": _message(error),
            **self._said,
        }

    def _notify(self, about: Mapping[str, Any]) -> None:
        assert self.notify is not None
        wrong = workflows.notifying.tell(
            self.notify, {"text": _text(about), **about}, allow_private=self.allow_private
        )
        if wrong:
            with suppress(OSError):  # a terminal that is gone
                screen.err().print(screen.text(f"nobody was notified: {wrong}", "yellow"))


def _message(error: BaseException | None) -> str:
    """What ended it, for people; of a mistake of the program's own, only that it was one."""
    if isinstance(error, (OSError, sqlite3.Error)):
        error = trouble(error)
    if isinstance(error, StoryboardError):
        return inert(pasteable(str(error)), lines=True)
    return "" if error is None else type(error).__name__


def _text(about: Mapping[str, Any]) -> str:
    """All of it in a line, for people."""
    films: Sequence[str] = about.get("films", ())
    cost = about.get("cost_microusd", 0)
    more = [
        about["message"].partition("\n")[0],
        films[0] if len(films) == 1 else f"{len(films)} films" if films else "",
        f"{dollars(cost)} spent" if cost else "",
    ]
    said = ", ".join(filter(None, more))
    whole = f"{about['command']} {about['file']}".rstrip()
    return f"{whole}: {about['state']}" + (f": {said}" if said else "")


def code_of(error: BaseException) -> int:
    """The exit code of what ended a command."""
    if isinstance(error, StoryboardError):
        return error.exit_code
    if isinstance(error, click.ClickException):
        return error.exit_code
    if isinstance(error, _GIVEN_UP):
        return INTERRUPTED
    if isinstance(error, (OSError, sqlite3.Error)):
        return trouble(error).exit_code
    return 1
