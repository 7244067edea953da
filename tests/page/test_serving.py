"""`storyboard serve` in a browser: what is written from the page, and what it follows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from storyboard.annotating.notes_file import add_line, read_notes
from storyboard.annotating.review_note import Approval, ReviewNote
from storyboard.testing import FakeClip, FakeService
from storyboard.workflows.judge import known_takes
from storyboard.workflows.review import review_document
from storyboard.workflows.source import plan_with
from tests.boards import still
from tests.cli.running import QUICK
from tests.page.browser import LONG, browsing, until
from tests.page.films import filmed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from storyboard.workflows.source import StoryboardFile

COUNTER = "#counter[data-frame]"
UNSPEAKABLE = """[...document.querySelectorAll("button[aria-label]:not(.card)")].filter((one) => {
  const words = one.textContent.replace("…", "").trim().toLowerCase();
  return /[a-z]/.test(words) && !one.getAttribute("aria-label").toLowerCase().includes(words);
}).map((one) => one.textContent)"""
"""Buttons whose name lacks the words that are seen on them: who speaks to a machine says those."""
WATCHED = """() => {
  window.dark = 0;
  const look = () => {
    const screen = document.querySelector(".waiting .screen");
    if (screen && screen.dataset.waits.includes("being made")) window.dark += 1;
    requestAnimationFrame(look);
  };
  look();
}"""
"""Counts the moments in which no film is seen because one is being made."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@contextmanager
def serving(source: StoryboardFile, *options: str) -> Iterator[str]:
    """The command as a user starts it; gives the address that it prints. Ended by Ctrl-C."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("FAL_")} | QUICK
    done = subprocess.Popen(
        [sys.executable, "-m", "storyboard", "serve", str(source.file), *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert done.stdout is not None
        yield done.stdout.readline().strip()
    finally:
        done.send_signal(signal.SIGINT)
        _, said = done.communicate(timeout=300)
        assert "Traceback" not in said
        assert done.returncode == 0


@contextmanager
def visited(browser: Browser, address: str) -> Iterator[Page]:
    """The page in a browser that keeps nothing; fails where the page made a mistake."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_selector(COUNTER)
    yield page
    context.close()
    assert wrong == []


def git(folder: Path, *arguments: str) -> str:
    """What git says in this folder."""
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_is_chosen_is_written_and_nothing_else(browser: Browser, tmp_path: Path) -> None:
    """Given takes in a page, when one is picked, then `git diff` shows one line and the page has
    it; and hold, order, one more take, approval and a note are written as well."""
    source = filmed(tmp_path, shots=3)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "film.yaml")
    git(tmp_path, "commit", "-qm", "a film")
    with serving(source) as address, visited(browser, address) as page:
        page.click('[data-id="w-pick-2"]')
        until(page, "document.querySelector('.take.picked h3').textContent === 'Take 2'")
        changed = [line for line in git(tmp_path, "diff").splitlines() if line[:1] in "+-"]
        assert [line[:1] for line in changed if line[:3] not in ("+++", "---")] == ["-", "+"]
        assert "pick: 2" in changed[-1]

        page.fill("#hold", "7")
        page.click('[data-id="w-hold"]')
        until(page, "document.querySelector('#said').textContent.includes('held for 7 frames')")
        page.click('[data-id="w-later"]')
        until(page, "[...document.querySelectorAll('.card .id')][0].textContent === 'sh020'")
        page.click('[data-id="w-more"]')
        page.click("dialog .main")
        until(page, "document.querySelector('dialog code') !== null")
        assert re.fullmatch(r"storyboard render .*film\.yaml --only sh010", page.inner_text("code"))
        assert "pays $0.252 for it" in page.inner_text("dialog")
        assert page.evaluate("document.activeElement.id") == "command-title"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.dataset.id") == "w-more"
        page.click('[data-id="w-approve-1"]')
        until(page, "document.querySelector('.badge.good') !== null")
        page.fill("#author", "Ana")
        page.fill("#note", "the hand is odd")
        page.click('[data-id="n-send"]')
        until(page, "document.querySelector('.note .said') !== null")
    shot = review_document(source)["shots"][0]
    assert (shot["pick"], shot["hold"], shot["wanted"]) == (2, 7, 3)
    assert review_document(source)["film"]["order"] == ["sh020", "sh010", "sh030"]
    said = read_notes(source.file)
    assert [(one.shot, one.take) for one in said.approvals.values()] == [("sh010", 1)]
    (note,) = said.notes
    assert (note.text, note.author, note.done) == ("the hand is odd", "Ana", False)


def test_a_tab_that_is_left_open_says_what_became_of_the_server(
    browser: Browser, tmp_path: Path
) -> None:
    """Given an open page, when the server ends, then it says so; when another one is started at the
    same port, then it says that its address is another."""
    source = filmed(tmp_path, shots=1, takes=1)
    with ExitStack() as server, ExitStack() as stack:
        address = server.enter_context(serving(source, "--no-draft"))
        page = stack.enter_context(visited(browser, address))
        assert page.evaluate("document.getElementById('cut').hidden")
        server.close()
        until(page, "document.getElementById('cut').textContent.includes('Not connected')")
        port = re.findall(r":(\d+)/", address)[0]
        with serving(source, "--no-draft", "--port", port):
            until(page, "document.getElementById('cut').textContent.includes('started again')")


def test_takes_that_nobody_judged_are_judged_beside(browser: Browser, tmp_path: Path) -> None:
    """Given takes whose notes have no numbers, when the page is opened, then it is there at once,
    and the numbers come by themselves, with those of the seams to the neighbours; and a take that
    comes later, by anybody, is judged as well."""
    source = filmed(tmp_path, shots=2, lacking={"sh020": (2,)})
    numbers = "[...document.querySelectorAll('#shot .take summary')].map(one => one.innerText)"
    with serving(source, "--no-draft") as address, visited(browser, address) as page:
        with page.expect_request("**/do/look") as asked:
            page.click('[data-id="shot-sh020"]')
        assert asked.value.post_data_json == {"shot": "sh020"}  # whose takes are judged first
        until(page, f"{numbers}.length === 1 && {numbers}[0].includes('numbers')")
        page.click("#shot .take summary")
        said = "document.querySelector('#shot .take .numbers').innerText"
        until(
            page, f"/seam before, to sh010 take 1 .* SSIM of shapes .odd below 0.6./.test({said})"
        )
        assert page.evaluate("document.querySelector('#shot .take details').open")
        store = source.store
        shot = plan_with(source.storyboard(), store).shots[1]
        part = store.part(shot.takes[1].key)
        shutil.copy(store.clip(shot.takes[0].key), part)
        store.keep(shot.takes[1].key, part, {"shot": "sh020", "take": 2, "cost": 252_000})
        until(page, f"{numbers}.length === 2")
    assert len(known_takes(plan_with(source.storyboard(), store), store)) == 4


def test_nobody_is_kept_out(browser: Browser, tmp_path: Path) -> None:
    """Given the page with takes, seams and notes, light and dark, narrow and wide, with 200 % zoom,
    then axe finds nothing, nothing runs over the edge, and each button has a name."""
    source = filmed(tmp_path, shots=2, lacking={"sh020": (2,)})
    described_shot = review_document(source)["shots"][0]
    key = described_shot["takes"][0]["key"]
    add_line(source.file, ReviewNote("a1", "sh010", key, 1, 12, 20, "the hand is odd", "Ana"))
    add_line(source.file, Approval("sh010", key, 1, approved=True))
    with serving(source, "--no-draft") as address, visited(browser, address) as page:
        until(page, "document.querySelectorAll('.seam .badge.good, .seam.bad').length === 1")
        for scheme, width in (("light", 1280), ("dark", 360), ("light", 320)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            for key_ in ("", "w", "?"):
                if key_:
                    page.keyboard.press(key_)
                until(page, f"document.querySelector({COUNTER!r}) !== null")
                found = Axe().run(page, options=RULES)
                assert found.violations_count == 0, found.generate_report()
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("Escape")
            page.keyboard.press("c")
            names = "[...document.querySelectorAll('button')].filter(b => !b.textContent.trim())"
            assert page.evaluate(f"{names}.length") == 0
            assert page.evaluate(UNSPEAKABLE) == []


def test_a_save_draws_the_animatic_and_the_page_follows(browser: Browser, tmp_path: Path) -> None:
    """Given a shot without a take, then its draft is drawn and shown; when the file is saved with
    another caption, the film is another; when it is broken, that is said and the film stays."""
    source = filmed(tmp_path, shots=2, takes=1, lacking={"sh020": (1,)})
    with serving(source) as address, visited(browser, address) as page:
        until(page, "document.querySelector('#shots').innerText.includes('draft, to buy')")
        film = "document.querySelector('#stage video').src"
        until(page, f"{film}.includes('/film-')")
        before = page.evaluate(film)
        text = source.file.read_text()
        page.evaluate(WATCHED)
        source.file.write_text(text + 'titles: [{at: 0, duration: 1, text: "A"}]\n')
        until(page, f"{film}.includes('/film-') && {film} !== {before!r}")
        assert page.evaluate("window.dark") == 0
        source.file.write_text(text + "nonsense: 1\n")
        until(page, "document.querySelector('#wrong').textContent.includes('nonsense')")
        still(tmp_path / "0.png", 9)
        source.file.write_text(text)
        until(page, "document.querySelector('#wrong').hidden")
        away = source.file.rename(source.file.with_suffix(".away"))
        until(page, "document.querySelector('#wrong').textContent.includes('film.yaml')")
        away.rename(source.file)
        until(page, "document.querySelector('#wrong').hidden")
        assert page.evaluate("document.querySelector('#shots').innerText.includes('to buy')")


def test_a_render_in_another_process_is_followed_to_its_end(
    browser: Browser, tmp_path: Path
) -> None:
    """Given an open page, when somebody else renders, then the takes come in, and the tab says how
    far it is and what is spent, without anybody touching the page."""
    source = filmed(tmp_path, shots=2, takes=1, lacking={"sh010": (1,), "sh020": (1,)})
    with (
        FakeService(footage=FakeClip(width=64)) as service,
        serving(source, "--no-draft") as address,
        visited(browser, address) as page,
    ):
        until(page, "document.title === '0/2 · $0.00 · The ball'")
        done = subprocess.run(
            [sys.executable, "-m", "storyboard", "render", str(source.file), "--max-cost", "1"],
            env=os.environ | QUICK | service.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        until(page, "document.title === '2/2 · $0.504 · The ball'")
        page.click('[data-id="shot-sh010"]')
        page.click('[data-id="v-takes"]')
        until(page, "document.querySelector('#counter').textContent.includes('A: take 1')")
        assert len(service.paid) == 2
