"""The way to the host of one address: through the guard, or through the environment's proxy."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore
import httpx
from socksio.exceptions import SOCKSError

from storyboard.webfetch.guard import FetchError, Guard, Timed, shown
from storyboard.webfetch.proxies import SOCKS, NoWayOut, proxy_for

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.webfetch.guard import Resolver

_PROXY = (httpcore.ProxyError, SOCKSError)
BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, *_PROXY)
"""How a connection can fail, but by taking too long; `broken` says it in words."""

_HOST, _LAST_PORT = re.compile(rb"[\w.:-]+"), 65535


@dataclass(frozen=True, slots=True)
class Way:
    """What leads to a host."""

    network: httpcore.NetworkBackend
    resolve: Resolver
    clock: Clockwork
    timeout: float
    """Seconds, for everything together."""
    allow_private: bool = False
    instead: str = "download the file and name it"
    """What else can be done where an address can't be used."""


def usable(url: httpx.URL) -> bool:
    """Whether it is an address of the web, with a host that can be one."""
    there = bool(_HOST.fullmatch(url.raw_host)) and (url.port or 0) <= _LAST_PORT
    return there and url.scheme in ("http", "https")


def pool(
    url: httpx.URL, way: Way, *, until: float
) -> httpcore.ConnectionPool | httpcore.HTTPProxy | httpcore.SOCKSProxy:
    """Connections that lead to this address's host, and nowhere else."""
    timed = Timed(way.network, until, way.clock)
    guard = Guard(
        timed, url, resolve=way.resolve, allow_private=way.allow_private, instead=way.instead
    )
    try:
        trusted = httpx.create_ssl_context()  # honours SSL_CERT_FILE, for a company's authority
        proxy = proxy_for(url.scheme, url.host)
    except (NoWayOut, OSError) as cause:
        why = cause if isinstance(cause, NoWayOut) else "SSL_CERT_FILE can't be read"
        raise FetchError(f"{shown(url)} can't be reached: {why}; or {way.instead}") from cause
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


def timeouts(way: Way) -> dict[str, float]:
    """The same for each step of a connection."""
    return dict.fromkeys(("connect", "read", "write", "pool"), way.timeout)


def broken(cause: Exception, *, instead: str) -> str:
    """What went wrong with a connection, and what to do."""
    if any(isinstance(reason, ssl.SSLCertVerificationError) for reason in cause.args):
        return (
            "has no certificate that is trusted here; check the address, or set SSL_CERT_FILE to "
            "your company's certificates"
        )
    if isinstance(cause, _PROXY):
        return "was refused by the proxy; check HTTPS_PROXY"
    if isinstance(cause, httpcore.ConnectError):
        return "can't be reached; check the address, and the network"
    return f"broke off or answered nonsense; try again, or {instead}"
