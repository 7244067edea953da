"""The film against moviepy and ffmpeg: CPU seconds, memory, exactness and colour, side by side.

    python benchmarks/film.py cuts    [WAY ...] [--size 1280x720] [--preset medium] [--rounds 3]
    python benchmarks/film.py effects [--size 1280x720] [--preset medium] [--rounds 3]
    python benchmarks/film.py mixed   [--size 1280x720] [--preset medium] [--rounds 3]
    python benchmarks/film.py long    [--shots 200]    cold, one caption edited, last take landing
    python benchmarks/film.py colour
    python benchmarks/film.py frames

Variants run in turns, each as a program of its own. CPU is user and system time of its whole
process tree, memory the largest sum of its processes' proportional share (PSS). On a machine that
does other work only the CPU columns mean anything.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from film_ways import (
    HERE,
    WAYS,
    board,
    captioned,
    dissolved,
    footage,
    in_order,
    mixed,
    music,
    placed_clip,
    straight,
)

from storyboard.rendering.assembling import assemble
from storyboard.rendering.segments import Segments
from storyboard.testing import codes
from storyboard.testing.clips import write_clip
from storyboard.timeline import Media, Timeline
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture
from storyboard.video.reader import Reader, read
from storyboard.video.recipes import H264

FILMS = {"cuts": straight, "effects": dissolved, "mixed": mixed}
"""What is measured by `compare`."""

# Measuring.


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    wall: float
    cpu: float
    peak: float
    """Megabytes."""


def cost(arguments: Sequence[str], *, files: int | None = None) -> Cost:
    """Run this program with other arguments, and measure its whole process tree."""
    before, begun = _children(), time.monotonic()
    command = [sys.executable, __file__, *arguments]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
    child = subprocess.Popen(command, preexec_fn=limit)
    peaks = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(child.pid, peaks, done))
    watcher.start()
    status = child.wait()
    done.set()
    watcher.join()
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed")
    return Cost(time.monotonic() - begun, _children() - before, max(peaks))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(root: int, peaks: list[float], done: threading.Event) -> None:
    while not done.wait(0.2):
        peaks.append(sum(_share(process) for process in _tree(root)))


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += parents.get(process, [])
    return found


def _share(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def compare(work: str, ways: Sequence[str], *, size: str, preset: str, rounds: int) -> None:
    """Run the ways in turns and print medians; x is the median of the per-round ratios."""
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            costs[way].append(cost(["run", way, work, "--size", size, "--preset", preset]))
    print(f"\n{work}, {size}, preset {preset}, {rounds} rounds, load {os.getloadavg()[0]:.1f}\n")
    print("| | wall s | CPU s | peak MB | wall x | CPU x |\n|---|--:|--:|--:|--:|--:|")
    base = costs[ways[0]]
    for way, runs in costs.items():
        wall, cpu, peak = (
            statistics.median(getattr(run, name) for run in runs) for name in Cost.__slots__
        )
        pairs = list(zip(runs, base, strict=True))
        times = statistics.median(run.wall / other.wall for run, other in pairs)
        work_done = statistics.median(run.cpu / other.cpu for run, other in pairs)
        print(f"| {way} | {wall:.1f} | {cpu:.1f} | {peak:.0f} | {times:.2f} | {work_done:.2f} |")


def run(way: str, work: str, *, size: Size, preset: str) -> None:
    """One way to do one piece of work, in this process."""
    timeline = FILMS[work](footage(size, 6 if work == "cuts" else 10))
    WAYS[way](timeline, HERE / f"{way.replace(' ', '-')}.mp4", preset)


# Long films.


def many(size: Size, shots: int) -> list[Media]:
    """As many takes as asked for: ten pictures' worth of footage under as many names."""
    ten = footage(size, 10)
    return [replace(ten[shot % 10], key=f"{shot:064d}") for shot in range(shots)]


def long_step(step: str, *, size: Size, shots: int) -> None:
    """A step in the life of a long film."""
    cache, output = HERE / f"cache{shots}", HERE / f"long{shots}.mp4"
    takes = many(size, shots)
    recipe = H264.having(preset="veryfast")
    if step == "cold":
        shutil.rmtree(cache, ignore_errors=True)
    if step == "before the last take":
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir()
        timeline = captioned(takes)
        ready = {clip.shot for clip in timeline.clips[:-1]}
        with Segments(cache, recipe=recipe, keep=True) as segments:
            segments.start(timeline, shots=ready)
            segments.wait()
        return
    text = "Good evening" if step == "caption edited" else "Good morning"
    film = assemble(captioned(takes, text=text), output, cache=cache, recipe=recipe)
    said = f"{film.rendered} of {film.segments} pieces encoded, {film.kept} of {film.frames} frames"
    print(f"{step}: {said} are takes' own packets", flush=True)


def long(*, size: str, shots: int) -> None:
    """Cold, again, one caption edited; first and last frame of every shot; 40 shots' last take."""
    print(f"\n{shots} shots, {size}, preset veryfast\n")
    cold = 0.0
    for step in ("cold", "again", "caption edited"):
        spent = cost(["step", step, "--size", size, "--shots", str(shots)], files=256)
        cold = cold or spent.cpu
        print(
            f"{step}: {spent.cpu:.1f} CPU s ({spent.cpu / cold:.2%} of cold), {spent.peak:.0f} MB"
        )
    _check_shots(shots, Size.parse(size))
    before = cost(["step", "before the last take", "--size", size, "--shots", "40"], files=256)
    last = cost(["step", "last take lands", "--size", size, "--shots", "40"], files=256)
    share = last.cpu / (before.cpu + last.cpu)
    print(
        f"40 shots, last take landing: {last.cpu:.1f} CPU s ({share:.2%} of all), {last.wall:.1f} s"
    )


def _check_shots(shots: int, size: Size) -> None:
    timeline = captioned(many(size, shots))
    wrong = 0
    with Reader(HERE / f"long{shots}.mp4") as reader:
        for place, clip in enumerate(timeline.clips):
            for offset in (0, clip.frames - 1):
                seen = codes.read(reader.picture(clip.start + offset))
                wrong += seen != codes.Code(place % 10, clip.media_frame(offset))
    print(f"first and last frame of every shot: {2 * shots - wrong} of {2 * shots} right")


# Exactness and colour.


def frames() -> None:
    """Lost, doubled and foreign frames, over rates and lengths, in films of 40 and 200 takes."""
    folder = HERE / "frames"
    folder.mkdir(parents=True, exist_ok=True)
    size = Size(160, 96)
    recipe = H264.having(preset="ultrafast", crf="28")
    print(
        "\n| rate | frames per take | takes | lost | doubled | foreign |\n|--:|--:|--:|--:|--:|--:|"
    )
    for rate in (16, Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 60):
        for length, count in ((24, 40), (25, 200)):
            clips = []
            for shot in range(count):
                path = folder / f"{shot}.mp4"
                write_clip(
                    path, frames=length, size=(160, 96), rate=rate, shot=shot, audio=shot % 3 == 0
                )
                name = f"{rate}-{length}-{shot}".rjust(64, "0")
                clips.append(placed_clip(Media(path, name, length, Fraction(rate), size), 0, 23))
            timeline = in_order(clips, size, rate=Fraction(rate))
            film = assemble(timeline, folder / "film.mp4", cache=folder / "cache", recipe=recipe)
            seen = [codes.read(picture) for picture in read(film.path)]
            plan = [codes.Code(shot, frame) for shot in range(count) for frame in range(24)]
            lost, foreign = len(set(plan) - set(seen)), len(set(seen) - set(plan))
            doubled = len(seen) - len(set(seen))
            print(f"| {rate} | {length} | {count} | {lost} | {doubled} | {foreign} |", flush=True)
            assert seen == plan
    shutil.rmtree(folder)


def colour(*, size: str, preset: str) -> None:
    """Mean colour difference (CIE 1976) between takes and film, as a player sees both."""
    for way in ("ffmpeg graph", "storyboard", "moviepy chain"):
        cost(["run", way, "cuts", "--size", size, "--preset", preset])
    takes = straight(footage(Size.parse(size), 6))
    print(f"\n{size}, preset {preset}, every 10th frame\n")
    print("| | mean dE76 | 95 % below |\n|---|--:|--:|")
    for way in ("ffmpeg graph", "storyboard", "moviepy chain"):
        found = np.concatenate(list(_differences(HERE / f"{way.replace(' ', '-')}.mp4", takes)))
        print(f"| {way} | {found.mean():.2f} | {np.percentile(found, 95):.1f} |")


def _differences(film: Path, timeline: Timeline) -> Iterator[np.ndarray]:
    with Reader(film) as reader:
        for clip in timeline.clips:
            with Reader(clip.media.path) as take:
                for offset in range(5, clip.frames - 5, 10):
                    seen = _lab(reader.picture(clip.start + offset))
                    yield np.linalg.norm(seen - _lab(take.picture(offset)), axis=-1)[
                        ::4, ::4
                    ].ravel()


def _lab(picture: Picture) -> np.ndarray:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def main() -> None:
    """Read the arguments and do one benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work")
    parser.add_argument("more", nargs="*")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--preset", default="medium")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shots", type=int, default=200)
    given = parser.parse_args()
    HERE.mkdir(exist_ok=True)
    size = Size.parse(given.size)
    if given.work == "run":
        run(*given.more, size=size, preset=given.preset)
    elif given.work == "step":
        long_step(*given.more, size=size, shots=given.shots)
    elif given.work == "cuts":
        board(footage(size, 6))
        ways = ["ffmpeg graph", "storyboard", "storyboard render", "storyboard render again"]
        ways += ["storyboard encoding", "moviepy chain", "ffmpeg -c copy"]
        ways = given.more or ways
        compare("cuts", ways, size=given.size, preset=given.preset, rounds=given.rounds)
    elif given.work in ("effects", "mixed"):
        footage(size, 10), music()
        ways = ["ffmpeg graph", "storyboard"] + ["moviepy compose"] * (given.work == "effects")
        ways = given.more or ways
        compare(given.work, ways, size=given.size, preset=given.preset, rounds=given.rounds)
    elif given.work == "long":
        footage(size, 10)
        long(size=given.size, shots=given.shots)
    elif given.work == "frames":
        frames()
    elif given.work == "colour":
        footage(size, 6)
        colour(size=given.size, preset=given.preset)


if __name__ == "__main__":
    main()
