"""Words that are handed over: to the address that was named, and to nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from storyboard.testing import Clock
from storyboard.webfetch import FetchError
from storyboard.webfetch.posting import post


class Hook(HTTPServer):
    """A server on the loopback that takes what is handed over, or answers otherwise."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.status, self.location = 200, ""
        self.taken: list[tuple[str, str, bytes]] = []

    @property
    def address(self) -> str:
        """With a path that is a secret."""
        return f"http://127.0.0.1:{self.server_port}/services/SECRET?token=SECRET"


class _Taking(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        """Take it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A server, while it is needed."""
    made = Hook()
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def refusal(address: str, **more: object) -> str:
    """Why it was not taken."""
    with pytest.raises(FetchError) as refused:
        post(address, b"{}", **more)  # type: ignore[arg-type]
    return str(refused.value)


def test_it_is_handed_over_as_it_is(hook: Hook) -> None:
    """Once, as JSON, to the whole address."""
    post(hook.address, b'{"a": 1}', allow_private=True)
    assert hook.taken == [("/services/SECRET?token=SECRET", "application/json", b'{"a": 1}')]


@pytest.mark.parametrize("status", [404, 500])
def test_a_refusal_names_the_host_alone(hook: Hook, status: int) -> None:
    """The path of such an address is often what lets one in."""
    hook.status = status
    said = refusal(hook.address, allow_private=True)
    assert said == f"http://127.0.0.1:{hook.server_port}/ answered {status}; check the address"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(hook: Hook, status: int) -> None:
    """Not even to the same host: the words are for who was named."""
    hook.status, hook.location = status, hook.address
    assert "name the address that it leads to" in refusal(hook.address, allow_private=True)
    assert len(hook.taken) == 1


def test_this_machine_has_to_be_allowed(hook: Hook) -> None:
    """Neither by plain http, nor in a name that leads here."""
    assert "is not encrypted" in refusal(hook.address)
    inside = refusal("https://hook.example/SECRET", resolve=lambda host: ["10.0.0.7"])
    assert inside == (
        "https://hook.example/ leads into a private network (10.0.0.7); name another, or allow "
        "private addresses"
    )
    assert hook.taken == []


@pytest.mark.parametrize("address", ["ftp://a/b", "https://", "https://a b/", "https://a:99999/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Before anything is connected."""
    assert "not a web address" in refusal(address)


def test_time_is_up_by_the_clock(hook: Hook) -> None:
    """All steps together have so many seconds."""
    clock = Clock()

    def late(host: str) -> list[str]:
        clock.advance(11.0)
        return [host]

    said = refusal(hook.address, allow_private=True, resolve=late, clock=clock)
    assert said.endswith("took longer than 10 s")


def test_nobody_at_home_is_one_line() -> None:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert "can't be reached" in refusal(f"http://127.0.0.1:{port}/", allow_private=True)
