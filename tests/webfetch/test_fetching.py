"""Row 49: web addresses from strangers reach the web, and nothing of the network around us.

The server is real and on the loopback; names and public addresses lead to it by a resolver and a
network that are given to `fetch`, so everything between is the real thing.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpcore
import pytest
import trustme

from storyboard.testing import Clock
from storyboard.webfetch import Fetched, FetchError, addresses, fetch, is_public

PUBLIC = "93.184.216.34"
Answer = Callable[[str], Iterable[bytes]]
"""From a path to the bytes of a whole HTTP answer, piece by piece."""


def answer(body: bytes, *headers: str, status: str = "200 OK") -> list[bytes]:
    """An ordinary HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ["\r\n".join(lines).encode() + b"\r\n\r\n" + body]


def moved(location: str) -> list[bytes]:
    """A redirect."""
    return answer(b"", f"Location: {location}", status="302 Found")


class Server:
    """A web server, with or without TLS, that is its own proxy, and remembers what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.requests: list[str] = []
        self.names: list[str | None] = []
        self.answer: Answer = lambda path: answer(b"picture", "Content-Type: Image/PNG; q=1")
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError):
            try:
                if connection.recv(8, socket.MSG_PEEK).startswith(b"CONNECT"):
                    self.requests.append(asked(connection))
                    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                if self._tls is not None:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                request = asked(connection)
                self.requests.append(request)
                for piece in self.answer(request.split()[1]):
                    connection.sendall(piece)
            finally:
                connection.close()


def asked(connection: socket.socket) -> str:
    """The head of a request."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise OSError("gone")
        head += byte
    return head.decode()


class Network(httpcore.NetworkBackend):
    """Every address leads to the server; which ones were wanted is remembered."""

    def __init__(self, server: Server, *, dead: Sequence[str] = ()) -> None:
        self.wanted: list[str] = []
        self._server, self._dead = server, dead

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the server."""
        self.wanted.append(host)
        if host in self._dead:
            raise httpcore.ConnectError("no route")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._server.port, timeout)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever runs the tests does not count."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signs the server's certificate."""
    return trustme.CA()


@pytest.fixture
def server(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A server with TLS that `fetch` trusts."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pictures.example", "other.example").configure_cert(context)
    server = Server(context)
    yield server
    server.close()


@pytest.fixture
def plain() -> Iterator[Server]:
    """A server without TLS."""
    server = Server(None)
    yield server
    server.close()


def got(url: str, server: Server, **options: Any) -> Fetched:
    """What is fetched where every name has one public address."""
    given: dict[str, Any] = {"limit": 1000, "resolve": lambda host: [PUBLIC], "timeout": 20}
    return fetch(url, **{**given, "network": Network(server), **options})


def refusal(url: str, server: Server, **options: Any) -> str:
    """Why it is not fetched."""
    with pytest.raises(FetchError) as error:
        got(url, server, **options)
    assert str(error.value).isprintable()
    return str(error.value)


PRIVATE = (
    "leads into a private network ({}); download the file and name it, or allow private addresses"
)
UNENCRYPTED = "is not encrypted; write https:// in place of http://"


# What works


def test_a_picture_is_fetched(server: Server) -> None:
    """The body, where it was found, and what the server calls it."""
    assert got("https://pictures.example/a.png?key=secret#part", server) == Fetched(
        b"picture", "https://pictures.example/a.png", "image/png"
    )


def test_the_connection_goes_to_the_address_that_was_checked(server: Server) -> None:
    """The name is still what the server is asked for, and what its certificate must say."""
    network = Network(server)
    got("https://pictures.example/a.png?size=2", server, network=network)
    assert network.wanted == [PUBLIC]
    assert server.names == ["pictures.example"]
    first, *headers = server.requests[0].split("\r\n")
    assert first == "GET /a.png?size=2 HTTP/1.1"
    assert "Host: pictures.example" in headers
    assert "Accept-Encoding: identity" in headers


def test_the_next_address_is_tried(server: Server) -> None:
    """A host may have addresses that do not answer from here."""
    network = Network(server, dead=["2606:4700::1"])
    found = got(
        "https://pictures.example/a",
        server,
        network=network,
        resolve=lambda host: ["2606:4700::1", PUBLIC],
    )
    assert (found.data, network.wanted) == (b"picture", ["2606:4700::1", PUBLIC])


def test_exactly_the_limit_is_fetched(server: Server) -> None:
    """The limit is the last size that is allowed."""
    server.answer = lambda path: answer(b"x" * 1000)
    assert len(got("https://pictures.example/a", server).data) == 1000


def test_redirects_are_followed(server: Server) -> None:
    """Five of them, absolute and relative."""
    steps = {
        "/0": "https://other.example/1",
        "/1": "2",
        "/2": "/3",
        "/3": "4",
        "/4": "//pictures.example/5",
    }
    server.answer = lambda path: moved(steps[path]) if path in steps else answer(b"there")
    found = got("https://pictures.example/0", server)
    assert (found.data, found.url) == (b"there", "https://pictures.example/5")


# Addresses that lead inside

INSIDE = [
    ("127.0.0.1", "127.0.0.1"),
    ("127.1", "127.0.0.1"),
    ("2130706433", "127.0.0.1"),
    ("0x7f000001", "127.0.0.1"),
    ("0.0.0.0", "0.0.0.0"),
    ("10.1.2.3", "10.1.2.3"),
    ("172.16.0.1", "172.16.0.1"),
    ("192.168.1.1", "192.168.1.1"),
    ("100.64.0.1", "100.64.0.1"),
    ("169.254.169.254", "169.254.169.254"),
    ("224.0.0.1", "224.0.0.1"),
    ("240.0.0.1", "240.0.0.1"),
    ("255.255.255.255", "255.255.255.255"),
    ("[::1]", "::1"),
    ("[::]", "::"),
    ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    ("[::ffff:a9fe:a9fe]", "::ffff:169.254.169.254"),
    ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
    ("[2002:7f00:1::]", "2002:7f00:1::"),
    ("[fc00::1]", "fc00::1"),
    ("[fec0::1]", "fec0::1"),
    ("[ff02::1]", "ff02::1"),
]


@pytest.mark.parametrize(("host", "address"), INSIDE)
def test_an_address_inside_is_refused(server: Server, host: str, address: str) -> None:
    """Row 49: in every spelling; nothing is connected to."""
    network = Network(server)
    url = f"https://{host}/a.png"
    message = refusal(url, server, resolve=addresses, network=network)
    assert message.endswith(PRIVATE.format(address))
    assert network.wanted == []


def test_the_message_names_the_address(server: Server) -> None:
    """Row 49: whole."""
    assert refusal("https://169.254.169.254/latest/?key=secret", server, resolve=addresses) == (
        "https://169.254.169.254/latest/ leads into a private network (169.254.169.254); "
        "download the file and name it, or allow private addresses"
    )


@pytest.mark.parametrize("found", [["10.0.0.1"], [PUBLIC, "10.0.0.1"], ["fe80::1%eth0", PUBLIC]])
def test_a_name_for_an_address_inside_is_refused(server: Server, found: list[str]) -> None:
    """Row 49: also when only one of its addresses is inside."""
    network = Network(server)
    message = refusal(
        "https://pictures.example/a", server, resolve=lambda host: found, network=network
    )
    assert "leads into a private network" in message
    assert network.wanted == []


def test_a_redirect_inside_is_refused(server: Server) -> None:
    """Row 49: it passes the same check."""
    server.answer = lambda path: moved("https://127.0.0.1:1/admin?key=secret")

    def resolve(host: str) -> Sequence[str]:
        return [PUBLIC] if host == "pictures.example" else addresses(host)

    assert refusal("https://pictures.example/a", server, resolve=resolve) == (
        "https://127.0.0.1:1/admin " + PRIVATE.format("127.0.0.1")
    )


def test_a_name_that_changes_its_mind_is_asked_once(server: Server) -> None:
    """Row 49: what was checked is what is connected to; a second visit is checked again."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    network = Network(server)
    server.answer = lambda path: moved("/again")
    message = refusal(
        "https://pictures.example/a", server, resolve=lambda host: next(answers), network=network
    )
    assert message == "https://pictures.example/again " + PRIVATE.format("127.0.0.1")
    assert network.wanted == [PUBLIC]


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:4700::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_public_addresses_are_public(address: str) -> None:
    """Also those of the old internet as the new one writes them."""
    assert is_public(address)


# Addresses that are no good


@pytest.mark.parametrize(
    "url",
    [
        "hello.png",
        "ftp://pictures.example/a",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://pic tures.example/",
        "https://pictures.example:99999999/",
        "https://[::1/",
        "https://0177.0.0.1/",
        "https://xn--/\ud800",
        "https://pictures.example/\n",
    ],
)
def test_what_is_no_web_address_is_refused(server: Server, url: str) -> None:
    """Whatever it is, one sentence says what to write."""
    assert refusal(url, server) == ("is not a web address; write it like https://host/picture.png")


def test_plain_http_is_refused(server: Server) -> None:
    """Anyone on the way could change the picture."""
    assert refusal("http://pictures.example/a.png", server) == (
        "http://pictures.example/a.png " + UNENCRYPTED
    )


def test_a_redirect_to_plain_http_is_refused(server: Server) -> None:
    """The last step counts too."""
    server.answer = lambda path: moved("http://pictures.example/b")
    assert refusal("https://pictures.example/a", server) == (
        "http://pictures.example/b " + UNENCRYPTED
    )


@pytest.mark.parametrize("who", ["user:secret@", "user@", ":secret@"])
def test_credentials_are_refused_and_not_repeated(server: Server, who: str) -> None:
    """They would end up in files and messages."""
    assert refusal(f"https://{who}pictures.example/a", server) == (
        "https://pictures.example/a is written with a user name or password; remove them, or "
        "download the file and name it"
    )


def test_a_host_that_does_not_exist_is_said(server: Server) -> None:
    """The address is probably mistyped."""

    def nowhere(host: str) -> Sequence[str]:
        raise OSError("no such name")

    assert refusal("https://pictures.example/a", server, resolve=nowhere) == (
        "https://pictures.example/a is on a host that does not exist; check the address, and the "
        "network"
    )


def test_a_host_that_does_not_answer_is_said(server: Server) -> None:
    """The network is probably down."""
    message = refusal("https://pictures.example/a", server, network=Network(server, dead=[PUBLIC]))
    assert message == (
        "https://pictures.example/a can't be reached; check the address, and the network"
    )


def test_a_certificate_that_is_not_trusted_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And behind a company's own authority the way out is named."""
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refusal("https://pictures.example/a", server) == (
        "https://pictures.example/a has no certificate that is trusted here; check the address, "
        "or set SSL_CERT_FILE to your company's certificates"
    )


def test_a_certificate_for_another_name_is_refused(server: Server) -> None:
    """Going to an address does not weaken the check of the name."""
    assert "has no certificate that is trusted here" in refusal("https://evil.example/a", server)


# Answers that are no good

TOO_BIG = "https://pictures.example/a is larger than the 0.001 MB that are read; use a smaller file"


def test_an_answer_that_says_it_is_too_big_is_refused(server: Server) -> None:
    """Before its body is read: this one never comes."""
    server.answer = lambda path: [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"]
    assert refusal("https://pictures.example/a", server) == TOO_BIG


def test_an_answer_without_an_end_is_given_up(server: Server) -> None:
    """Whatever its length, no more than the limit is kept."""

    def endless(path: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"190\r\n" + b"x" * 400 + b"\r\n"

    server.answer = endless
    assert refusal("https://pictures.example/a", server) == TOO_BIG


def test_more_than_was_said_is_not_read(server: Server) -> None:
    """A length that is too short cuts; the picture then says that it breaks off."""
    server.answer = lambda path: [*answer(b"short"), b"x" * 5000]
    assert got("https://pictures.example/a", server).data == b"short"


def test_less_than_was_said_is_refused(server: Server) -> None:
    """Half a picture is not a picture."""
    server.answer = lambda path: [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"]
    assert refusal("https://pictures.example/a", server) == (
        "https://pictures.example/a broke off or answered nonsense; try again, or download the "
        "file and name it"
    )


def test_nonsense_is_refused(server: Server) -> None:
    """What does not speak HTTP."""
    server.answer = lambda path: [b"SSH-2.0-OpenSSH\r\n\r\n"]
    assert "broke off or answered nonsense" in refusal("https://pictures.example/a", server)


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_answer_is_refused(server: Server, coding: str) -> None:
    """A bomb is never unpacked, because nothing is."""
    server.answer = lambda path: answer(b"\x1f\x8b", f"Content-Encoding: {coding}")
    assert refusal("https://pictures.example/a", server) == (
        "https://pictures.example/a is sent compressed, which was not asked for; download it and "
        "name the file"
    )


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "500 Oh", "204 No", "304 Not"]
)
def test_another_status_is_said(server: Server, status: str) -> None:
    """An error's page is not the picture."""
    server.answer = lambda path: [f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n".encode()]
    assert refusal("https://pictures.example/a?key=secret", server) == (
        f"https://pictures.example/a answered {status[:3]}; check that it opens without signing in"
    )


def test_one_redirect_too_many_is_refused(server: Server) -> None:
    """Row 49: also a circle ends."""
    server.answer = lambda path: moved(path + "+")
    assert refusal("https://pictures.example/", server) == (
        "https://pictures.example/++++++ is one redirect too many; write the final address"
    )
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]
)
def test_a_server_that_drips_is_given_up(server: Server, start: bytes) -> None:
    """The time is for everything together, so a byte now and then does not help."""
    clock = Clock()

    def dripping(path: str) -> Iterator[bytes]:
        yield start
        while clock.monotonic() < 100:
            clock.advance(1.0)
            yield b"x"

    server.answer = dripping
    assert refusal("https://pictures.example/a", server, timeout=60, clock=clock) == (
        "https://pictures.example/a took longer than 60 s; try again, or download it and "
        "name the file"
    )
    assert clock.monotonic() <= 101


# Private addresses, when they are allowed


def test_an_allowed_private_address_may_be_plain(plain: Server) -> None:
    """A studio's own server, by its real address."""
    url = f"http://127.0.0.1:{plain.port}/a.png"
    assert fetch(url, limit=1000, allow_private=True).data == b"picture"
    assert f"Host: 127.0.0.1:{plain.port}" in plain.requests[0]


def test_allowing_private_addresses_does_not_allow_plain_public_ones(plain: Server) -> None:
    """On the web, encryption stays."""
    assert refusal("http://pictures.example/a", plain, allow_private=True) == (
        "http://pictures.example/a " + UNENCRYPTED
    )


# Proxies


def test_a_proxy_of_the_environment_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets the name, and its own password; the host gets neither."""
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pass@proxy.example:3128")
    network = Network(server)
    assert got("https://pictures.example/a", server, network=network).data == b"picture"
    assert network.wanted == ["proxy.example"]
    connect, request = server.requests
    assert connect.startswith("CONNECT pictures.example:443 HTTP/1.1")
    assert "proxy-authorization: basic" in connect.lower()
    assert "proxy-authorization" not in request.lower()


def test_a_proxy_is_not_asked_for_what_is_inside(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 49: literal addresses and names that are known here are checked first."""
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    network = Network(server)
    message = refusal("https://2130706433/a", server, resolve=addresses, network=network)
    assert message.endswith(PRIVATE.format("127.0.0.1"))
    assert network.wanted == []


def test_a_proxy_may_know_more_names(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind many proxies, public names can't be resolved."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")

    def nowhere(host: str) -> Sequence[str]:
        raise OSError("no such name")

    assert got("https://pictures.example/a", server, resolve=nowhere).data == b"picture"


def test_no_proxy_goes_straight_to_the_host(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the guard again."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", ".example")
    network = Network(server)
    got("https://pictures.example/a", server, network=network)
    assert network.wanted == [PUBLIC]


def test_a_proxy_of_another_kind_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Going around a proxy unasked would be worse."""
    monkeypatch.setenv("ALL_PROXY", "socks4://proxy.example:1080")
    assert refusal("https://pictures.example/a", server) == (
        "https://pictures.example/a can't be reached: ALL_PROXY names a socks4 proxy, which can't "
        "be used; write it as http://HOST:PORT or socks5://HOST:PORT, or unset it; or download "
        "the file and name it"
    )
