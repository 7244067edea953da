"""Pictures named by an address: fetched with care, kept by content."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import parse
from storyboard.loading.remote import fetcher
from tests.images.samples import photo, png

PICTURE = png(photo(320, 320))


class Shelf(ThreadingHTTPServer):
    """A web server on this machine with one picture, which counts its visitors."""

    picture = PICTURE
    visits = 0


class Visit(BaseHTTPRequestHandler):
    """One request."""

    server: Shelf

    def do_GET(self) -> None:
        """Give the picture."""
        self.server.visits += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.picture)))
        self.end_headers()
        self.wfile.write(self.server.picture)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A server that runs."""
    server = Shelf(("127.0.0.1", 0), Visit)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address(shelf: Shelf, name: str = "door.png?token=secret") -> str:
    """Where the picture is."""
    return f"http://127.0.0.1:{shelf.server_port}/{name}"


def loaded(
    folder: Path, address: str, *, private: bool = True, again: bool = False
) -> CheckedStoryboard:
    """A storyboard with one keyframe from the web."""
    fetch = fetcher(folder / "web", allow_private=private, again=again)
    text = f"version: 1\nkeyframes:\n  - {{image: '{address}', shot: On}}\n"
    return parse(text.encode(), folder / "film.yaml", fetch=fetch)


def test_fetched_once(shelf: Shelf, tmp_path: Path) -> None:
    """Ever after it is read from disk, so a plan needs no network."""
    first = next(loaded(tmp_path, address(shelf)).shots).start.still
    second = next(loaded(tmp_path, address(shelf)).shots).start.still
    assert shelf.visits == 1
    assert first == second
    assert first.id == "door"
    assert first.path.name == hashlib.sha256(PICTURE).hexdigest()


def test_fetched_again_when_asked(shelf: Shelf, tmp_path: Path) -> None:
    """A picture that changed at its address renews its shots only then."""
    before = next(loaded(tmp_path, address(shelf)).shots).start.still.sha256
    shelf.picture = png(photo(320, 320).rotate(90))
    assert next(loaded(tmp_path, address(shelf)).shots).start.still.sha256 == before
    assert next(loaded(tmp_path, address(shelf), again=True).shots).start.still.sha256 != before


def test_the_query_is_not_written_down(shelf: Shelf, tmp_path: Path) -> None:
    """It may be a secret."""
    loaded(tmp_path, address(shelf))
    for path in (tmp_path / "web").iterdir():
        assert b"secret" not in path.read_bytes()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_private(shelf: Shelf, tmp_path: Path, host: str) -> None:
    """However it is spelt, a storyboard does not lead there unless that is allowed."""
    with pytest.raises(InvalidStoryboard):
        loaded(tmp_path, f"https://{host}:{shelf.server_port}/a.png", private=False)
    assert shelf.visits == 0


def test_a_page_is_no_picture(shelf: Shelf, tmp_path: Path) -> None:
    """What an address gives is judged by its content."""
    shelf.picture = b"<!doctype html><title>Sign in</title>"
    with pytest.raises(InvalidStoryboard, match="is a web page, not a picture"):
        loaded(tmp_path, address(shelf))


def kept(folder: Path) -> tuple[Path, Path]:
    """The note and the picture of what was fetched."""
    note = next((folder / "web").glob("*.json"))
    return note, folder / "web" / json.loads(note.read_text())["file"]


@pytest.mark.parametrize("name", ["../outside.png", "/etc/hostname", "..", "", "x" * 64, 7, None])
def test_a_note_that_leads_elsewhere(shelf: Shelf, tmp_path: Path, name: object) -> None:
    """The folder may have come from a stranger: its notes name nothing outside it."""
    (tmp_path / "outside.png").write_bytes(PICTURE)
    loaded(tmp_path, address(shelf))
    note, _ = kept(tmp_path)
    note.write_text(json.dumps({"file": name}))
    still = next(loaded(tmp_path, address(shelf)).shots).start.still
    assert shelf.visits == 2
    assert still.path.parent == tmp_path / "web"


def test_a_kept_picture_that_is_not_what_it_was(shelf: Shelf, tmp_path: Path) -> None:
    """It is fetched anew."""
    loaded(tmp_path, address(shelf))
    kept(tmp_path)[1].write_bytes(png(photo(32, 32)))
    assert next(loaded(tmp_path, address(shelf)).shots).start.still.facts.width == 320
    assert shelf.visits == 2


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_broken_note(shelf: Shelf, tmp_path: Path, note: bytes) -> None:
    """The same."""
    loaded(tmp_path, address(shelf))
    kept(tmp_path)[0].write_bytes(note)
    assert loaded(tmp_path, address(shelf))
    assert shelf.visits == 2


def test_nowhere_to_keep_it(shelf: Shelf, tmp_path: Path) -> None:
    """Is a mistake at the picture's line."""
    (tmp_path / "web").write_text("a file")
    with pytest.raises(InvalidStoryboard, match=r"film.yaml:3:13.*can't be kept"):
        loaded(tmp_path, address(shelf))
