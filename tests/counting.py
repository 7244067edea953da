"""An executor that counts: what it was given, how much of it at once, and whether it is plain."""

from __future__ import annotations

import pickle
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any


class Counting(Executor):
    """So many workers. All that they are given could go to another machine.

    `meetings` says of some work, by its name, how much of it has to be done at once: nobody goes
    on until so many have begun.
    """

    def __init__(self, count: int, *, meetings: Mapping[str, int] | None = None) -> None:
        self.given: Counter[str] = Counter()
        """How often each function was handed over."""
        self._pool = ThreadPoolExecutor(count)
        self._meetings = {
            name: threading.Barrier(many, timeout=300) for name, many in (meetings or {}).items()
        }

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Pickled and unpickled, as another process would get it."""
        self.given[name_of(fn)] += 1
        return self._pool.submit(self._done, name_of(fn), pickle.dumps((fn, args, kwargs)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """No more work."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _done(self, name: str, packed: bytes) -> Any:
        if name in self._meetings:
            self._meetings[name].wait()
        fn, args, kwargs = pickle.loads(packed)
        return pickle.loads(pickle.dumps(fn(*args, **kwargs)))


def name_of(work: Callable[..., Any]) -> str:
    """What a function is called, also where some of its arguments are fixed."""
    return name_of(work.func) if isinstance(work, partial) else work.__name__
