"""Handing a few words over to one address: no answer is read, and nothing is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore
import httpx

from storyboard.clock import REAL
from storyboard.webfetch.connecting import BROKEN, Way, broken, pool, timeouts, usable
from storyboard.webfetch.guard import FetchError, addresses, shown, unencrypted

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.webfetch.guard import Resolver

_NO_ADDRESS = "this is not a web address; write it like https://host/path"


def post(
    url: str,
    body: bytes,
    *,
    allow_private: bool = False,
    timeout: float = 10.0,
    resolve: Resolver = addresses,
    network: httpcore.NetworkBackend | None = None,
    clock: Clockwork = REAL,
) -> None:
    """Hand a JSON text over to an https address, within `timeout` seconds in all.

    As with `fetch`, `allow_private` lets it be on this machine or the local network, by plain http
    too. A redirect is not followed. FetchError says why it was not taken, and names the host alone:
    what is behind it in such an address is often a secret.
    """
    address = target(url, allow_private=allow_private)
    way = Way(
        network or httpcore.SyncBackend(), resolve, clock, timeout, allow_private, "name another"
    )
    host = _host_of(address)
    try:
        status = _handed_over(address, host, body, way)
    except httpcore.TimeoutException as cause:
        raise FetchError(f"{shown(host)} took longer than {timeout:g} s") from cause
    except BROKEN as cause:
        raise FetchError(f"{shown(host)} {broken(cause, instead=way.instead)}") from cause
    if 300 <= status < 400:
        raise FetchError(f"{shown(host)} answered {status}; name the address that it leads to")
    if not 200 <= status < 300:
        raise FetchError(f"{shown(host)} answered {status}; check the address")


def target(url: str, *, allow_private: bool = False) -> httpx.URL:
    """The address as one; FetchError where it can't be one, or is not encrypted."""
    try:
        found = httpx.URL(url)
        if not usable(found):
            raise FetchError(_NO_ADDRESS)
    except (httpx.InvalidURL, ValueError, TypeError) as cause:
        raise FetchError(_NO_ADDRESS) from cause
    if found.scheme != "https" and not allow_private:
        raise unencrypted(_host_of(found))
    return found


def _host_of(address: httpx.URL) -> httpx.URL:
    return address.copy_with(raw_path=b"/")


def _handed_over(address: httpx.URL, host: httpx.URL, body: bytes, way: Way) -> int:
    """The status that is answered."""
    where = httpcore.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )
    headers = [
        ("Host", address.netloc.decode()),
        ("Content-Length", str(len(body))),
        ("Content-Type", "application/json"),
        ("User-Agent", "storyboard"),
        ("Connection", "close"),
    ]
    more = {"timeout": timeouts(way)}
    with (
        pool(host, way, until=way.clock.monotonic() + way.timeout) as lines,
        lines.stream("POST", where, headers=[*headers], content=body, extensions=more) as response,
    ):
        return response.status
