"""The wire: HTTP/1.1 requests read from a socket and replies written to it.

Replies can also be written wrongly on purpose: cut short, without a length, not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.client import parse_headers
from typing import Any, BinaryIO, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

Scheme = Literal["http", "https"]


class Hangup(Exception):
    """The server closes the connection instead of answering.

    With `reset` the client sees a reset connection, else one that was closed politely.
    """

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__("reset" if reset else "closed")
        self.reset = reset


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request as it arrived.

    Attributes:
        method: as sent, in capitals.
        scheme: how the client reached the host.
        host: the name the client meant to talk to, without port.
        path: percent-decoded, without the query.
        query: every value of every parameter.
        headers: looked up without regard to case.
        body: the raw bytes.
    """

    method: str
    scheme: Scheme
    host: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Message = field(default_factory=Message)
    body: bytes = b""

    @property
    def url(self) -> str:
        """The address without its query."""
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def json(self) -> Any:
        """The body as JSON, or None when it is empty or something else."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None

    def asked(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, with the ways in which it can be delivered badly.

    Attributes:
        status: the HTTP status.
        headers: Content-Length is added unless it is given or the reply is chunked.
        body: the whole body.
        sent: how many bytes of the body leave before the connection breaks; None: all, unbroken.
        chunked: send the body in chunks, without a Content-Length.
        pause: real seconds from one byte to the next, of head and body.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sent: int | None = None
    chunked: bool = False
    pause: float = 0.0

    @classmethod
    def of(cls, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        """Return a JSON reply."""
        body = json.dumps(value).encode()
        return cls(status, {"Content-Type": "application/json", **(headers or {})}, body)


@dataclass(frozen=True, slots=True)
class Tunnel(Reply):
    """The answer to CONNECT: 200 opens a TLS tunnel, anything else is an ordinary reply.

    Attributes:
        broken: break the connection where the TLS handshake should begin.
        trusted: present a certificate that the client has reason to trust.
    """

    broken: bool = False
    trusted: bool = True


def read_request(stream: BinaryIO, *, host: str, scheme: Scheme) -> HttpRequest | None:
    """Return the next request on a connection, or None when the client has closed it.

    `host` is who the connection leads to; a proxy's absolute address and CONNECT name their own.
    """
    line = stream.readline(65_537).split()
    if len(line) != 3:
        return None
    method, target = line[0].decode("latin-1"), line[1].decode("latin-1")
    headers = parse_headers(stream)
    body = _read_body(stream, headers)
    if method == "CONNECT":
        return HttpRequest(method, scheme, target.rpartition(":")[0], "", {}, headers, body)
    address = urlsplit(target)
    return HttpRequest(
        method=method,
        scheme=scheme,
        host=address.hostname or host,
        path=unquote(address.path),
        query=parse_qs(address.query, keep_blank_values=True),
        headers=headers,
        body=body,
    )


def render(reply: Reply, *, method: str, last: bool) -> bytes:
    """Return the bytes of a reply; `last` announces that the connection closes after it."""
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unknown"
    fields = {"Connection": "close" if last else "keep-alive", **reply.headers}
    if reply.chunked:
        fields["Transfer-Encoding"] = "chunked"
    elif method != "CONNECT" or reply.status != 200:
        fields.setdefault("Content-Length", str(len(reply.body)))
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{k}: {v}" for k, v in fields.items())]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    if method == "HEAD":
        return head
    body = reply.body if reply.sent is None else reply.body[: reply.sent]
    return head + (_in_chunks(body, whole=reply.sent is None) if reply.chunked else body)


def _read_body(stream: BinaryIO, headers: Message) -> bytes:
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        return b"".join(_read_chunks(stream))
    return stream.read(int(headers.get("Content-Length", 0)))


def _read_chunks(stream: BinaryIO) -> list[bytes]:
    chunks = []
    while size := int(stream.readline().split(b";")[0] or b"0", 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return chunks


def _in_chunks(body: bytes, *, whole: bool, size: int = 65_536) -> bytes:
    pieces = (body[first : first + size] for first in range(0, len(body), size))
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return chunks + (b"0\r\n\r\n" if whole else b"")
