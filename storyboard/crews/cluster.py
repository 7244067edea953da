"""A Dask cluster: its workers do what takes long, by the same versions as here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from storyboard.clock import REAL
from storyboard.crews.carrying import Carrying
from storyboard.crews.crew import Fate, Undone
from storyboard.crews.errand import packed, performed, unlike, versions
from storyboard.errors import StoryboardError

try:
    import distributed
except ImportError as cause:
    raise StoryboardError(
        "workers of a Dask cluster need the package distributed: `pip install distributed` beside "
        "storyboard"
    ) from cause

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.clock import Clockwork
    from storyboard.depot.protocol import Depot

_dask: Any = distributed
"""Its functions have no types."""

PATIENCE = 30.0
"""Seconds without the scheduler, or without any worker, until the cluster is taken for gone."""
_ASKED = 5.0
"""Seconds that a scheduler has for an answer."""


class _Errands(Executor):
    """Work as the cluster gets it."""

    def __init__(self, client: Any) -> None:
        # Never pure: Dask would take two tasks for one by their arguments.
        self._executor = client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Pickled here, so that nobody looks for tasks in it."""
        assert not args
        assert not kwargs
        future: Future[Any] = self._executor.submit(performed, versions(), packed(fn))
        return future


class Cluster:
    """The workers of a scheduler."""

    watched = True
    tries = 1
    """Dask has given it to others already when it says that workers died at it."""

    def __init__(
        self,
        address: str,
        *,
        media: Depot | None = None,
        patience: float = PATIENCE,
        clock: Clockwork = REAL,
    ) -> None:
        """`address` as Dask writes it: `tcp://host:8786`, `tls://host:8786`. Where the workers see
        other folders, files go there and come back through the `media` place.

        StoryboardError where no scheduler answers there, it has no workers, or those have other
        versions than this process.
        """
        self._patience, self._clock = patience, clock
        self._silent_since: float | None = None
        self._quiet = logging.getLogger("distributed")
        self._level = self._quiet.level
        self._quiet.setLevel(logging.CRITICAL)  # what becomes of the cluster is said by us
        try:
            self._client = _dask.Client(address, timeout=patience, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            self._quiet.setLevel(self._level)
            raise StoryboardError(
                f"no Dask scheduler answers at {address}: {_line(error)}"
            ) from error
        try:
            self._require_alike(address)
        except BaseException:
            self.leave()
            raise
        self.executor: Executor = _Errands(self._client)
        if media is not None:
            self.executor = Carrying(self._client.get_executor(pure=False), media)

    def trouble(self) -> str:
        """Why it is gone: no scheduler, or no worker, for as long as there is patience."""
        words = self._silence()
        if not words:
            self._silent_since = None
            return ""
        now = self._clock.monotonic()
        if self._silent_since is None:
            self._silent_since = now
        lasting = now - self._silent_since >= self._patience
        return words if lasting or self._client.status in ("closed", "closing") else ""

    def fate(self, error: BaseException) -> Fate:
        """A worker that came later may have other versions, and can't do it."""
        if isinstance(error, distributed.KilledWorker):
            return Fate.DIED
        return Fate.DROPPED if isinstance(error, Undone) else Fate.WELL

    def leave(self) -> None:
        """Its scheduler and workers stay; what they do for us is given up."""
        with suppress(Exception):  # of a scheduler that is gone, whatever
            self._client.close(timeout=_ASKED)
        self._quiet.setLevel(self._level)

    def _silence(self) -> str:
        """What is not as it should be at the moment."""
        if self._client.status != "running":
            return "no scheduler"
        try:
            workers = self._client.nthreads(callback_timeout=_ASKED)
        except Exception:  # a line that broke, a scheduler that ends: whatever
            return "no scheduler"
        return "" if workers else "no worker"

    def _require_alike(self, address: str) -> None:
        """At least one worker, and each with what makes the same pictures."""
        found = self._client.run(versions, on_error="return")
        if not found:
            raise StoryboardError(
                f"the Dask scheduler at {address} has no workers; start some: "
                f"`dask worker {address}`"
            )
        here = versions()
        for worker, there in found.items():
            if isinstance(there, BaseException):
                raise StoryboardError(f"the worker {worker} can't do this work: {_line(there)}")
            if other := unlike(here, there):
                raise StoryboardError(
                    f"the worker {worker} has {other}: it would make other pictures; install the "
                    "same there"
                )


def _line(error: BaseException) -> str:
    """An error of Dask's in one line."""
    text = " ".join(str(error).split())
    return text or type(error).__name__
