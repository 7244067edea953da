"""Measure loading: a storyboard of a thousand shots, and files made to take long.

Run `python benchmarks/load.py` on an idle machine. Every row is to stay well under a second; the
command leaves with exit code 1 where one does not.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from storyboard.errors import InvalidStoryboard
from storyboard.loading.load import parse
from storyboard.loading.reading import MAX_BYTES
from storyboard.planning.planner import plan

LIMIT = 1.0
"""Seconds."""
ROUNDS = 5
SHOTS = 1000
ROOM = MAX_BYTES - 1000
HEAD = b"version: 1\n"


def thousand(folder: Path) -> bytes:
    """A storyboard of a thousand shots over a hundred stills, with captions and settings."""
    for number in range(100):
        Image.new("RGB", (640, 360), (number, 90, 160)).save(folder / f"{number:03d}.png")
    lines = ["version: 1", "defaults: {style: 35mm film, fit: cover}", "keyframes:"]
    for number in range(SHOTS):
        lines += [
            f"  - id: frame{number}",
            f"    image: {number % 100:03d}.png",
            "    shot:",
            f"      prompt: The ball rolls on to the {number}th tree, slowly, from left to right",
            "      duration: 4.5",
            "      speed: 1.25",
            "      captions: [{at: 1, duration: 2, text: Once upon a time}]",
        ]
    return "\n".join([*lines, "  - image: 000.png", ""]).encode()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that try to take long."""
    many = range(40_000)
    yield "brackets", b"a: " + b"[" * ROOM
    yield "dashes", b"- " * (ROOM // 2)
    yield "question marks", b"? " * (ROOM // 2)
    yield "an open quote", b'a: "' + b"x" * ROOM
    yield "empty lines", b"\n" * ROOM
    yield "one long line", b"a: " + b"x " * (ROOM // 2)
    yield "documents", b"---\n" * (ROOM // 4)
    yield "the same key", HEAD + b"a: 1\n" * (ROOM // 5)
    yield "unknown keys", HEAD + b"".join(b"k%d: 1\n" % n for n in many)
    yield "notes", HEAD + b"notes: [" + b"1," * 90_000 + b"]\n"
    yield "open variables", HEAD + b'title: "' + b"${" * (ROOM // 2) + b'"\n'
    yield "unknown variables", HEAD + b'title: "' + b"${a}" * (ROOM // 4) + b'"\n'
    yield (
        "long variables",
        HEAD + b"variables: {a: " + b"x" * 99_999 + b"}\ntitle: " + b"${a}" * 9999,
    )
    yield "missing stills", HEAD + keyframes(b"{image: %d.png, shot: x}", 15_000)
    yield "unknown models", HEAD + keyframes(b"{image: a, shot: {prompt: x, model: m%d}}", 9_000)
    yield "bad durations", HEAD + keyframes(b"{image: a, shot: {prompt: x, duration: a%d}}", 9_000)
    yield "one id", HEAD + keyframes(b"{image: 000.png, shot: {prompt: x, id: a}} # %d", 9_000)


def keyframes(one: bytes, count: int) -> bytes:
    """So many keyframes."""
    return b"keyframes:\n" + b"".join(b"- " + one % n + b"\n" for n in range(count))


def measured(data: bytes, folder: Path) -> tuple[float, str]:
    """The quickest of some rounds in seconds, and how it ended."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            board = parse(data, folder / "film.yaml")
            end = f"{len(plan(board).shots)} shots, loaded and planned"
        except InvalidStoryboard as error:
            end = f"{len(error.mistakes)} mistakes: {error.mistakes[0].message[:50]}"
        times.append(time.perf_counter() - start)
    return min(times), end


def main() -> int:
    """Print a table; 1 where a row is too slow."""
    slow = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, data in [(f"{SHOTS} shots", thousand(folder)), *hostile()]:
            seconds, end = measured(data, folder)
            slow += seconds > LIMIT
            print(f"{label:18} {len(data):9,} bytes {seconds:6.2f} s   {end}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
