"""Bounds: no answer is read beyond its size and its time."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Iterator

import httpx
import pytest

from storyboard.fal.bounds import Bounds, TooLong, TooMuch, bounded, within
from storyboard.testing import Clock

SMALL = Bounds(size=1000, seconds=10.0)


class Body(httpx.SyncByteStream):
    """A body that is never whole: each piece takes a second."""

    def __init__(self, clock: Clock, piece: bytes) -> None:
        self._clock, self._piece = clock, piece
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._clock.sleep(1.0)
            self.sent += len(self._piece)
            yield self._piece


def client(answer: httpx.Response, clock: Clock) -> httpx.Client:
    """A client whose every answer this is."""
    transport = httpx.MockTransport(lambda _: answer)
    return bounded(httpx.Client(transport=transport), SMALL, clock)


def test_a_body_that_does_not_end_is_left() -> None:
    """Soon after its bound, not at the end of the memory."""
    clock = Clock()
    body = Body(clock, b"x" * 400)
    with pytest.raises(TooMuch, match="larger than 1000"):
        client(httpx.Response(200, stream=body), clock).get("https://queue.fal.run/x")
    assert body.sent == 1200


def test_a_body_that_drips_is_left() -> None:
    """A byte a second, for ever."""
    clock = Clock()
    with pytest.raises(TooLong, match="longer than 10 s"):
        client(httpx.Response(200, stream=Body(clock, b"x")), clock).get("https://queue.fal.run/x")
    assert clock() == 11


@pytest.mark.parametrize("packed", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(packed: str) -> None:
    """Packed though nobody asked for it: up to the bound, and no further."""
    pack = gzip.compress if packed == "gzip" else zlib.compress
    headers = {"Content-Encoding": packed}
    for size, fits in ((1000, True), (50_000_000, False)):
        answer = httpx.Response(200, headers=headers, stream=httpx.ByteStream(pack(bytes(size))))
        asked = client(answer, Clock())
        if fits:
            assert asked.get("https://queue.fal.run/x").content == bytes(size)
        else:
            with pytest.raises(TooMuch):
                asked.get("https://queue.fal.run/x")


def test_what_is_packed_in_another_way_is_not_read() -> None:
    """Brotli and others, whose bounds nobody has."""
    body = httpx.ByteStream(b"x")
    answer = httpx.Response(200, headers={"Content-Encoding": "br"}, stream=body)
    with pytest.raises(TooMuch, match="packed as 'br'"):
        client(answer, Clock()).get("https://queue.fal.run/x")


def test_a_call_that_does_not_come_back_is_left_behind() -> None:
    """And what it still brings is put away."""
    go, put_away = threading.Event(), threading.Event()
    with pytest.raises(httpx.ReadTimeout):
        within(0.01, go.wait, drop=lambda _: put_away.set())
    go.set()
    assert put_away.wait(300)


def test_what_a_call_raises_comes_out() -> None:
    """As if it had not been on a thread of its own."""

    def broken() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        within(10.0, broken)
    assert within(10.0, lambda: 7) == 7
