"""Newscast for pages that are open: told from any thread, heard as server-sent events."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

BEAT = 15.0
"""Seconds after which a line that nothing was said on is kept alive."""
_WAITING = 200
"""How much may wait for a page that does not read; what moves on is then left out."""


class Newscast:
    """Who is told, and what is told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[asyncio.Queue[str | None], asyncio.AbstractEventLoop] = {}
        self._last_now = self._last_wrong = ""
        self._over = False

    def changed(self) -> None:
        """The document is another one."""
        self._tell("changed", {})

    def now(self, words: str) -> None:
        """What is being done at the moment; empty where nothing is."""
        if words != self._last_now:
            self._last_now = words
            self._tell("now", {"words": words})

    def wrong(self, words: str) -> None:
        """What is wrong for as long as it is; empty where nothing is."""
        if words != self._last_wrong:
            self._last_wrong = words
            self._tell("wrong", {"words": words})

    def told(self, words: str, *, wrong: bool = False) -> None:
        """Something that people should read, where they don't read it all the time."""
        if words != self._last_wrong:
            self._tell("told", {"words": words, "wrong": wrong})

    def end(self) -> None:
        """Nothing more is told: every line is closed."""
        with self._lock:
            self._over = True
            for queue, loop in self._heard.items():
                loop.call_soon_threadsafe(queue.put_nowait, None)

    async def heard(self) -> AsyncIterator[str]:
        """The events of one page, as they are sent, until it goes or all is over."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        with self._lock:
            if self._over:
                return
            self._heard[queue] = asyncio.get_running_loop()
        try:
            yield _event("now", {"words": self._last_now})
            yield _event("wrong", {"words": self._last_wrong})
            while True:
                try:
                    said = await asyncio.wait_for(queue.get(), BEAT)
                except TimeoutError:
                    said = ": still here\n\n"
                if said is None:
                    return
                yield said
        finally:
            with self._lock:
                self._heard.pop(queue, None)

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        text = _event(kind, data)
        with self._lock:
            for queue, loop in self._heard.items():
                if queue.qsize() < _WAITING or kind != "now":
                    loop.call_soon_threadsafe(queue.put_nowait, text)


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"
