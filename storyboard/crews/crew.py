"""A crew: an executor, how it fares, and how it is let go."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from storyboard.errors import MediaError

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Undone(MediaError):
    """Nobody has done the work, and it is as it was."""


class Fate(Enum):
    """What an error says of the workers; all but `WELL` say nothing about the work."""

    WELL = "the work failed"
    DIED = "a worker died at it"
    DROPPED = "nobody did it"


class Crew(Protocol):
    """Workers that were hired. Its methods are called from any thread."""

    @property
    def executor(self) -> Executor:
        """Who takes the work."""

    @property
    def watched(self) -> bool:
        """Whether it has to be asked for its trouble now and then: it does not break by itself."""

    def trouble(self) -> str:
        """Why it won't work any more, in words; empty where it will."""

    @property
    def tries(self) -> int:
        """A piece of work at which so many workers died is not given to another one."""

    def fate(self, error: BaseException) -> Fate:
        """What this says of the workers."""

    def leave(self) -> None:
        """Let it go. What it is at is finished first, where that can be waited for."""


class PlainCrew:
    """Any executor; it is shut down at the end."""

    watched = False
    tries = 3

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def trouble(self) -> str:
        """It breaks, and says so."""
        return ""

    def fate(self, error: BaseException) -> Fate:
        """As the executors of the standard library say it."""
        if isinstance(error, Undone):
            return Fate.DROPPED
        return Fate.DIED if isinstance(error, BrokenExecutor) else Fate.WELL

    def leave(self) -> None:
        """What nobody has begun is cancelled. What is wrong with it then changes nothing."""
        with suppress(Exception):
            self.executor.shutdown(wait=True, cancel_futures=True)
