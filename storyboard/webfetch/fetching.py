"""Getting one file from one address, at most so big and within a set time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx

from storyboard.clock import REAL
from storyboard.webfetch.connecting import BROKEN, Way, broken, pool, timeouts, usable
from storyboard.webfetch.guard import FetchError, addresses, shown, unencrypted

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.webfetch.guard import Resolver

MOST_REDIRECTS = 5

_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # a compressed answer can be a bomb
    "Connection": "close",
    "User-Agent": "storyboard",
}
_NO_ADDRESS = "is not a web address; write it like https://host/picture.png"
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    data: bytes
    url: str
    """Where it was found in the end, without query."""
    content_type: str
    """In small letters, without parameters; what the server says, not what it is."""


def fetch(
    url: str,
    *,
    limit: int,
    allow_private: bool = False,
    timeout: float = 60.0,
    resolve: Resolver = addresses,
    network: httpcore.NetworkBackend | None = None,
    clock: Clockwork = REAL,
) -> Fetched:
    """The body at an https address, of at most `limit` bytes, within `timeout` seconds in all.

    `allow_private` lets it be on this machine or the local network, where plain http is allowed
    too. `resolve` and `network` stand in for the real network, `clock` says when time is up.
    FetchError says what to do.
    """
    way = Way(network or httpcore.SyncBackend(), resolve, clock, timeout, allow_private)
    until = clock.monotonic() + timeout
    target = _parsed(url)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _visit(target, way, limit=limit, until=until)
        if isinstance(answer, Fetched):
            return answer
        target = answer
    raise FetchError(f"{shown(target)} is one redirect too many; write the final address")


def _visit(url: httpx.URL, way: Way, *, limit: int, until: float) -> Fetched | httpx.URL:
    """The body at `url`, or where it sends us; every way this can fail is put into words."""
    if url.scheme != "https" and not way.allow_private:
        raise unencrypted(url)
    try:
        with (
            pool(url, way, until=until) as lines,
            lines.stream(
                "GET",
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=[("Host", url.netloc), *_HEADERS.items()],
                extensions={"timeout": timeouts(way)},
            ) as response,
        ):
            return _answer(url, response, limit=limit)
    except httpcore.TimeoutException as cause:
        raise FetchError(
            f"{shown(url)} took longer than {way.timeout:g} s; try again, or download it "
            "and name the file"
        ) from cause
    except BROKEN as cause:
        raise FetchError(f"{shown(url)} {broken(cause, instead=way.instead)}") from cause


def _answer(url: httpx.URL, response: httpcore.Response, *, limit: int) -> Fetched | httpx.URL:
    headers = httpx.Headers(response.headers)
    if response.status in _MOVED and "location" in headers:
        return _parsed(headers["location"], base=url)
    if response.status != 200:
        raise FetchError(
            f"{shown(url)} answered {response.status}; check that it opens without signing in"
        )
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise FetchError(
            f"{shown(url)} is sent compressed, which was not asked for; download it and name "
            "the file"
        )
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limit:
        raise _too_big(url, limit)
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > limit:
            raise _too_big(url, limit)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(bytes(body), shown(url), kind)


def _parsed(url: str, *, base: httpx.URL | None = None) -> httpx.URL:
    try:
        parsed = httpx.URL(url) if base is None else base.join(url)
        if not usable(parsed):
            raise FetchError(_NO_ADDRESS)
    except (httpx.InvalidURL, ValueError, TypeError) as cause:
        raise FetchError(_NO_ADDRESS) from cause
    if parsed.userinfo:
        raise FetchError(
            f"{shown(parsed)} is written with a user name or password; remove them, or download "
            "the file and name it"
        )
    return parsed


def _too_big(url: httpx.URL, limit: int) -> FetchError:
    return FetchError(
        f"{shown(url)} is larger than the {limit / 1e6:.3g} MB that are read; use a smaller file"
    )
