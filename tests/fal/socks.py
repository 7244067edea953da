"""A small SOCKS5 server on loopback, in front of an HTTP proxy such as the fake service's."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

_VERSION, _PLAIN, _CONNECT, _NAME = 5, 0, 1, 3


class _Visit(socketserver.StreamRequestHandler):
    """One client: it greets, says where it wants to go, and is led there."""

    server: _Server

    def handle(self) -> None:
        _, methods = self.rfile.read(2)
        self.rfile.read(methods)
        self.request.sendall(bytes((_VERSION, _PLAIN)))
        version, command, _, kind = self.rfile.read(4)
        assert (version, command, kind) == (_VERSION, _CONNECT, _NAME)
        host = self.rfile.read(self.rfile.read(1)[0]).decode()
        (port,) = struct.unpack("!H", self.rfile.read(2))
        self.server.visits.append(host)
        with socket.create_connection(("127.0.0.1", self.server.beyond)) as onward:
            onward.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                answer += onward.recv(1)
            self.request.sendall(bytes((_VERSION, 0, 0, 1)) + bytes(6))
            back = threading.Thread(target=_flow, args=(onward, self.request), daemon=True)
            back.start()
            _flow(self.request, onward)
            back.join()


class _Server(socketserver.ThreadingTCPServer):
    """Where visitors are led, and who wanted to go where."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, beyond: int) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.beyond = beyond
        self.visits: list[str] = []


def _flow(source: socket.socket, target: socket.socket) -> None:
    """Hand on what comes until one of them hangs up."""
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def socks(beyond: int) -> Iterator[tuple[int, list[str]]]:
    """A SOCKS5 server that leads to the HTTP proxy at this port: its own port, and its visits."""
    with _Server(beyond) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1], server.visits
        finally:
            server.shutdown()
