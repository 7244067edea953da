"""The page in real browsers: what is painted is what the counter says."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from storyboard.page import sheet
from storyboard.page.document import document
from storyboard.testing import codes
from storyboard.testing.clips import write_clip
from storyboard.workflows.review import review_page
from storyboard.workflows.showing import gathered, shelf_of, with_numbers
from storyboard.workflows.source import plan_with
from tests.page.browser import browsing, firefox_tab, lying, tab, until
from tests.page.films import RATES, filmed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from storyboard.planning.planned import PlannedTake
    from storyboard.workflows.source import StoryboardFile
    from tests.page.browser import Tab

FRAMES = 100
"""That are looked at for each rate."""

VISIT = """async ({frames}) => {
  const field = document.getElementById("frame");
  const counter = document.getElementById("counter");
  const canvas = document.querySelector("canvas");
  const seen = [];
  for (const frame of frames) {
    field.value = frame;
    field.dispatchEvent(new Event("change"));
    const end = performance.now() + 300000;
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


@pytest.fixture(name="tabs", scope="module", params=["chromium", "firefox"])
def _tabs(request: pytest.FixtureRequest) -> Iterator[Callable[[], AbstractContextManager[Tab]]]:
    """Opens a tab: in a Chromium a new one, in a Firefox its own."""
    with ExitStack() as stack:
        if request.param == "chromium":
            browser = stack.enter_context(browsing())
            yield lambda: tab(browser)
        else:
            opened = stack.enter_context(firefox_tab())
            yield lambda: nullcontext(opened)


@pytest.fixture(name="page")
def _page(tabs: Callable[[], AbstractContextManager[Tab]]) -> Iterator[Tab]:
    with tabs() as page:
        yield page
        assert page.errors == []


def read(seen: dict[str, Any]) -> codes.Code | None:
    """The frame code on a strip that the page gave back."""
    red = np.frombuffer(base64.b64decode(seen["red"]), np.uint8).reshape(-1, seen["width"])
    return codes.read(np.vstack([red, np.zeros((red.shape[0] * 7, red.shape[1]), np.uint8)]))


CONTROLS = "document.querySelector('.controls').innerText"
COUNTED = "Number(document.getElementById('counter')?.dataset.frame ?? NaN)"


def see(page: Tab, address: str, at: str = "") -> None:
    """Open a page, and wait until a frame is seen."""
    page.goto(address + at)
    until(page, f"{COUNTED} >= 0")


def whole(source: StoryboardFile) -> str:
    """The page of a storyboard with its media inside."""
    storyboard, store = source.storyboard(), source.store
    shown, files = document(with_numbers(gathered(storyboard, store), store))
    shelf = shelf_of(store)
    shelf.know(files)
    return sheet.whole(shown, shelf, [file.name for file in files])


@pytest.fixture(name="every", scope="module")
def _every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One page with a shot of each rate."""
    with lying(
        whole(filmed(tmp_path_factory.mktemp("every"), shots=len(RATES), rates=RATES))
    ) as address:
        yield address


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_the_counter_is_the_painted_frame_of_both_takes_at_every_rate(
    page: Tab, rate: Fraction, tmp_path: Path
) -> None:
    """Given two takes under a wipe, whose codes fit together only where both show one frame,
    when frames are visited at random, then the code is the one that the counter says."""
    chance = random.Random(int(rate * 1001))
    frames = [chance.randrange(int(3 * rate) + 1) for _ in range(FRAMES)]
    with lying(whole(filmed(tmp_path, shots=1, rates=(rate,)))) as address:
        see(page, address, "#shot=sh010&view=takes&mode=wipe")
        seen = page.evaluate(VISIT, {"frames": frames})
    assert [(one["a"], one["b"]) for one in seen] == [(frame, frame) for frame in frames]
    assert [read(one) for one in seen] == [codes.Code(0, frame) for frame in frames]


@pytest.mark.parametrize("size", [(160, 96), (96, 160)], ids=["wide", "upright"])
def test_takes_of_other_lengths_rates_and_sizes_are_seen_at_one_moment(
    page: Tab, size: tuple[int, int], tmp_path: Path
) -> None:
    """Given takes at 24, 30 and 60 frames a second, one twice as large and with sound, and shorter,
    when frames of their file are visited, then each side shows the frame of its own that it
    counts: the one at that moment, and its last where it has ended."""
    source = filmed(tmp_path, shots=1, takes=3, lacking={"sh010": (1, 2, 3)})
    double = (2 * size[0], 2 * size[1])
    made = ((24, 73, size, False), (30, 61, double, True), (60, 181, size, False))
    for take, (rate, frames, wide, audio) in zip(_takes(source), made, strict=True):
        part, shot = source.store.part(take.key), take.number
        write_clip(part, frames=frames, size=wide, rate=rate, shot=shot, audio=audio)
        source.store.keep(take.key, part, {"shot": "sh010", "take": shot, "cost": 252_000})
    with lying(whole(source)) as address:
        for one, other in ((1, 2), (2, 3)):
            page.goto("about:blank")
            see(page, address, f"#shot=sh010&view=takes&a={one}&b={other}&mode=flip")
            places = [0, 1, 31, 77, 119, 121, 125, 178]
            for side, number in (("a", one), ("b", other)):
                rate, frames = made[number - 1][:2]
                for place, seen in zip(
                    places, page.evaluate(VISIT, {"frames": places}), strict=True
                ):
                    wanted = min((2 * place * rate + 60) // 120, frames - 1)
                    assert (seen[side], read(seen)) == (wanted, codes.Code(number, wanted))
                page.click('[data-id="s-flip"]')


def _takes(source: StoryboardFile) -> tuple[PlannedTake, ...]:
    return plan_with(source.storyboard(), source.store).shots[0].takes


def test_one_side_is_shifted_by_a_frame(page: Tab, every: str) -> None:
    """Given two takes, when B is set one frame later and then one earlier, then its half of the
    picture is that of the other frame, and the counter says so for each side."""
    see(page, every, "#shot=sh020&view=takes&mode=flip")
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


def test_the_film_counts_its_own_frames_and_those_of_its_takes(page: Tab, every: str) -> None:
    """Given the film, when frames are visited, then what is painted is what the counter names."""
    see(page, every)
    frames = [0, 1, 179, 180, 400, 899, 77]
    for one in page.evaluate(VISIT, {"frames": frames}):
        code = read(one)
        assert code is not None
        assert f"sh0{code.shot + 1}0 take 1 frame {code.frame}" in one["words"]


def test_keys_are_those_of_editing_programs_and_rest_in_fields(page: Tab, every: str) -> None:
    """Frames, ends, shots, takes, loops: by key; and none of them while a field has the focus."""
    see(page, every)
    for key, frame in (("ArrowRight", 1), (".", 2), (",", 1), ("Shift+ArrowRight", 11)):
        page.press(key)
        until(page, f"{COUNTED} === {frame}")
    page.press("End")
    last = page.evaluate("document.querySelector('#position').max")
    until(page, f"{COUNTED} === {last}")
    page.press("Home")
    until(page, f"{COUNTED} === 0")
    page.press("]")
    until(page, "document.querySelector('[aria-current]').dataset.id === 'shot-sh020'")
    page.press("2")
    until(page, "document.getElementById('counter').textContent.includes('A: take 2')")
    page.press("i")
    page.press("Shift+ArrowRight")
    until(page, f"{COUNTED} === 10")
    page.press("o")
    until(page, f"{CONTROLS}.includes('0–10')")
    page.evaluate("document.querySelector('#frame').focus()")
    page.press("x")
    assert "0–10" in page.evaluate(CONTROLS)
    page.evaluate("document.activeElement.blur()")
    page.press("?")
    until(page, "document.querySelector('dialog[open] h2')?.innerText === 'Keys'")


LOOPED = """async () => {
  const counter = document.getElementById("counter");
  const seen = [];
  let rounds = 0;
  while (rounds < 3) {
    const frame = Number(counter.dataset.frame);
    if (frame !== seen.at(-1)) {
      if (frame < seen.at(-1)) rounds += 1;
      seen.push(frame);
    }
    await new Promise(requestAnimationFrame);
  }
  return seen;
}"""
"""The frames that are seen until a range has been played three times."""


def test_a_range_is_played_again_and_again_and_nothing_beside_it(page: Tab, every: str) -> None:
    """Given a range, when it is played, then no frame outside is seen, and each round begins at its
    first frame; however many frames a busy browser leaves out."""
    see(page, every, "#shot=sh020&view=takes&frame=20")
    until(page, f"{COUNTED} === 20")
    page.press("i")
    page.press("Shift+ArrowRight")
    until(page, f"{COUNTED} === 30")
    page.press("o")
    page.press("l")
    seen = page.evaluate(LOOPED)
    assert (min(seen), max(seen) <= 30) == (20, True)
    turned = [now for before, now in pairwise(seen) if now < before]
    assert turned == [20, 20, 20]


def test_j_goes_back_and_l_goes_on_and_k_stops(page: Tab, every: str) -> None:
    """Playing is in both directions, and stops where K was pressed."""
    see(page, every, "#shot=sh020&view=takes&frame=30")
    until(page, f"{COUNTED} === 30")
    page.press("j")
    until(page, f"{COUNTED} < 25")
    page.press("k")
    page.press("l")
    until(page, f"{COUNTED} > 35")
    page.press("k")
    until(page, "document.querySelector('[data-id=c-play]').title === 'Play (space)'")


def test_the_page_works_from_a_disk(page: Tab, tmp_path: Path) -> None:
    """Given the page in a folder and as one file, when they are opened from the disk, then film,
    pictures and modules are there, and nothing is asked of any other place."""
    source = filmed(tmp_path, shots=2)
    for place in (tmp_path / "out", tmp_path / "one.html"):
        see(page, review_page(source, place).path.as_uri())
        until(page, "[...document.images].every(one => one.complete || one.loading === 'lazy')")
        broken = "[...document.images].filter(i => i.complete && !i.naturalWidth).length"
        assert page.evaluate(broken) == 0
        assert page.evaluate("document.title") == "2/2 · $0.00 · The ball"
        asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


COLUMNS = """() => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, canvas.height - 2, canvas.width, 1);
  const red = [...data].filter((_, place) => place % 4 === 0);
  const { width, height } = canvas;
  return { width, height, edge: red[2], middle: red[width / 2] };
}"""
"""The canvas, and two pixels of its last but one line: near its left edge, and in its middle."""


def test_each_version_is_shown_and_what_it_keeps_of_the_takes(page: Tab, tmp_path: Path) -> None:
    """Given a film with an upright version, then it is played in that shape; and where the address
    asks for takes, what it leaves out of them is dark, and what it keeps is as it was."""
    source = filmed(tmp_path, shots=1, extra=("versions: {tall: {size: 270x480}}",))
    with lying(whole(source)) as address:
        see(page, address, "#shot=sh010&view=film&shape=tall")
        shown = page.evaluate(COLUMNS)
        assert (shown["width"], shown["height"]) == (270, 480)
        assert "tall leaves out 66 % of the width" in page.evaluate(
            "document.getElementById('counter').textContent"
        )
        page.evaluate("() => { location.hash = 'shot=sh010&view=takes&a=2&shape=tall'; }")
        until(page, "document.getElementById('counter').textContent.includes('A: take 2')")
        until(page, f"({COLUMNS})().middle > 0")
        cropped = page.evaluate(COLUMNS)
        page.evaluate(
            """() => {
              const choice = document.getElementById("shape");
              choice.value = "";
              choice.dispatchEvent(new Event("change"));
            }"""
        )
        until(page, "!document.getElementById('counter').textContent.includes('leaves out')")
        until(page, f"({COLUMNS})().edge > 0")
        bare = page.evaluate(COLUMNS)
        assert cropped["edge"] < bare["edge"] * 0.5
        assert cropped["middle"] == bare["middle"]
