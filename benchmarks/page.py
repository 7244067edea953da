"""How long it takes until a large page can be used: `python benchmarks/page.py [SHOTS] [TAKES]`.

Makes a storyboard whose takes are there (one small clip, many names), starts `storyboard serve` as
a user does, and opens the page in Chromium. Needs the development extras, and a browser.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from storyboard.testing.clips import write_clip
from storyboard.workflows.showing import gathered
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.boards import board
from tests.page.browser import browsing, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession


def made(folder: Path, shots: int, takes: int) -> StoryboardFile:
    """A storyboard with so many shots, all of whose takes are there."""
    source = StoryboardFile(board(folder, keyframes=shots + 1, shot=f"takes: {takes}"))
    store, clip = source.store, folder / "clip.mp4"
    store.prepare()
    write_clip(clip, frames=73, size=(64, 48), rate=24, shot=0)
    measured = {"frames": 73, "rate": "24", "size": "64x48", "sound": False}
    about = {"cost": 252_000, "measured": measured}  # as a take that has landed
    for shot in plan_with(source.storyboard(), store).shots:
        for take in shot.takes:
            part = store.part(take.key)
            shutil.copy(clip, part)
            store.keep(take.key, part, {**about, "shot": shot.id, "take": take.number})
    return source


def main(shots: int = 300, takes: int = 3) -> None:
    """Print what it took, in seconds: of the clock, and of processors."""
    with tempfile.TemporaryDirectory() as name, browsing() as browser:
        source = made(Path(name), shots, takes)
        print(f"{shots} shots with {takes} takes, nothing measured")
        opened(browser, source, shots)
        gathered(source.storyboard(), source.store)
        print("started again, the joins measured")
        opened(browser, source, shots)


def opened(browser: Browser, source: StoryboardFile, shots: int) -> None:
    """Serve the storyboard and use its page."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "storyboard", "serve", str(source.file), "--no-draft"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        print(f"the address after {since(begun)} s, {spent(server.pid):.2f} of processors")
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        tab = page.context.new_cdp_session(page)
        tab.send("Performance.enable")
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        until(page, f"document.querySelectorAll('.card').length === {shots}")
        print(f"all shots are there after {since(begun)} s, {busy(tab):.2f} of the tab's work")
        until(page, "document.querySelector('#counter[data-frame]') !== null")
        print(f"the first take is seen after {since(begun)} s, {busy(tab):.2f} of the tab's work")
        last = f"sh{shots}0"
        page.evaluate(f"document.querySelector('[data-id=shot-{last}]').click()")
        until(page, f"document.querySelector('#shot h2').textContent === '{last}'")
        print(f"the last one is chosen after {since(begun)} s, {busy(tab):.2f} of the tab's work")
        until(page, "document.getElementById('counter').textContent.includes('A:')")
        print(f"its takes are seen after {since(begun)} s")
        size = page.evaluate("document.getElementById('document').textContent.length")
        print(f"the document has {size / 1e6:.2f} MB")
        server.send_signal(signal.SIGINT)


def busy(tab: CDPSession) -> float:
    """Seconds that the page's main thread has worked."""
    metrics = tab.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def spent(process: int) -> float:
    """Seconds of processors that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def since(begun: float) -> str:
    """Seconds since then."""
    return f"{time.perf_counter() - begun:.2f}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
