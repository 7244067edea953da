"""Pictures of the page in each state, to be looked at: `python benchmarks/page_states.py FOLDER`.

Makes a film of an example's pictures, three takes a shot, and takes a picture of the page in every
state, at three widths and at 200 % zoom, light and dark: one sheet a state. States of money (in
flight, failed, unknown ...) are written into the document, so that nobody has to be paid.
`--only compare` takes those whose name has that in it. Needs the development extras, and a browser.
"""

from __future__ import annotations

import copy
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from storyboard.annotating.notes_file import add_line
from storyboard.annotating.review_note import Approval, ReviewNote
from storyboard.page import sheet
from storyboard.page.document import document
from storyboard.page.newscast import Newscast
from storyboard.page.server import Serving
from storyboard.page.shelf import NAME
from storyboard.units.sizes import Size
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write
from storyboard.workflows.showing import gathered, shelf_of, with_numbers
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.page.browser import browsing, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from storyboard.page.shelf import Shelf

PICTURES = Path(__file__).parents[1] / "examples" / "morning-ride" / "frames"
SIZE, RATE, FRAMES = Size(480, 270), Fraction(24), 73
COST = 420_000
LOOKS = ((360, "light", 1), (360, "dark", 1), (768, "dark", 1), (1280, "light", 1))
ZOOMED = (1280, "light", 2)
"""Width, scheme, and zoom: at 200 % there is room for half as much."""
Document = dict[str, Any]

WORDS = """\
version: 1
title: Morning ride
size: 480x270
fps: 24
budget: 5.00
versions:
  tall: {size: 270x480}
keyframes:
"""


@dataclass(frozen=True, slots=True)
class PageState:
    """A state of the page: what its document is, and what one does there."""

    name: str
    change: Callable[[Document], None] = lambda _document: None
    keys: tuple[str, ...] = ()
    at: str = ""
    act: Callable[[Page], None] = lambda _page: None
    said: tuple[str, bool] | None = None
    now: str = ""


@dataclass(slots=True)
class Desk:
    """What a page shows, and nothing that can be done."""

    shown: Document
    shelf: Shelf
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
    """A storyboard of an example's pictures, so many takes of each of its shots."""
    pictures = sorted(PICTURES.glob("*.png"))[: len(takes) + 1]
    lines = []
    for number, picture in enumerate(pictures):
        shot = f', shot: {{prompt: "{SAID[number]}", takes: 3}}' if number < len(takes) else ""
        lines.append(f"  - {{image: {picture}{shot}}}\n")
    file = folder / "film.yaml"
    file.write_text(WORDS + "".join(lines))
    source = StoryboardFile(file)
    store = source.store
    store.prepare()
    shots = plan_with(source.storyboard(), store).shots
    for shot, count, ends in zip(shots, takes, pairwise(pictures), strict=True):
        for take in shot.takes[:count]:
            part, frames = store.part(take.key), iter(_frames(*ends, take.number))
            write(part, frames, rate=RATE, size=SIZE, recipe=RECIPES["h264"])
            measured = {"frames": FRAMES, "rate": "24", "size": str(SIZE), "sound": False}
            about = {"shot": shot.id, "take": take.number, "cost": COST, "measured": measured}
            store.keep(take.key, part, {**about, "request_id": f"0b9f{take.number}-{shot.id}"})
    return source


SAID = (
    "The rider steps out of the blue door and looks down the steep street, the camera drifts back",
    "She rides down towards the river, past the tram, washing lines swing between the houses",
    "The bicycle rolls to a stop at the bridge",
)


def _frames(start: Path, end: Path, take: int) -> list[np.ndarray[Any, Any]]:
    """From one picture to another; the second take is warmer, the third breaks off."""
    size = (SIZE.width, SIZE.height)
    one, other = (np.asarray(Image.open(path).convert("RGB").resize(size)) for path in (start, end))
    shares = [number / (FRAMES - 1) for number in range(FRAMES)]
    frames = [cv2.addWeighted(other, share, one, 1 - share, 0) for share in shares]
    if take == 2:
        return [cv2.convertScaleAbs(frame, alpha=1.0, beta=18) for frame in frames]
    return [*frames[:40], *frames[:33]] if take == 3 else frames


def _standing(word: str, detail: str = "", **money: int) -> Callable[[Document], None]:
    """The first shot's last take stands so."""

    def change(shown: Document) -> None:
        shot = shown["shots"][0]
        shot["takes"][0] |= {"standing": word, "there": False, "strip": None, "detail": detail}
        shot["takes"][0] |= {"paid_microusd": 0, "judged": [], "faults": [], "measured": {}}
        shot["stack"] = None
        shown["money"] |= money

    return change


def _bare(shown: Document) -> None:
    """No take and no draft, no seam."""
    for shot in shown["shots"]:
        for take in shot["takes"]:
            take |= {"standing": "to buy", "there": False, "strip": None, "paid_microusd": 0}
            take |= {"price_microusd": COST, "judged": [], "faults": [], "request_id": ""}
            take |= {"approved": False, "measured": {}}
        shot["stack"] = None
    shown |= {"seams": [], "notes": []}
    shown["money"] |= {"spent_microusd": 0, "to_pay_microusd": 9 * COST}


def _single(shown: Document) -> None:
    """One take a shot."""
    for shot in shown["shots"]:
        shot["takes"] = shot["takes"][:1]
        shot["stack"]["tiles"] = shot["stack"]["tiles"][:1]


def _over(shown: Document) -> None:
    shown["money"] |= {"spent_microusd": 4_620_000, "to_pay_microusd": 840_000}
    shown["messages"] = ["to pay $0.84, and $0.38 of the budget of $5.00 is left: raise `budget`"]


def _open(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def _click(selector: str) -> Callable[[Page], None]:
    return lambda page: page.evaluate(f"document.querySelector('{selector}').click()")


def _command(page: Page) -> None:
    _click('[data-id="w-more"]')(page)
    page.click("dialog .main")


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
    PageState("in flight", _standing("in flight", reserved_microusd=COST), now="1 take in flight"),
    PageState("failed", _standing("failed", "the service said: the prompt was refused")),
    PageState(
        "held", _standing("in flight", "no news for 3 hours; `storyboard resume` asks again")
    ),
    PageState(
        "unknown", _standing("unknown", "its answer was lost", possibly_charged_microusd=COST)
    ),
    PageState("over budget", _over),
    PageState("help", keys=("?",)),
    PageState("one more take", act=_click('[data-id="w-more"]')),
    PageState("command", act=_command),
    PageState(
        "error",
        said=("film.yaml:14:5: `promt` is not a field of a shot; did you mean prompt?", True),
    ),
    PageState("not connected", now="not connected; is `storyboard serve` still running?"),
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
        for state in STATES:
            if only in state.name:
                here = copy.deepcopy(shown)
                state.change(here)
                pictures = list(_pictures(browser, state, here, shelf))
                _sheet(pictures).save(target / f"{state.name.replace(' ', '-')}.png")
                print(state.name, flush=True)


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
    browser: Browser, state: PageState, shown: Document, shelf: Shelf
) -> Iterator[Image.Image]:
    for width, scheme, zoom in (*LOOKS, ZOOMED):
        desk = Desk(shown, shelf)
        with Serving(desk) as serving:
            given: Any = {"color_scheme": scheme, "reduced_motion": "reduce"}
            size = {"width": width // zoom, "height": 900 // zoom}
            context = browser.new_context(viewport=size, device_scale_factor=zoom, **given)
            page = context.new_page()
            if state.name == "mailed":
                file = shelf.folder / "mailed.html"
                names = {found.group() for found in NAME.finditer(str(shown))}
                file.write_text(sheet.whole(shown, shelf, names))
                page.goto(file.as_uri())
            else:
                page.goto(serving.door.address)
                until(page, "document.querySelector('#counter') !== null")
                if state.at:
                    page.goto(f"http://127.0.0.1:{serving.door.port}/{state.at}")
            yield _taken(page, state, desk)
            context.close()


def _taken(page: Page, state: PageState, desk: Desk) -> Image.Image:
    if desk.shown["film"].get("ready", True):
        page.wait_for_timeout(400)
        until(page, "document.querySelector('#counter[data-frame]') !== null")
    desk.news.now(state.now)
    if state.said:
        desk.news.told(state.said[0], wrong=state.said[1])
    for key in state.keys:
        page.keyboard.press(key)
    state.act(page)
    until(page, "[...document.images].every(one => one.complete || one.loading === 'lazy')")
    page.wait_for_timeout(700)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{state.name}: {wide} pixels too wide at {page.viewport_size}")
    laid_over = page.evaluate("document.querySelector('dialog') !== null") or state.said
    return Image.open(BytesIO(page.screenshot(full_page=not laid_over))).convert("RGB")


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
