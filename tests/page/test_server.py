"""The page's server: who may come in, who may write, and what is never given out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest

from storyboard.errors import StoryboardError
from storyboard.page import sheet
from storyboard.page.newscast import Newscast
from storyboard.page.server import Serving
from storyboard.page.shelf import PageFile, Shelf

MEDIA = "takes-" + "a" * 24 + ".mp4"


class Desk:
    """A desk that remembers what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.news = Newscast()
        self.done: list[tuple[str, Mapping[str, Any]]] = []
        self.folder = folder
        (folder / MEDIA).write_bytes(bytes(range(256)) * 8)
        (folder / "secret.txt").write_text("nobody's business")

    def document(self) -> Mapping[str, Any]:
        """A title that tries to be more."""
        return {"title": "<b>The ball</b>", "file": "film.yaml"}

    def media(self, name: str) -> Path:
        """One file."""
        if name != MEDIA:
            raise KeyError(name)
        return self.folder / name

    def do(self, what: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """One wish."""
        if what != "pick":
            raise KeyError(what)
        if given.get("take") == 9:
            raise StoryboardError("sh010 has 2 takes")
        self.done.append((what, given))
        return {"message": "picked"}


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(name="serving")
def _serving(desk: Desk) -> Iterator[Serving]:
    with Serving(desk) as serving:
        yield serving


def at(serving: Serving) -> str:
    """The server's address without a token."""
    return f"http://127.0.0.1:{serving.door.port}"


@pytest.fixture(name="guest")
def _guest(serving: Serving) -> Iterator[httpx.Client]:
    """A browser that came in with the token."""
    with httpx.Client(base_url=at(serving), trust_env=False) as client:
        assert client.get(serving.door.address, follow_redirects=True).status_code == 200
        yield client


def bare(serving: Serving, path: str, **given: Any) -> httpx.Response:
    """A request by somebody who never came in."""
    with httpx.Client(base_url=at(serving), trust_env=False) as client:
        return client.request(given.pop("method", "GET"), path, **given)


OWN = {"sec-fetch-site": "same-origin"}


def test_the_token_lets_one_browser_in_once(serving: Serving) -> None:
    """Given the address that was printed, when it is opened, then a cookie is set that scripts and
    other pages can't use, and the token is not in the address any more; a second time it is no
    good."""
    first = bare(serving, serving.door.address)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"storyboard-{serving.door.port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert bare(serving, serving.door.address).status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/document", "/events", f"/media/{MEDIA}", "/static/main.js", "/?token=guess"]
)
def test_without_the_cookie_nothing_is_shown(serving: Serving, path: str) -> None:
    """Given nobody who came in, then every place says how one does."""
    answer = bare(serving, path)
    assert answer.status_code == 403
    assert "open the address that `storyboard serve` printed" in answer.text


def test_a_foreign_host_is_nobody_here(guest: httpx.Client, serving: Serving) -> None:
    """Given a name that was turned to this machine, or another port, then it is refused, cookie or
    not."""
    port = serving.door.port
    for host in (f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1:1", ""):
        assert guest.get("/document", headers={"host": host}).status_code in (400, 421)
    assert guest.get("/document", headers={"host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_only_the_page_itself_writes(
    guest: httpx.Client, desk: Desk, headers: dict[str, str]
) -> None:
    """Given the cookie and another origin, or none, then nothing is written."""
    answer = guest.post("/do/pick", json={"shot": "sh010", "take": 2}, headers=headers)
    assert answer.status_code == 403
    assert desk.done == []


def test_what_is_written_is_json_and_short(guest: httpx.Client, desk: Desk) -> None:
    """Given a form, another kind of text, or too much of it, then nothing is written."""

    def post(**given: Any) -> int:
        return guest.post("/do/pick", **given).status_code

    assert post(data={"take": "2"}, headers=OWN) == 415
    json = OWN | {"content-type": "application/json"}
    assert post(content=b"{", headers=json) == 400
    assert post(content=b"[1]", headers=json) == 400
    for deep in (b"[" * 50_000, b'{"a":' * 20_000, b"1" * 90_000):
        assert post(content=deep, headers=json) == 400
    assert post(content=b'{"a": "' + b"x" * 200_000 + b'"}', headers=json) == 413
    assert desk.done == []


def test_a_wish_is_done_or_says_why_not(guest: httpx.Client, desk: Desk) -> None:
    """Given wishes from the page, then one is done, one can't be, and one is not known."""

    def asked(what: str, take: int) -> httpx.Response:
        return guest.post(f"/do/{what}", json={"take": take}, headers=OWN)

    assert asked("pick", 2).json() == {"message": "picked"}
    assert (asked("pick", 9).status_code, asked("pick", 9).json()) == (
        409,
        {"error": "sh010 has 2 takes"},
    )
    assert asked("pay", 1).status_code == 404
    assert desk.done == [("pick", {"take": 2})]


def test_media_are_given_by_name_in_ranges(guest: httpx.Client) -> None:
    """Given a file that was named, then any part of it; other names and paths are not there."""
    part = guest.get(f"/media/{MEDIA}", headers={"range": "bytes=256-259"})
    assert (part.status_code, part.content) == (206, bytes([0, 1, 2, 3]))
    assert part.headers["content-type"] == "video/mp4"
    assert guest.get(f"/media/{MEDIA}", headers={"range": "bytes=99999-"}).status_code == 416
    for name in ("secret.txt", "..%2Fsecret.txt", "%2e%2e/secret.txt", "..\\secret.txt", ""):
        assert guest.get(f"/media/{name}").status_code == 404
    for name in ("template.html", "..%2Fserver.py", "keys.json"):
        assert guest.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["bytes=-1", "bytes=-0", "bytes=5-3", "bytes=0-0,9-9", "bytes=", "items=0-1", "bytes=a-b", "",
     "bytes=0-18446744073709551616", "bytes=" + "0-," * 2000, "bytes=\xb2-3", "bytes=+1-2"],
    ids=range(12),
)  # fmt: skip
def test_no_way_to_ask_for_a_part_breaks_anything(guest: httpx.Client, asked: str) -> None:
    """Given any form of the header, then parts, all of it, or why not."""
    answer = guest.get(f"/media/{MEDIA}", headers={b"range": asked.encode("latin-1")})
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= 2048


def test_whoever_listens_or_dawdles_keeps_nobody_out(
    guest: httpx.Client, serving: Serving, desk: Desk
) -> None:
    """Given 200 lines that are listened on, and as many requests that never end, when something is
    told, then all who listen hear it, and the page is there."""
    name, value = next((one.name, one.value or "") for one in guest.cookies.jar)
    host = f"Host: 127.0.0.1:{serving.door.port}\r\n"
    with ExitStack() as stack:

        def said(words: str) -> socket.socket:
            line = stack.enter_context(socket.create_connection(("127.0.0.1", serving.door.port)))
            line.settimeout(300)
            line.sendall(words.encode())
            return line

        for _ in range(200):
            said(f"GET / HTTP/1.1\r\n{host[:4]}")
        request = f"GET /events HTTP/1.1\r\n{host}Cookie: {name}={value}\r\n\r\n"
        heard = [stack.enter_context(said(request).makefile("rb")) for _ in range(200)]
        for one in heard:
            _until(one, b"event: wrong")
        desk.news.told("drawn")
        for one in heard:
            _until(one, b"drawn")
        assert guest.get("/document").status_code == 200


def _until(heard: BinaryIO, words: bytes) -> None:
    for line in heard:
        if words in line:
            return
    raise AssertionError(f"{words!r} never came")


def test_the_page_may_load_nothing_from_elsewhere(guest: httpx.Client) -> None:
    """Given the page, then its policy names this server alone, and words stay words."""
    page = guest.get("/")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<b>The ball" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in page.headers
    for name in sheet.modules():
        assert guest.get(f"/static/{name}.js").headers["content-type"].startswith("text/javascript")
        assert "http://" not in sheet.asset(f"{name}.js")
        assert "https://" not in sheet.asset(f"{name}.js")


def test_a_document_that_is_known_is_not_sent_again(guest: httpx.Client) -> None:
    """Given the tag of the document that a page shows, then it is answered that it still is."""
    first = guest.get("/document")
    assert first.headers["etag"] in guest.get("/").text.replace('\\"', '"')
    again = guest.get("/document", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert guest.get("/document", headers={"if-none-match": '"other"'}).json() == first.json()


def test_another_page_may_not_even_read(guest: httpx.Client) -> None:
    """Given the cookie, and a request that another page made, then nothing is shown."""
    answer = guest.get("/document", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_events_are_heard_until_the_end(guest: httpx.Client, desk: Desk) -> None:
    """Given an open line, when things are told, then they come, and the line ends with the rest."""
    with guest.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert [next(lines) for _ in range(4)][::3] == ["event: now", "event: wrong"]
        desk.news.changed()
        desk.news.told("drawn", wrong=True)
        desk.news.end()
        rest = list(lines)
    assert 'data: {"words": "drawn", "wrong": true}' in rest
    assert rest.index("event: changed") < rest.index("event: told")


def test_the_end_is_quiet_while_something_is_made(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Given a file that is still in the making, when all ends, then nobody is shown a traceback."""
    asked, over = threading.Event(), threading.Event()

    def slow(_name: str) -> Path:
        asked.set()
        over.wait(300)
        return desk.folder / MEDIA

    desk.media = slow  # type: ignore[assignment, method-assign]
    with Serving(desk) as serving, httpx.Client(base_url=at(serving), trust_env=False) as client:
        client.get(serving.door.address, follow_redirects=True)
        asking = threading.Thread(target=_given_up, args=(client, f"/media/{MEDIA}"))
        asking.start()
        assert asked.wait(300)
        serving.__exit__(None, None, None)
    over.set()
    asking.join(300)
    assert caplog.records == []


def _given_up(client: httpx.Client, path: str) -> None:
    with suppress(httpx.HTTPError):
        client.get(path, timeout=300)


def test_a_mistake_in_an_answer_is_told(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Given a mistake of this program's, then its traceback is logged, and 500 is answered."""

    def wrong() -> Mapping[str, Any]:
        raise ValueError("a mistake")

    desk.document = wrong  # type: ignore[method-assign]
    with Serving(desk) as serving, httpx.Client(base_url=at(serving), trust_env=False) as client:
        assert client.get(serving.door.address, follow_redirects=True).status_code == 500
    assert [one.getMessage() for one in caplog.records] == ["/ could not be answered"]


def test_a_port_that_is_taken_is_said(desk: Desk, serving: Serving) -> None:
    """Given a port that somebody has, then one sentence says so."""
    with pytest.raises(StoryboardError, match=r"can't be served at port .*; name another, or none"):
        Serving(desk, port=serving.door.port)


def test_it_is_there_again_at_once_and_lets_nobody_in_who_was_in_before(desk: Desk) -> None:
    """Given a page that was open when the server ended, when it is started again at the same port,
    then it is, and the page is told to open the new address."""
    with Serving(desk) as first, httpx.Client(base_url=at(first), trust_env=False) as client:
        assert client.get(first.door.address, follow_redirects=True).status_code == 200
        first.__exit__(None, None, None)
        desk.news = Newscast()
        with Serving(desk, port=first.door.port):
            answer = client.get("/document")
    assert (answer.status_code, "open the address" in answer.text) == (403, True)


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    """Given a link among the page's files, then the file that it should be is made in its place."""
    secret = tmp_path / "secret.txt"
    secret.write_text("nobody's business")
    file = PageFile.of("strip", ".jpg", lambda path: path.write_bytes(b"a strip"))
    shelf = Shelf(tmp_path / "page")
    shelf.know([file])
    shelf.folder.mkdir()
    (shelf.folder / file.name).symlink_to(secret)
    assert not shelf.has(file.name)
    assert shelf.open(file.name).read_bytes() == b"a strip"
    assert secret.read_text() == "nobody's business"
