"""Pictures of the page in each state, to be looked at: `python benchmarks/page_states.py FOLDER`.

Makes a film of an example's pictures, three takes a shot, and takes a picture of the page in every
state, at three widths and at 200 % zoom, light, dark and with forced colours: one sheet a state.
States of money (in flight, failed, unknown ...) come from a ledger and a fake service
(`page_money.py`). Says where something is wider than the window, and what axe finds.
`--only compare` takes those whose name has that in it. Needs the development extras, and a browser.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from page_money import PAID, PICTURES, TROUBLES, happened, written

from storyboard.annotating.notes_file import add_line
from storyboard.annotating.review_note import Approval, ReviewNote
from storyboard.page import sheet
from storyboard.page.discretion import for_others
from storyboard.page.document import document
from storyboard.page.newscast import Newscast
from storyboard.page.server import Serving
from storyboard.page.shelf import NAME
from storyboard.units.sizes import Size
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write
from storyboard.workflows.serve import going_on
from storyboard.workflows.showing import at_first_sight, gathered, shelf_of, with_numbers
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.page.browser import browsing, until

if TYPE_CHECKING:
    from page_money import Trouble
    from playwright.sync_api import Browser, Page

    from storyboard.page.shelf import Shelf

SIZE, RATE, FRAMES = Size(480, 270), Fraction(24), 73
LOOKS = (
    (360, "light", 1, "none"),
    (360, "dark", 1, "none"),
    (360, "dark", 1, "active"),
    (768, "dark", 1, "none"),
    (1280, "light", 1, "none"),
    (1280, "light", 2, "none"),
)
"""Width, scheme, zoom (at 200 % there is room for half as much), and whether colours are forced."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageState:
    """A state of the page: what its document is, and what one does there."""

    name: str
    change: Callable[[Document], None] = lambda _document: None
    keys: tuple[str, ...] = ()
    at: str = ""
    act: Callable[[Page, Serving], None] = lambda _page, _serving: None
    wrong: str = ""
    now: str = ""
    trouble: Trouble | None = None


@dataclass(slots=True)
class Desk:
    """What a page shows, and nothing that can be done."""

    shown: Document
    shelf: Shelf
    now: str = ""
    news: Newscast = field(default_factory=Newscast)

    def document(self) -> Mapping[str, Any]:
        """The document of this state."""
        return self.shown

    def media(self, name: str) -> Path:
        """A file that the document names."""
        return self.shelf.open(name)

    def do(self, what: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """One more take is written; nothing else is."""
        command = "storyboard render film.yaml --only sh010"
        return {"message": "sh010 has 4 takes now; this pays $0.42 for it", "command": command}


def filmed(folder: Path, takes: tuple[int, ...]) -> StoryboardFile:
    """A storyboard of an example's pictures, so many takes of each of its shots are there."""
    extra = "budget: 5.00\nversions:\n  tall: {size: 270x480}\n"
    source = StoryboardFile(written(folder, extra, takes=(3,) * len(takes)))
    store = source.store
    store.prepare()
    shots = plan_with(source.storyboard(), store).shots
    pictures = sorted(PICTURES.glob("*.png"))[: len(takes) + 1]
    for shot, count, ends in zip(shots, takes, pairwise(pictures), strict=True):
        for take in shot.takes[:count]:
            part, frames = store.part(take.key), iter(_frames(*ends, take.number))
            write(part, frames, rate=RATE, size=SIZE, recipe=RECIPES["h264"])
            measured = {"frames": FRAMES, "rate": "24", "size": str(SIZE), "sound": False}
            about = {"shot": shot.id, "take": take.number, "cost": PAID, "measured": measured}
            store.keep(take.key, part, {**about, "request_id": f"0b9f{take.number}-{shot.id}"})
    return source


def _frames(start: Path, end: Path, take: int) -> list[np.ndarray[Any, Any]]:
    """From one picture to another; the second take is warmer, the third breaks off."""
    size = (SIZE.width, SIZE.height)
    one, other = (np.asarray(Image.open(path).convert("RGB").resize(size)) for path in (start, end))
    shares = [number / (FRAMES - 1) for number in range(FRAMES)]
    frames = [cv2.addWeighted(other, share, one, 1 - share, 0) for share in shares]
    if take == 2:
        return [cv2.convertScaleAbs(frame, alpha=1.0, beta=18) for frame in frames]
    return [*frames[:40], *frames[:33]] if take == 3 else frames


def _bare(shown: Document) -> None:
    """No take and no draft, no seam."""
    for shot in shown["shots"]:
        for take in shot["takes"]:
            take |= {"standing": "to buy", "there": False, "strip": None, "paid_microusd": 0}
            take |= {"price_microusd": PAID, "judged": [], "faults": [], "request_id": ""}
            take |= {"approved": False, "measured": {}}
        shot["stack"] = None
    shown |= {"seams": [], "notes": []}
    shown["money"] |= {"spent_microusd": 0, "to_pay_microusd": 9 * PAID}


def _single(shown: Document) -> None:
    """One take a shot."""
    for shot in shown["shots"]:
        shot["takes"] = shot["takes"][:1]
        shot["stack"]["tiles"] = shot["stack"]["tiles"][:1]


def _open(page: Page, _serving: Serving) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def _click(selector: str) -> Callable[[Page, Serving], None]:
    asked = f"document.querySelector('{selector}').click()"
    return lambda page, _serving: page.evaluate(asked)


def _command(page: Page, serving: Serving) -> None:
    _click('[data-id="w-more"]')(page, serving)
    page.click("dialog .main")
    until(page, "document.querySelector('dialog code') !== null")


def _gone(page: Page, serving: Serving) -> None:
    """The server ends, and the tab is left open."""
    serving.__exit__(None, None, None)
    until(page, "!document.getElementById('cut').hidden")


def _again(page: Page, serving: Serving) -> None:
    """It is started again, at the same port."""
    _gone(page, serving)
    with Serving(serving.desk, port=serving.door.port):
        until(page, "document.getElementById('cut').innerText.includes('again')")


def _wait(shown: Document) -> None:
    shown["film"]["ready"] = False


MODES = ("side", "wipe", "difference", "flip")
TAKES = "#shot=sh010&view=takes&a=1&b=2&mode="
STATES = (
    PageState("empty", _bare),
    PageState("no takes", _bare, at="#shot=sh020"),
    PageState("film in the making", _wait, at="#view=film", now="film: 120 of 217 frames"),
    PageState("one take", _single, at="#shot=sh010&view=takes"),
    PageState("three takes", at="#shot=sh010&view=takes", act=_open),
    *(PageState(f"compare {mode}", at=TAKES + mode) for mode in MODES),
    PageState("upright version", at="#shot=sh010&view=film&frame=40&shape=tall"),
    PageState("upright over takes", at=f"{TAKES}side&shape=tall&frame=40"),
    PageState(
        "looped range", at="#shot=sh010&view=takes&frame=12", keys=("i", "Shift+ArrowRight", "o")
    ),
    *(PageState(one.name, trouble=one) for one in TROUBLES),
    PageState("help", keys=("?",)),
    PageState("one more take", act=_click('[data-id="w-more"]')),
    PageState("command", act=_command),
    PageState(
        "error",
        wrong="film.yaml:14:5: `promt` is not a field of a shot; did you mean prompt?",
    ),
    PageState("not connected", act=_gone),
    PageState("started again", act=_again),
    PageState("mailed"),
)


def main() -> None:
    """Take all pictures."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    with tempfile.TemporaryDirectory() as name, browsing() as browser:
        shown, shelf = _made(Path(name))
        print("made", flush=True)
        for state in (one for one in STATES if only in one.name):
            with _of(state, shown, shelf) as (here, place):
                pictures = list(_pictures(browser, state, here, place))
            _sheet(pictures).save(target / f"{state.name.replace(' ', '-')}.png")
            print(state.name, flush=True)


@contextmanager
def _of(state: PageState, shown: Document, shelf: Shelf) -> Iterator[tuple[Desk, Shelf]]:
    """What is shown in a state, and its files."""
    if state.trouble is None:
        here = copy.deepcopy(shown)
        state.change(here)
        yield Desk(here, shelf), shelf
        return
    with tempfile.TemporaryDirectory() as name, happened(state.trouble, Path(name)) as source:
        found = at_first_sight(source.storyboard(), source.store)
        made, files = document(found, worded=for_others(source.file))
        own = shelf_of(source.store)
        own.know(files)
        yield Desk(made, own, going_on(found)), own


def _made(folder: Path) -> tuple[Document, Shelf]:
    source = filmed(folder, (3, 2, 1))
    storyboard, store = source.storyboard(), source.store
    key = plan_with(storyboard, store).shots[0].takes[0].key
    add_line(source.file, ReviewNote("a1", "sh010", key, 1, 12, 20, "the hand is odd here", "Ana"))
    done = ReviewNote("a2", "sh010", key, 1, 40, None, "the tram comes too early", "Ben", done=True)
    add_line(source.file, done)
    add_line(source.file, Approval("sh010", key, 1, approved=True))
    shown, files = document(with_numbers(gathered(storyboard, store), store))
    shelf = shelf_of(store)
    shelf.know(files)
    return shown, shelf


def _pictures(
    browser: Browser, state: PageState, desk: Desk, shelf: Shelf
) -> Iterator[Image.Image]:
    for look in LOOKS:
        width, scheme, zoom, forced = look
        desk.news = Newscast()
        desk.news.now(state.now or desk.now)
        with Serving(desk) as serving:
            given: Any = {"color_scheme": scheme, "reduced_motion": "reduce"}
            given |= {"forced_colors": forced, "device_scale_factor": zoom}
            size = {"width": width // zoom, "height": 900 // zoom}
            context = browser.new_context(viewport=size, **given)
            page = context.new_page()
            if state.name == "mailed":
                file = shelf.folder / "mailed.html"
                names = {found.group() for found in NAME.finditer(str(desk.shown))}
                file.write_text(sheet.whole(desk.shown, shelf, names))
                page.goto(file.as_uri())
            else:
                page.goto(serving.door.address)
                until(page, "document.querySelector('#counter') !== null")
                if state.at:
                    page.goto(f"http://127.0.0.1:{serving.door.port}/{state.at}")
            yield _taken(page, state, desk, serving)
            rules = {**RULES, "rules": {"color-contrast": {"enabled": forced == "none"}}}
            for one in Axe().run(page, options=rules).response["violations"]:
                where = ", ".join(node["html"][:90] for node in one["nodes"])
                print(f"{state.name} at {look}: {one['id']}: {where}")
            context.close()


def _taken(page: Page, state: PageState, desk: Desk, serving: Serving) -> Image.Image:
    if desk.shown["film"].get("ready", True):
        page.wait_for_timeout(400)
        until(page, "document.querySelector('#counter[data-frame]') !== null")
    if state.wrong:
        desk.news.wrong(state.wrong)
    for key in state.keys:
        page.keyboard.press(key)
    state.act(page, serving)
    page.evaluate(IN_SIGHT)
    until(page, "[...document.images].every(one => one.complete || one.loading === 'lazy')")
    page.wait_for_timeout(700)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{state.name}: {wide} pixels too wide at {page.viewport_size}")
    laid_over = page.evaluate("document.querySelector('dialog') !== null")
    return Image.open(BytesIO(page.screenshot(full_page=not laid_over))).convert("RGB")


IN_SIGHT = """[...document.querySelectorAll('*')].forEach(one => {
  if (getComputedStyle(one).contentVisibility === 'auto') one.style.contentVisibility = 'visible';
})"""
"""A picture of the whole page shows also what is drawn only where it is looked at."""


def _sheet(pictures: list[Image.Image]) -> Image.Image:
    """The pictures side by side."""
    width = sum(one.width + 20 for one in pictures)
    made = Image.new("RGB", (width, max(one.height for one in pictures)), "#888")
    left = 0
    for picture in pictures:
        made.paste(picture, (left, 0))
        left += picture.width + 20
    return made


if __name__ == "__main__":
    main()
