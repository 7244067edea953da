"""The CDN serves files whole and in parts, and never wants a key."""

from __future__ import annotations

import httpx
import pytest

from storyboard.testing import FakeService
from tests.testing.caller import Caller


@pytest.fixture
def url(caller: Caller) -> str:
    """The address of a ten-byte file."""
    return caller.client.upload(b"0123456789", "image/png", file_name="a b/c.png")


def get(caller: Caller, url: str, **headers: str) -> httpx.Response:
    """Download, with headers such as If_Range."""
    return caller.cdn.get(url, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_whole_file(caller: Caller, url: str) -> None:
    """With its length, its type and a strong ETag."""
    reply = get(caller, url)
    assert (reply.status_code, reply.content) == (200, b"0123456789")
    assert reply.headers["content-length"] == "10"
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["etag"].startswith('"')


@pytest.mark.parametrize(
    ("asked", "part", "span"),
    [
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=2-3", b"23", "bytes 2-3/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
    ],
)
def test_a_part_of_a_file(caller: Caller, url: str, asked: str, part: bytes, span: str) -> None:
    """206, the part, and where it belongs."""
    reply = get(caller, url, Range=asked)
    assert (reply.status_code, reply.content) == (206, part)
    assert reply.headers["content-range"] == span


def test_a_part_behind_the_end(caller: Caller, url: str) -> None:
    """416, and the real size."""
    reply = get(caller, url, Range="bytes=10-")
    assert (reply.status_code, reply.headers["content-range"]) == (416, "bytes */10")


def test_a_part_of_a_file_that_may_have_changed(caller: Caller, url: str) -> None:
    """If-Range gives the part while the ETag holds, and the whole file when it does not."""
    etag = get(caller, url).headers["etag"]
    assert get(caller, url, Range="bytes=5-", If_Range=etag).status_code == 206
    assert get(caller, url, Range="bytes=5-", If_Range='"old"').status_code == 200


def test_head_tells_the_length(caller: Caller, url: str) -> None:
    """Without sending the file."""
    reply = caller.cdn.head(url)
    assert (reply.headers["content-length"], reply.content) == ("10", b"")


def test_any_host_of_the_cdn_has_the_file(caller: Caller, url: str) -> None:
    """And an unknown file is nowhere."""
    other = url.replace("v3b.fal.media", "v3.fal.media")
    assert get(caller, other).content == b"0123456789"
    assert get(caller, other + "x").status_code == 404


def test_a_key_on_a_download_is_a_leak(service: FakeService, caller: Caller, url: str) -> None:
    """Downloads are public; a client that sends its key there is found out."""
    caller.cdn.get(url)
    assert service.leaks == []
    caller.http.get(url)
    assert [leak.place for leak in service.leaks] == ["download"]
