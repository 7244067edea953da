"""A browser for tests: Debian's chromium, driven by Playwright; a reason where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
HOME = "http://page.test/"
"""Where a page is that no server gives."""


WAIT = """async () => {
  const end = performance.now() + 120000;
  while (!(FACT)) {
    if (performance.now() > end) throw new Error(`never: FACT; ${document.body.innerText}`);
    await new Promise(requestAnimationFrame);
  }
}"""


def until(page: Page, fact: str) -> None:
    """Wait until something is so on the page. (The page itself forbids `eval`.)"""
    page.evaluate(WAIT.replace("FACT", fact))


@contextmanager
def browsing() -> Iterator[Browser]:
    """An open browser; the test is skipped, with the reason, where there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(PROGRAMS)} is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()
