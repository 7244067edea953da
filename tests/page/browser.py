"""Browsers for tests: Debian's chromium, driven by Playwright, and Debian's Firefox, driven over
its own protocol; a reason where there is none."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.page import firefox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LONG = 300_000
"""Milliseconds: an end for what a busy machine takes its time for."""

WAIT = """async () => {
  const end = performance.now() + 300000;
  while (!(FACT)) {
    if (performance.now() > end) throw new Error(`never: FACT; ${document.body.innerText}`);
    await new Promise(requestAnimationFrame);
  }
}"""


class Tab(Protocol):
    """A page in one of the browsers, as far as tests need it."""

    errors: list[str]
    """What went wrong in its scripts."""

    def goto(self, address: str) -> None:
        """Open an address."""

    def evaluate(self, text: str, given: Any = None) -> Any:
        """What an expression, or a function of what is given, comes to on the page."""

    def click(self, selector: str) -> None:
        """Click on an element."""

    def press(self, key: str) -> None:
        """Press a key, or a chord of them: `Shift+ArrowRight`."""


class ChromiumTab:
    """A page in Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )

    def goto(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)

    def evaluate(self, text: str, given: Any = None) -> Any:
        """What an expression, or a function of what is given, comes to on the page."""
        return self.page.evaluate(text, given)

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.page.click(selector)

    def press(self, key: str) -> None:
        """Press a key, or a chord of them."""
        self.page.keyboard.press(key)


def until(page: Tab | Page, fact: str) -> None:
    """Wait until something is so on the page. (The page itself forbids `eval`.)"""
    page.evaluate(WAIT.replace("FACT", fact))


@contextmanager
def browsing() -> Iterator[Browser]:
    """An open Chromium; the test is skipped, with the reason, where there is none."""
    found = _found(PROGRAMS)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
            timeout=LONG,
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser) -> Iterator[ChromiumTab]:
    """A tab of a Chromium that remembers nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG)
    yield ChromiumTab(context.new_page())
    context.close()


@contextmanager
def firefox_tab() -> Iterator[firefox.Firefox]:
    """An open Firefox; the test is skipped, with the reason, where there is none."""
    with firefox.opened(_found(firefox.PROGRAMS)) as opened:
        yield opened


def _found(programs: tuple[str, ...]) -> str:
    found = next(filter(None, map(shutil.which, programs)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(programs)} is installed")
    return found


@contextmanager
def lying(text: str) -> Iterator[str]:
    """A page at an address of this machine; it has its media inside."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """The page; nothing else is there, and nothing is wrong about that."""
            data = text.encode() if self.path == "/" else b""
            self.send_response(200 if data else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base's
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
