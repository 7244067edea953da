"""The proxy: one loopback port that poses as every host of the service.

A client that is told to use it as its HTTPS proxy opens a tunnel to a real host name; the
proxy speaks TLS at the other end itself, with a certificate of an authority made for this process.
Every connection has a thread. Nothing ever leaves the machine.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from typing import TYPE_CHECKING, BinaryIO

from storyboard.testing.wire import Hangup, HttpRequest, Reply, Tunnel, read_request, render

if TYPE_CHECKING:
    from storyboard.testing.wire import Scheme

Answer = Callable[[HttpRequest], Reply]


@dataclass(frozen=True, slots=True)
class Certificates:
    """TLS for a set of host names: what the client should trust, and what it should not.

    Attributes:
        authority: the certificate that a client has to trust, in PEM.
        trusted, untrusted: what to speak TLS with.
    """

    authority: bytes
    trusted: ssl.SSLContext
    untrusted: ssl.SSLContext


@lru_cache(maxsize=16)
def certify(hosts: frozenset[str]) -> Certificates:
    """Make two authorities for this process, one to be trusted, and a certificate of each."""
    try:
        import trustme
    except ImportError as missing:
        raise ImportError(
            "FakeService makes its certificates with trustme, which is not installed. "
            "Install it with: pip install trustme"
        ) from missing
    known, unknown = trustme.CA(), trustme.CA()
    contexts = [ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2)]
    for authority, context in zip((known, unknown), contexts, strict=True):
        authority.issue_cert(*sorted(hosts)).configure_cert(context)
    return Certificates(known.cert_pem.bytes(), *contexts)


class TlsProxy:
    """A listening port and its live connections."""

    def __init__(self, answer: Answer, certificates: Certificates) -> None:
        """Start to listen on a free port of 127.0.0.1; `answer` is called in many threads.

        `answer` gets CONNECT requests too and replies to them with a `Tunnel`; it may raise
        `Hangup` to leave a request unanswered.
        """
        self._answer = answer
        self._certificates = certificates
        self._connections: set[_Connection] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="fake-service", daemon=True)
        self._thread.start()

    def sever(self, host: str) -> None:
        """Close the idle connections to a host, so that clients have to connect again."""
        with self._lock:
            connections = [c for c in self._connections if c.host == host]
        for connection in connections:
            connection.close_if_idle()

    def close(self) -> None:
        """Stop listening, break every connection and wait for its thread to end."""
        self._closed = True
        # A listening socket closed by another thread does not wake up accept() everywhere.
        with socket.create_connection(("127.0.0.1", self.port)):
            self._thread.join()
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.close()
        for connection in connections:
            connection.thread.join()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self._closed:
                client.close()
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(client, self._answer, self._certificates, self._forget)
            with self._lock:
                self._connections.add(connection)
            connection.thread.start()

    def _forget(self, connection: _Connection) -> None:
        with self._lock:
            self._connections.discard(connection)


class _Connection:
    """One client connection: requests answered in turn until either side hangs up."""

    def __init__(
        self,
        client: socket.socket,
        answer: Answer,
        certificates: Certificates,
        ended: Callable[[_Connection], None],
    ) -> None:
        self.host = ""
        self.thread = threading.Thread(target=self._serve, name="fake-connection", daemon=True)
        self._socket = client
        self._scheme: Scheme = "http"
        self._answer = answer
        self._certificates = certificates
        self._ended = ended
        self._sending = threading.Lock()
        self._idle = True
        self._closed = False

    def close(self) -> None:
        """Break the connection from another thread."""
        self._closed = True
        with contextlib.suppress(OSError):
            # SSLSocket.shutdown would pull the TLS state from under the thread that reads.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close_if_idle(self) -> None:
        """Break the connection unless a request is being answered on it."""
        # A client acts on an answer before the thread that sent it has gone back to waiting.
        with self._sending:
            if self._idle:
                self.close()

    def _serve(self) -> None:
        try:
            self._converse(self._socket.makefile("rb"))
        except Hangup as hangup:
            if hangup.reset:
                linger = struct.pack("ii", 1, 0)
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        except (OSError, ValueError, HTTPException):
            pass  # The client went away or spoke nonsense, or the service is closing.
        finally:
            self._socket.close()
            self._ended(self)

    def _converse(self, stream: BinaryIO) -> None:
        with stream:
            while request := read_request(stream, host=self.host, scheme=self._scheme):
                self._idle = False
                reply = self._answer(request)
                last = reply.sent is not None or _wants_to_close(request)
                self._send(render(reply, method=request.method, last=last), pause=reply.pause)
                if isinstance(reply, Tunnel) and reply.status == 200:
                    return self._descend(request.host, reply)
                if last:
                    return None
        return None

    def _send(self, reply: bytes, *, pause: float = 0.0) -> None:
        pieces = (reply[at : at + 1] for at in range(len(reply))) if pause else (reply,)
        with self._sending:
            for piece in pieces:
                self._socket.sendall(piece)
                time.sleep(pause)
            self._idle = True

    def _descend(self, host: str, tunnel: Tunnel) -> None:
        """Go on with the conversation inside a tunnel to a host."""
        if tunnel.broken:
            return
        context = self._certificates.trusted if tunnel.trusted else self._certificates.untrusted
        self._socket = context.wrap_socket(
            self._socket, server_side=True, do_handshake_on_connect=False
        )
        if self._closed:  # Closing just now reached the socket that the tunnel replaced.
            return
        self.host, self._scheme = host, "https"
        self._socket.do_handshake()
        self._converse(self._socket.makefile("rb"))


def _wants_to_close(request: HttpRequest) -> bool:
    return str(request.headers.get("Connection", "")).lower() == "close"
