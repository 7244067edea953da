"""Bounds: how much of an answer is read, unpacked, and for how long; for any httpx client.

A packed answer of a few kilobytes can hold gigabytes, a body need not end, and a byte a minute
keeps a connection alive for ever.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import httpx

from storyboard.clock import REAL

if TYPE_CHECKING:
    from storyboard.clock import Clockwork

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is taken from one answer."""

    size: int = 16_000_000
    """Bytes, unpacked; a page of the history with a hundred requests has about 200,000."""
    seconds: float = 60.0


class TooMuch(httpx.DecodingError):
    """An answer passed its bounds. fal-client repeats nothing after an error of this kind."""


class TooLong(TooMuch):
    """It was not whole when its time was over."""


def bounded(client: httpx.Client, bounds: Bounds, clock: Clockwork = REAL) -> httpx.Client:
    """The same client, which asks for nothing packed, and reads no answer beyond its bounds."""

    def ask(request: httpx.Request) -> None:
        request.headers["Accept-Encoding"] = "identity"

    def limit(response: httpx.Response) -> None:
        packed = response.headers.pop("content-encoding", "identity").strip().lower()
        if packed != "identity":
            response.headers.pop("content-length", None)  # of the packed bytes
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Bounded(response.stream, bounds, packed, clock)

    client.event_hooks = {"request": [ask], "response": [limit]}
    return client


class _Bounded(httpx.SyncByteStream):
    """A body, unpacked piece by piece, that ends in `TooMuch` where it passes its bounds."""

    def __init__(
        self, stream: httpx.SyncByteStream, bounds: Bounds, packed: str, clock: Clockwork
    ) -> None:
        self._stream, self._bounds, self._clock = stream, bounds, clock
        self._packed = packed

    def __iter__(self) -> Iterator[bytes]:
        left, until = self._bounds.size, self._clock.monotonic() + self._bounds.seconds
        unpack = _unpacking(self._packed)
        for piece in self._stream:
            found = unpack(piece, left + 1)
            left -= len(found)
            if left < 0:
                raise TooMuch(f"the answer is larger than {self._bounds.size} bytes")
            if self._clock.monotonic() > until:
                raise TooLong(f"the answer took longer than {self._bounds.seconds:g} s")
            yield found

    def close(self) -> None:
        self._stream.close()


def _unpacking(packed: str) -> Callable[[bytes, int], bytes]:
    """Unpacks a piece, into so many bytes at the most; what is packed otherwise is not read."""
    if packed == "identity":
        return lambda piece, _: piece
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise TooMuch(f"the answer is packed as {packed!r}, which was not asked for")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # both of them, by their first bytes

    def unpack(piece: bytes, most: int) -> bytes:
        try:
            return unpacker.decompress(piece, most)
        except zlib.error as error:
            raise TooMuch(f"the answer can't be unpacked ({error})") from error

    return unpack


class _Call(Generic[T]):
    """A call on a thread of its own, which may be left behind."""

    def __init__(self, act: Callable[[], T], drop: Callable[[T], None]) -> None:
        self._act, self._drop = act, drop
        self._over, self._lock = threading.Event(), threading.Lock()
        self._left = False
        self._answer: T | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._answer = self._act()
        except BaseException as error:
            self._error = error
        with self._lock:
            self._over.set()
            late = self._left and self._error is None
        if late:
            self._drop(self._answer)  # type: ignore[arg-type]

    def wait(self, seconds: float) -> T:
        self._over.wait(seconds)
        with self._lock:
            self._left = not self._over.is_set()
        if self._left:
            raise httpx.ReadTimeout(f"no whole answer within {seconds:g} s")
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]


def within(
    seconds: float, act: Callable[[], T], *, drop: Callable[[T], None] = lambda _: None
) -> T:
    """What `act` gives, or httpx.ReadTimeout: it is left behind, and `drop` gets what it still
    brings. httpx limits the time between two bytes only, and an answer's head has many."""
    call = _Call(act, drop)
    threading.Thread(target=call.run, name="exchange", daemon=True).start()
    return call.wait(seconds)
