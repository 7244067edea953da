"""A real S3 server on loopback (moto's), and servers that are wrong in one way."""

from __future__ import annotations

import http.client
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

BUCKET = "takes"


def environment(port: int) -> dict[str, str]:
    """The variables by which a client finds the server at this port."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def s3() -> Iterator[int]:
    """A server with a bucket; gives its port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _one_by_one(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        ask(server.server_port, "PUT", f"/{BUCKET}")
        yield server.server_port
    finally:
        ask(server.server_port, "POST", "/moto-api/reset")
        server.shutdown()
        server.server_close()
        thread.join()


def _one_by_one() -> Any:
    """moto looks whether a name is taken, and writes a moment later: of two threads both may win,
    which the services it stands for rule out. So it gets one request after the other."""
    made, alone = DomainDispatcherApplication(create_backend_app), threading.Lock()

    def asked(about: Any, begin: Any) -> Any:
        with alone:
            return list(made(about, begin))

    return asked


def ask(port: int, method: str, path: str) -> int:
    """One plain request; gives the status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request(method, path)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def _as_s3_has_it(headers: dict[str, str]) -> dict[str, str]:
    """What was meant for Google's server, for S3's."""
    passed = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    if passed.pop("x-goog-if-generation-match", None) == "0":
        passed["If-None-Match"] = "*"
    signed = "Credential=nobody/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    return {**passed, "Authorization": f"AWS4-HMAC-SHA256 {signed}"}


@dataclass
class Wrong:
    """How a server is wrong, and what it was asked."""

    port: int
    """Of the server behind it; 0: none, it answers itself."""
    strips: tuple[str, ...] = ()
    """Headers that it does not pass on."""
    speaks_googles: bool = False
    """Whether it is asked as Google's is, and asks S3's: but for the condition that an object must
    be new, and whoever may, both are asked alike (cloud.google.com/storage/docs/xml-api)."""
    status: int = 0
    body: str = ""
    """What it answers itself."""
    at_first: list[int] = field(default_factory=list)
    """Statuses that it answers itself before it is a server as all are; 0: what is asked is done,
    and the answer is lost; -1: done, and answered."""
    refuses: str = "nothing at all"
    """What it answers by `status` itself, by a part of the path."""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(wrong: Wrong) -> Iterator[int]:
    """A server that is wrong so; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

        def _pass(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            wrong.asked.append(f"{self.command} {self.path}")
            first = wrong.at_first.pop(0) if wrong.at_first else -1
            if first > 0:
                self._answer(first, error("Sorry").encode(), {"Content-Type": "application/xml"})
                return
            if not wrong.port or wrong.refuses in self.path:
                self._answer(wrong.status, wrong.body.encode(), {"Content-Type": "application/xml"})
                return
            passed = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in wrong.strips
            }
            if wrong.speaks_googles:
                passed = _as_s3_has_it(passed)
            line = http.client.HTTPConnection("127.0.0.1", wrong.port, timeout=60)
            line.request(self.command, self.path, body, passed)
            found = line.getresponse()
            data = found.read()
            if not first:
                self.close_connection = True
                self.connection.close()
                return
            self._answer(found.status, data, dict(found.getheaders()))
            line.close()

        def _answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def error(code: str, message: str = "no") -> str:
    """An error as S3 writes it: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    )
