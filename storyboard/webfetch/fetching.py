"""Getting one file from one address, at most so big and within a set time."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx
from socksio.exceptions import SOCKSError

from storyboard.clock import REAL
from storyboard.webfetch.guard import (
    FetchError,
    Guard,
    Timed,
    addresses,
    shown,
    unencrypted,
)
from storyboard.webfetch.proxies import SOCKS, NoWayOut, proxy_for

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
_HOST, _LAST_PORT = re.compile(rb"[\w.:-]+"), 65535
_NO_ADDRESS = "is not a web address; write it like https://host/picture.png"
_PROXY = (httpcore.ProxyError, SOCKSError)
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
    way = network or httpcore.SyncBackend()
    journey = _Journey(limit, allow_private, timeout, resolve, way, clock)
    until = clock.monotonic() + timeout
    target = _parsed(url)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _visit(target, journey, until=until)
        if isinstance(answer, Fetched):
            return answer
        target = answer
    raise FetchError(f"{shown(target)} is one redirect too many; write the final address")


@dataclass(frozen=True, slots=True)
class _Journey:
    limit: int
    allow_private: bool
    timeout: float
    resolve: Resolver
    network: httpcore.NetworkBackend
    clock: Clockwork


def _visit(url: httpx.URL, journey: _Journey, *, until: float) -> Fetched | httpx.URL:
    """The body at `url`, or where it sends us; every way this can fail is put into words."""
    if url.scheme != "https" and not journey.allow_private:
        raise unencrypted(url)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), journey.timeout)
    try:
        with (
            _pool(url, journey, until=until) as pool,
            pool.stream(
                "GET",
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=[("Host", url.netloc), *_HEADERS.items()],
                extensions={"timeout": timeouts},
            ) as response,
        ):
            return _answer(url, response, limit=journey.limit)
    except httpcore.TimeoutException as cause:
        raise FetchError(
            f"{shown(url)} took longer than {journey.timeout:g} s; try again, or download it "
            "and name the file"
        ) from cause
    except (httpcore.NetworkError, httpcore.ProtocolError, *_PROXY) as cause:
        raise FetchError(f"{shown(url)} {_broken(cause)}") from cause


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
        usable = bool(_HOST.fullmatch(parsed.raw_host)) and (parsed.port or 0) <= _LAST_PORT
    except (httpx.InvalidURL, ValueError, TypeError) as cause:
        raise FetchError(_NO_ADDRESS) from cause
    if not usable or parsed.scheme not in ("http", "https"):
        raise FetchError(_NO_ADDRESS)
    if parsed.userinfo:
        raise FetchError(
            f"{shown(parsed)} is written with a user name or password; remove them, or download "
            "the file and name it"
        )
    return parsed


def _pool(
    url: httpx.URL, journey: _Journey, *, until: float
) -> httpcore.ConnectionPool | httpcore.HTTPProxy | httpcore.SOCKSProxy:
    """One connection's way to the host: through the guard, or through the environment's proxy."""
    timed = Timed(journey.network, until, journey.clock)
    guard = Guard(timed, url, resolve=journey.resolve, allow_private=journey.allow_private)
    try:
        trusted = httpx.create_ssl_context()  # honours SSL_CERT_FILE, for a company's authority
        proxy = proxy_for(url.scheme, url.host)
    except (NoWayOut, OSError) as cause:
        why = cause if isinstance(cause, NoWayOut) else "SSL_CERT_FILE can't be read"
        raise FetchError(f"{shown(url)} can't be fetched: {why}; or download it") from cause
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=trusted, network_backend=guard)
    guard.check_if_known()
    kind = httpcore.SOCKSProxy if proxy.scheme in SOCKS else httpcore.HTTPProxy
    return kind(
        str(proxy.copy_with(userinfo=b"", path="/")),
        proxy_auth=(proxy.username, proxy.password) if proxy.userinfo else None,
        ssl_context=trusted,
        network_backend=timed,
    )


def _too_big(url: httpx.URL, limit: int) -> FetchError:
    return FetchError(
        f"{shown(url)} is larger than the {limit / 1e6:.3g} MB that are read; use a smaller file"
    )


def _broken(cause: Exception) -> str:
    if any(isinstance(reason, ssl.SSLCertVerificationError) for reason in cause.args):
        return (
            "has no certificate that is trusted here; check the address, or set SSL_CERT_FILE to "
            "your company's certificates"
        )
    if isinstance(cause, _PROXY):
        return "was refused by the proxy; check HTTPS_PROXY"
    if isinstance(cause, httpcore.ConnectError):
        return "can't be reached; check the address, and the network"
    return "broke off or answered nonsense; try again, or download it and name the file"
