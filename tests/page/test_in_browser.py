"""The page in a real browser: what is painted is what the counter says."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from storyboard.page import sheet
from storyboard.page.document import document
from storyboard.testing import codes
from storyboard.workflows.review import page_written
from storyboard.workflows.showing import gathered, shelf_of, with_seams
from tests.page.browser import HOME, browsing, until
from tests.page.films import RATES, filmed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EACH = 20
"""Frames that are looked at for each rate."""
LONG = 60_000
"""Milliseconds: what a busy machine may take for one step."""

VISIT = """async ({frames}) => {
  const field = document.getElementById("frame");
  const counter = document.getElementById("counter");
  const canvas = document.querySelector("canvas");
  const seen = [];
  for (const frame of frames) {
    field.value = frame;
    field.dispatchEvent(new Event("change"));
    const end = performance.now() + 60000;
    while (counter.dataset.frame !== String(frame)) {
      if (performance.now() > end) throw new Error(`frame ${frame}: ${counter.textContent}`);
      await new Promise(requestAnimationFrame);
    }
    const strip = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height / 8);
    const red = strip.data.filter((_, place) => place % 4 === 0);
    seen.push({
      a: Number(counter.dataset.a), b: Number(counter.dataset.b), words: counter.textContent,
      width: canvas.width, red: btoa(String.fromCharCode(...red)),
    });
  }
  return seen;
}"""
"""Go to each of these frames as a person does, and read what is painted when it is counted."""


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def read(seen: dict[str, Any]) -> codes.Code | None:
    """The frame code on a strip that the page gave back."""
    red = np.frombuffer(base64.b64decode(seen["red"]), np.uint8).reshape(-1, seen["width"])
    return codes.read(np.vstack([red, np.zeros((red.shape[0] * 7, red.shape[1]), np.uint8)]))


COUNTED = "Number(document.getElementById('counter').dataset.frame)"


def opened(page: Page, text: str, at: str = "") -> None:
    """Open a page that lies nowhere: its media are inside."""
    page.route(HOME, lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(HOME + at)
    page.wait_for_selector("#counter[data-frame]")


@pytest.fixture(name="five", scope="module")
def _five(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One page with five shots, each of another rate."""
    source = filmed(tmp_path_factory.mktemp("five"), shots=5, rates=RATES)
    storyboard, store = source.storyboard(), source.store
    shown, files = document(with_seams(gathered(storyboard, store), store))
    shelf = shelf_of(store)
    shelf.know(files)
    return sheet.whole(shown, shelf, [file.name for file in files])


def test_the_counter_is_the_painted_frame_of_both_takes_at_every_rate(
    page: Page, five: str
) -> None:
    """Given two takes under a wipe, whose codes fit together only where both show one frame,
    when frames are visited at random, then the code is the one that the counter says."""
    chance = random.Random(15)
    opened(page, five, "#shot=sh010&view=takes&mode=wipe")
    for number, rate in enumerate(RATES):
        page.click(f'[data-id="shot-sh0{number + 1}0"]')
        page.click('[data-id="m-wipe"]')
        frames = [chance.randrange(int(3 * rate) + 1) for _ in range(EACH)]
        seen = page.evaluate(VISIT, {"frames": frames})
        assert [(one["a"], one["b"]) for one in seen] == [(frame, frame) for frame in frames]
        assert [read(one) for one in seen] == [codes.Code(number, frame) for frame in frames]


def test_one_side_is_shifted_by_a_frame(page: Page, five: str) -> None:
    """Given two takes, when B is set one frame later and then one earlier, then its half of the
    picture is that of the other frame, and the counter says so for each side."""
    opened(page, five, "#shot=sh020&view=takes&mode=flip")
    for shift, key in ((1, "s-plus"), (-1, "s-minus")):
        page.click(f'[data-id="{key}"]')
        until(page, f"document.querySelector('.shift').innerText.includes('{shift}')")
        for side in ("a", "b"):
            seen = page.evaluate(VISIT, {"frames": [40, 12, 13]})
            wanted = [40, 12, 13] if side == "a" else [40 + shift, 12 + shift, 13 + shift]
            assert [one["b"] for one in seen] == [40 + shift, 12 + shift, 13 + shift]
            assert [read(one) for one in seen] == [codes.Code(1, frame) for frame in wanted]
            page.click('[data-id="s-flip"]')
        page.click(f'[data-id="{"s-minus" if shift == 1 else "s-plus"}"]')


def test_the_film_counts_its_own_frames_and_those_of_its_takes(page: Page, five: str) -> None:
    """Given the film, when frames are visited, then what is painted is what the counter names."""
    opened(page, five)
    frames = [0, 1, 179, 180, 400, 899, 77]
    for one in page.evaluate(VISIT, {"frames": frames}):
        code = read(one)
        assert code is not None
        assert f"sh0{code.shot + 1}0 take 1 frame {code.frame}" in one["words"]


def test_keys_are_those_of_editing_programs_and_rest_in_fields(page: Page, five: str) -> None:
    """Frames, ends, shots, takes, loops: by key; and none of them while a field has the focus."""
    opened(page, five)
    for key, frame in (("ArrowRight", 1), (".", 2), (",", 1), ("Shift+ArrowRight", 11)):
        page.keyboard.press(key)
        until(page, f"{COUNTED} === {frame}")
    page.keyboard.press("End")
    last = page.get_attribute("#position", "max")
    until(page, f"{COUNTED} === {last}")
    page.keyboard.press("Home")
    until(page, f"{COUNTED} === 0")
    page.keyboard.press("]")
    assert page.get_attribute('[data-id="shot-sh020"]', "aria-current") == "true"
    page.keyboard.press("2")
    until(page, "document.getElementById('counter').textContent.includes('A: take 2')")
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    until(page, f"{COUNTED} === 10")
    page.keyboard.press("o")
    assert "0–10" in page.inner_text(".controls")
    page.focus("#frame")
    page.keyboard.press("x")
    assert "0–10" in page.inner_text(".controls")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("dialog")


def test_j_goes_back_and_l_goes_on_and_k_stops(page: Page, five: str) -> None:
    """Playing is in both directions, and stops where K was pressed."""
    opened(page, five, "#shot=sh020&view=takes&frame=30")
    page.wait_for_selector('#counter[data-frame="30"]')
    page.keyboard.press("j")
    until(page, f"{COUNTED} < 25")
    page.keyboard.press("k")
    page.keyboard.press("l")
    until(page, f"{COUNTED} > 35")
    page.keyboard.press("k")
    assert page.get_attribute('[data-id="c-play"]', "aria-label") == "Play (space)"


def test_the_page_works_from_a_disk(page: Page, tmp_path: Path) -> None:
    """Given the page in a folder and as one file, when they are opened from the disk, then film,
    pictures and modules are there, and nothing is asked of any other place."""
    source = filmed(tmp_path, shots=2)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place in (tmp_path / "out", tmp_path / "one.html"):
        made = page_written(source, place)
        page.goto(made.path.as_uri())
        page.wait_for_selector("#counter[data-frame]")
        broken = "[...document.images].filter(i => i.complete && !i.naturalWidth).length"
        assert page.evaluate(broken) == 0
        assert page.title() == "2/2 · $0.00 · The ball"
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
