"""The way to a host: only to addresses that were checked, and only until time is up."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import httpcore

from storyboard.clock import REAL
from storyboard.errors import FileTrouble

if TYPE_CHECKING:
    import ssl

    import httpx

    from storyboard.clock import Clockwork

Resolver = Callable[[str], Sequence[str]]
"""From the name of a host to its IP addresses; OSError where it has none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(FileTrouble):
    """An address that can't be fetched. The text is one line: what is wrong; what to do.

    It never holds the address's query, which may be a secret.
    """


def addresses(host: str) -> Sequence[str]:
    """The IP addresses of a host as this system resolves it; OSError where it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as cause:
        raise OSError("not a name of a host") from cause
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also one wrapped in an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def shown(url: httpx.URL) -> str:
    """The address for a message: its host and path, in ASCII, without query."""
    host = url.raw_host.decode("ascii")
    where = f"[{host}]" if ":" in host else host
    port = f":{url.port}" if url.port else ""
    path = url.raw_path.partition(b"?")[0].decode("ascii")
    return f"{url.scheme}://{where}{port}{path if len(path) <= 80 else path[:77] + '...'}"


def unencrypted(url: httpx.URL) -> FetchError:
    """The error for plain http where it is not allowed."""
    return FetchError(f"{shown(url)} is not encrypted; write https:// in place of http://")


class Guard(httpcore.NetworkBackend):
    """Connects to the host of one address, and there to nothing that was not checked."""

    def __init__(
        self,
        network: httpcore.NetworkBackend,
        url: httpx.URL,
        *,
        resolve: Resolver,
        allow_private: bool,
        instead: str = "download the file and name it",
    ) -> None:
        self._network, self._url, self._instead = network, url, instead
        self._resolve, self._allow_private = resolve, allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        try:
            found = self._checked(host)
        except OSError as cause:
            raise FetchError(
                f"{shown(self._url)} is on a host that does not exist; check the address, and "
                "the network"
            ) from cause
        for address in found[:-1]:
            try:
                return self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._network.connect_tcp(found[-1], port, timeout, local_address, socket_options)

    def check_if_known(self) -> None:
        """The check alone, for a host that a proxy will connect to: it may know more names."""
        try:
            self._checked(self._url.raw_host.decode("ascii"))
        except OSError:
            return

    def _checked(self, host: str) -> Sequence[str]:
        found = self._resolve(host.strip("[]"))
        if not found:
            raise OSError("no address")
        private = [address for address in found if not is_public(address)]
        if private and not self._allow_private:
            raise FetchError(
                f"{shown(self._url)} leads into a private network ({private[0]}); "
                f"{self._instead}, or allow private addresses"
            )
        if self._url.scheme == "http" and len(private) < len(found):
            raise unencrypted(self._url)
        return found


class Timed(httpcore.NetworkBackend):
    """A network on which everything together ends in time, however slowly a server drips."""

    def __init__(
        self, network: httpcore.NetworkBackend, until: float, clock: Clockwork = REAL
    ) -> None:
        self._network, self._until, self._clock = network, until, clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection whose every step ends in time."""
        left = _left(self._until, self._clock, timeout, httpcore.ConnectTimeout)
        stream = self._network.connect_tcp(host, port, left, local_address, socket_options)
        return _TimedStream(stream, self._until, self._clock)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, until: float, clock: Clockwork) -> None:
        self._stream, self._until, self._clock = stream, until, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _left(self._until, self._clock, timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = _left(self._until, self._clock, timeout, httpcore.WriteTimeout)
        self._stream.write(buffer, left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._until, self._clock, timeout, httpcore.ConnectTimeout)
        secure = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(secure, self._until, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(
    until: float, clock: Clockwork, timeout: float | None, late: type[httpcore.TimeoutException]
) -> float:
    left = until - clock.monotonic()
    if left <= 0:
        raise late("out of time")
    return left if timeout is None else min(left, timeout)
