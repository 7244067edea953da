"""How long it takes until a large page can be used: `python benchmarks/page.py [SHOTS] [TAKES]`.

Makes a storyboard whose takes are there (one small clip, many names), starts `storyboard serve` as
a user does, and opens the page in Chromium. Needs the development extras, and a browser.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from storyboard.testing.clips import write_clip
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.boards import board
from tests.page.browser import browsing, until


def made(folder: Path, shots: int, takes: int) -> StoryboardFile:
    """A storyboard with so many shots, all of whose takes are there."""
    source = StoryboardFile(board(folder, keyframes=shots + 1, shot=f"takes: {takes}"))
    store, clip = source.store, folder / "clip.mp4"
    store.prepare()
    write_clip(clip, frames=73, size=(64, 48), rate=24, shot=0)
    for shot in plan_with(source.storyboard(), store).shots:
        for take in shot.takes:
            part = store.part(take.key)
            shutil.copy(clip, part)
            store.keep(take.key, part, {"shot": shot.id, "take": take.number, "cost": 252_000})
    return source


def main(shots: int = 300, takes: int = 3) -> None:
    """Print what it took, in seconds."""
    with tempfile.TemporaryDirectory() as name:
        source = made(Path(name), shots, takes)
        begun = time.perf_counter()
        command = [sys.executable, "-m", "storyboard", "serve", str(source.file), "--no-draft"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            print(f"{shots} shots with {takes} takes; the address after {since(begun)} s")
            with browsing() as browser:
                page = browser.new_page()
                begun = time.perf_counter()
                page.goto(address, wait_until="commit")
                until(page, f"document.querySelectorAll('.card').length === {shots}")
                print(f"all shots are there after {since(begun)} s")
                last = f"sh{shots}0"
                page.evaluate(f"document.querySelector('[data-id=shot-{last}]').click()")
                until(page, f"document.querySelector('#shot h2').textContent === '{last}'")
                print(f"the last one is chosen after {since(begun)} s")
                page.evaluate("document.querySelector('[data-id=v-takes]').click()")
                until(page, "document.getElementById('counter').textContent.includes('A:')")
                print(f"its takes are compared after {since(begun)} s")
                size = page.evaluate("document.getElementById('document').textContent.length")
                print(f"the document has {size / 1e6:.2f} MB")
            server.send_signal(signal.SIGINT)


def since(begun: float) -> str:
    """Seconds since then."""
    return f"{time.perf_counter() - begun:.2f}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
