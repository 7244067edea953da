"""Work for those who see other folders: its files go there and come back through a media place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.crews.errand import NotCarried, done_apart, versions
from storyboard.crews.parcel import brought_home, deposited, packed, result_of

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.crews.parcel import Answered, Parcel
    from storyboard.depot.protocol import Depot

AT_ONCE = 8
"""Parcels that are packed or unpacked at the same time."""


class _Sent(Future[Any]):
    """What work comes to once its files are back."""

    there: Future[Answered] | None = None

    def cancel(self) -> bool:
        """False where somebody is at it."""
        if self.there is not None and not self.there.cancel():
            return self.cancelled()
        return super().cancel()


class Carrying(Executor):
    """An executor before another one, whose workers see a media place and no folder of here."""

    def __init__(self, executor: Executor, depot: Depot) -> None:
        """`depot` has to be one that workers reach by the same address."""
        self._executor, self._depot = executor, depot
        self._pool = ThreadPoolExecutor(AT_ONCE, "carry")
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int, int, int], str] = {}
        """What files are called in the place, by what tells that they are as they were."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Its files are put into the place first, those that are not there."""
        sent = _Sent()
        self._pool.submit(self._send, sent, partial(fn, *args, **kwargs))
        return sent

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """What has been sent may come back as long as it is waited for."""
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _send(self, sent: _Sent, work: Callable[[], Any]) -> None:
        if sent.cancelled():
            sent.set_running_or_notify_cancel()
            return
        try:
            parcel = packed(work, self._name_of)
            there = self._executor.submit(done_apart, versions(), self._depot.where, parcel)
        except Exception as error:  # a place that can't be used, workers that take nothing
            self._end(sent, NotCarried(str(error)))
            return
        sent.there = there
        there.add_done_callback(partial(self._came, sent, parcel))

    def _came(self, sent: _Sent, parcel: Parcel, there: Future[Answered]) -> None:
        try:
            self._pool.submit(self._receive, sent, parcel, there)
        except RuntimeError as error:  # shut down
            self._end(sent, error)

    def _receive(self, sent: _Sent, parcel: Parcel, there: Future[Answered]) -> None:
        if there.cancelled():
            Future.cancel(sent)
            return
        error = there.exception()
        if error is not None:
            self._end(sent, error)
            return
        answer = there.result()
        try:
            brought_home(answer, parcel, self._depot)
        except Exception as trouble:  # of the place, or of the disk here: not the work's
            self._end(sent, NotCarried(str(trouble)))
            return
        try:
            found = result_of(answer, parcel)
        except Exception as raised:
            self._end(sent, raised)
            return
        with suppress(InvalidStateError):
            sent.set_result(found)

    @staticmethod
    def _end(sent: _Sent, error: BaseException) -> None:
        with suppress(InvalidStateError):
            sent.set_exception(error)

    def _name_of(self, file: Path) -> str:
        """What a file is called in the place; each is read once."""
        about = file.stat()
        mark = (str(file), about.st_size, about.st_mtime_ns, about.st_ino)
        with self._lock:
            known = self._known.get(mark)
        if known is None:
            known = deposited(file, self._depot)
            with self._lock:
                self._known[mark] = known
        return known
