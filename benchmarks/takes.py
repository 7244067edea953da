"""Count how often what is wrong with a take is found, and how often a sound one is accused.

Run `python benchmarks/takes.py` (a minute or two on two idle cores), or with folders of pictures
(`python benchmarks/takes.py examples ~/photographs`), which are then looked at as well. Each sound
clip is a draft between two keyframes of an example, or a camera's way over a photograph, with and
without something that crosses it, encoded well and poorly. Each fault is painted into the same
frames before they are encoded. `--numbers` prints what was measured instead, for choosing limits.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from storyboard import draft
from storyboard.cutting.cut import Footage
from storyboard.reviewing.judging import Keyframes, TakeNumbers, judged
from storyboard.reviewing.measure import Picture
from storyboard.reviewing.ranking import joined
from storyboard.reviewing.take_limits import LIMITS, SEAM, wrong
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write

SIZE = Size(480, 270)
RATE = Fraction(24)
FRAMES = 61
CRFS = ("18", "30")
_SAMPLE = 4
"""Without `--all`, every so many clips are tried, in one of the two qualities."""
EXAMPLES = Path(__file__).parents[1] / "examples"

Frames = list[Picture]
Fault = Callable[[Frames, Picture], Frames]
"""Frames, and another picture, to frames with a fault."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound clip."""

    name: str
    kind: str
    first: str
    second: str
    way: str = ""


def _middle(frames: Frames) -> int:
    return len(frames) // 2


def cut(frames: Frames, other: Picture) -> Frames:
    """From the middle on another picture, as much moved as the clip."""
    half = _middle(frames)
    moved = [_panned(other, number) for number in range(len(frames) - half - 12)]
    return [*frames[:half], *moved, *frames[-12:]]


def flash(frames: Frames, _other: Picture) -> Frames:
    """Two frames nearly white."""
    return _exchanged(frames, 2, lambda one: one // 4 + 185)


def strange_frame(frames: Frames, other: Picture) -> Frames:
    """One frame of something else."""
    return _exchanged(frames, 1, lambda _one: other)


def black(frames: Frames, _other: Picture) -> Frames:
    """A third of a second of black."""
    return _exchanged(frames, 8, np.zeros_like)


def frozen(frames: Frames, _other: Picture) -> Frames:
    """One and a half seconds of one frame, and then on from there."""
    begin, long = len(frames) // 4, int(1.5 * RATE)
    rest = [
        frames[min(int(n), len(frames) - 1)]
        for n in np.linspace(begin, len(frames) - 1, len(frames) - begin - long)
    ]
    return [*frames[:begin], *[frames[begin]] * long, *rest]


def flicker(frames: Frames, _other: Picture) -> Frames:
    """Every other frame four levels brighter."""
    return [_lit(one, 4 * (number % 2)) for number, one in enumerate(frames)]


def soft(frames: Frames, _other: Picture) -> Frames:
    """Out of focus between its ends."""
    return [
        one if number in (0, len(frames) - 1) else cv2.GaussianBlur(one, (0, 0), 2.5)
        for number, one in enumerate(frames)
    ]


def tinted(frames: Frames, _other: Picture) -> Frames:
    """Turned to orange towards the middle, and back."""
    last = len(frames) - 1
    gain = np.array([1.25, 1.0, 0.65]) - 1
    return [
        np.clip(one * (1 + gain * np.sin(np.pi * number / last)), 0, 255).astype(np.uint8)
        for number, one in enumerate(frames)
    ]


def elsewhere(frames: Frames, other: Picture) -> Frames:
    """Another picture at its end, reached by a dissolve."""
    last = len(frames) - 1
    return [
        cv2.addWeighted(other, number / last, one, 1 - number / last, 0)
        for number, one in enumerate(frames)
    ]


def astray(frames: Frames, _other: Picture) -> Frames:
    """Its end closer by a quarter than the keyframe."""
    last = len(frames) - 1
    return [_closer(one, 1 + 0.25 * number / last) for number, one in enumerate(frames)]


def late_start(frames: Frames, other: Picture) -> Frames:
    """Another picture at its start."""
    return elsewhere(frames[::-1], other)[::-1]


FAULTS: dict[str, tuple[Fault, str]] = {
    "cut in it": (cut, "cut"),
    "two white frames": (flash, "flash"),
    "one strange frame": (strange_frame, "flash"),
    "8 frames black": (black, "black"),
    "1.5 s frozen": (frozen, "still"),
    "4 levels of flicker": (flicker, "flicker"),
    "out of focus": (soft, "soft"),
    "tinted on the way": (tinted, "colour"),
    "ends elsewhere": (elsewhere, "end"),
    "ends 25 % closer": (astray, "end"),
    "starts elsewhere": (late_start, "start"),
}
"""Each made fault, and what it has to be called."""


def mirrored(frames: Frames, _other: Picture) -> Frames:
    """Left and right exchanged."""
    return [np.ascontiguousarray(one[:, ::-1]) for one in frames]


def nearer(frames: Frames, _other: Picture) -> Frames:
    """All of it closer by a quarter."""
    return [_closer(one, 1.25) for one in frames]


def stranger_first(frames: Frames, other: Picture) -> Frames:
    """Another picture, as much moved."""
    return [_panned(other, number) for number in range(len(frames))]


FOLLOWERS: dict[str, Fault] = {
    "something else follows": stranger_first,
    "it follows mirrored": mirrored,
    "it follows 25 % closer": nearer,
}
"""Each made fault of a clip that follows another one: it is to be called `seam`."""


def _exchanged(frames: Frames, count: int, new: Callable[[Picture], Picture]) -> Frames:
    at = _middle(frames)
    return [
        *frames[:at],
        *[np.asarray(new(one)) for one in frames[at : at + count]],
        *frames[at + count :],
    ]


def _lit(one: Picture, levels: int) -> Picture:
    return np.clip(one.astype(np.int16) + levels, 0, 255).astype(np.uint8)


def _closer(one: Picture, factor: float) -> Picture:
    height, width = one.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, factor)
    return np.asarray(cv2.warpAffine(one, matrix, (width, height), flags=cv2.INTER_CUBIC))


def _panned(one: Picture, number: int) -> Picture:
    return np.roll(one, number * 2, axis=1)


def _picture(path: str, size: Size = SIZE, *, over: float = 1.0) -> Picture:
    """A picture filling the frame."""
    image = Image.open(path).convert("RGB")
    width, height = round(size.width * over), round(size.height * over)
    scale = max(width / image.width, height / image.height)
    image = image.resize((round(image.width * scale) + 1, round(image.height * scale) + 1))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return np.asarray(image.crop((left, top, left + width, top + height)))


WAYS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "slow pan": ((0.2, 0.5, 0.8), (0.3, 0.5, 0.8)),
    "fast pan": ((0.0, 0.3, 0.6), (1.0, 0.7, 0.6)),
    "closer": ((0.5, 0.5, 1.0), (0.6, 0.4, 0.6)),
    "a hand's": ((0.4, 0.5, 0.8), (0.42, 0.52, 0.8)),
}
"""Where a camera looks at the start and the end: across, down, and what part of the picture."""


def _moved(clip: Clip) -> Frames:
    """A camera's way over a photograph, eased; with a ball that crosses it where the name says."""
    large = _picture(clip.first, over=2.0)
    begin, end = (np.array(one) for one in WAYS[clip.way])
    random = np.random.default_rng(7)
    shake = np.cumsum(random.normal(0, 0.002, (FRAMES, 2)), axis=0) if clip.way == "a hand's" else 0
    frames = []
    for number in range(FRAMES):
        part = number / (FRAMES - 1)
        part = part * part * (3 - 2 * part)
        x, y, share = begin + (end - begin) * part
        if clip.way == "a hand's":
            x, y = x + shake[number][0], y + shake[number][1]
        frame = _looked_at(large, x, y, share)
        if clip.kind == "with a ball":
            centre = (round(SIZE.width * (0.1 + 0.8 * part)), SIZE.height // 2)
            cv2.circle(frame, centre, 40, (230, 180, 60), -1, cv2.LINE_AA)
        frames.append(frame)
    return frames


def _looked_at(large: Picture, x: float, y: float, share: float) -> Picture:
    height, width = large.shape[:2]
    wide, high = width * share, height * share
    left, top = (width - wide) * min(max(x, 0), 1), (height - high) * min(max(y, 0), 1)
    matrix = np.array([[wide / SIZE.width, 0, left], [0, high / SIZE.height, top]])
    flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(large, matrix, (SIZE.width, SIZE.height), flags=flags))


def _frames(clip: Clip) -> Frames:
    if clip.way:
        return _moved(clip)
    start, end = _picture(clip.first), _picture(clip.second)
    return list(draft.frames(start, end, FRAMES, eases_in=True, eases_out=True))


def clips(folders: Sequence[Path]) -> Iterator[Clip]:
    """Every sound clip."""
    for film in sorted(EXAMPLES.glob("*/frames")):
        for one, other in pairwise(sorted(map(str, film.glob("*.png")))):
            yield Clip(f"{film.parent.name} {Path(one).stem}", "drafts", one, other)
    pictures = sorted(str(p) for f in folders for p in f.iterdir() if p.suffix in (".png", ".jpg"))
    for number, one in enumerate(pictures):
        for way in WAYS:
            kind = ("over photographs", "with a ball")[number % 2]
            other = pictures[(number + 1) % len(pictures)]
            yield Clip(f"{Path(one).stem} {way}", kind, one, other, way)


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of a clip, sound or with a fault."""

    clip: Clip
    fault: str
    """Empty for the sound one."""
    crf: str
    numbers: TakeNumbers


@dataclass(frozen=True, slots=True)
class FoundSeam:
    """What was measured between a clip and one that follows it, sound or with a fault."""

    clip: Clip
    fault: str
    """Empty for the sound one."""
    crf: str
    likeness: float


def followed(clip: Clip, crf: str) -> list[FoundSeam]:
    """Encode a clip, and the way back from its last picture in the other quality, sound and with
    each fault; measure where they meet."""
    cv2.setNumThreads(1)
    frames, stranger = _frames(clip), _stranger(clip)
    later = {"": frames[::-1]} | {n: f(frames[::-1], stranger) for n, f in FOLLOWERS.items()}
    other = CRFS[1 - CRFS.index(crf)]
    with tempfile.TemporaryDirectory() as folder:
        earlier = _encoded(Path(folder) / "earlier.mp4", frames, crf)
        return [
            FoundSeam(
                clip, n, crf, joined(earlier, _encoded(Path(folder) / f"{n}.mp4", one, other))
            )
            for n, one in later.items()
        ]


def _encoded(path: Path, frames: Frames, crf: str) -> Footage:
    write(path, iter(frames), rate=RATE, size=SIZE, recipe=RECIPES["h264"].having(crf=crf))
    return Footage(Media(path, path.stem, len(frames), RATE, SIZE))


def tried(clip: Clip, crf: str) -> list[Found]:
    """Encode and measure one clip, and each of its faults."""
    cv2.setNumThreads(1)
    frames, stranger = _frames(clip), _stranger(clip)
    keyframes = Keyframes(frames[0], frames[-1])
    made = {"": frames} | {name: fault(frames, stranger) for name, (fault, _) in FAULTS.items()}
    return [Found(clip, name, crf, _measured(one, crf, keyframes)) for name, one in made.items()]


def _stranger(clip: Clip) -> Picture:
    """The other end of an example may be this picture in another light: a stranger is better."""
    if "push-in" in clip.name:
        return _picture(str(next((EXAMPLES / "four-seasons" / "frames").glob("*.png"))))
    return _picture(str(EXAMPLES / "push-in" / "frames" / "01-street.png"))


def _measured(frames: Frames, crf: str, keyframes: Keyframes) -> TakeNumbers:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "take.mp4"
        write(path, iter(frames), rate=RATE, size=SIZE, recipe=RECIPES["h264"].having(crf=crf))
        return judged(path, keyframes)


def main() -> None:
    """Try everything and print what was found."""
    os.nice(10)
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    work = [(clip, crf) for clip in clips([Path(name) for name in names]) for crf in CRFS]
    if "--all" not in sys.argv:
        work = work[:: 2 * _SAMPLE + 1]
    with ProcessPoolExecutor(2) as pool:
        found = [one for many in pool.map(tried, *zip(*work, strict=True)) for one in many]
        seams = [one for many in pool.map(followed, *zip(*work, strict=True)) for one in many]
    if "--numbers" in sys.argv:
        _print_numbers(found)
        _print_seam_numbers(seams)
    else:
        _print_table(found)
        _print_seams(seams)


def _print_table(found: Sequence[Found]) -> None:
    sound = [one for one in found if not one.fault]
    print(f"{len(sound)} sound clips, {len(found) - len(sound)} with a made fault\n")
    print("| made fault | called | found | of |\n| --- | --- | ---: | ---: |")
    for name, (_, kind) in FAULTS.items():
        own = [one for one in found if one.fault == name]
        hits = sum(kind in _kinds(one) for one in own)
        print(f"| {name} | `{kind}` | {hits} | {len(own)} |")
    print("\n| accused of | sound clips | of | which |\n| --- | ---: | ---: | --- |")
    for limit in LIMITS:
        wrongly = [one for one in sound if limit.kind in _kinds(one)]
        which = ", ".join(sorted({one.clip.name for one in wrongly})[:6])
        print(f"| `{limit.kind}` | {len(wrongly)} | {len(sound)} | {which} |")
    for name, (_, kind) in FAULTS.items():
        missed = [
            f"{o.clip.name} ({o.crf})" for o in found if o.fault == name and kind not in _kinds(o)
        ]
        if missed:
            print(f"\nnot found: {name}: {', '.join(missed[:12])}")


def _print_seams(found: Sequence[FoundSeam]) -> None:
    print("\n| what follows | called | found | of |\n| --- | --- | ---: | ---: |")
    for name in ("", *FOLLOWERS):
        own = [one for one in found if one.fault == name]
        hits = sum(SEAM.is_odd(one.likeness) for one in own)
        print(f"| {name or 'a sound clip'} | `{SEAM.kind}` | {hits} | {len(own)} |")
    for name in FOLLOWERS:
        missed = [o for o in found if o.fault == name and not SEAM.is_odd(o.likeness)]
        if missed:
            print(f"\nnot found: {name}: {', '.join(f'{o.clip.name} ({o.crf})' for o in missed)}")


def _print_seam_numbers(found: Sequence[FoundSeam]) -> None:
    print(f"{SEAM.kind} (limit {SEAM.limit} {SEAM.unit})")
    for name in ("", *FOLLOWERS):
        own = sorted((one.likeness, one.clip.name) for one in found if one.fault == name)
        shown = [*own[:4], *own[len(own) // 2 :][:1], *own[-4:]]
        print(f"  {name or 'sound'}: " + "; ".join(f"{v:.3f} {n}" for v, n in shown))


def _kinds(one: Found) -> set[str]:
    return {finding.kind for finding in wrong(one.numbers)}


def _print_numbers(found: Sequence[Found]) -> None:
    for limit in LIMITS:
        groups: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for one in found:
            value = limit.value(one.numbers)
            if value is not None and (not one.fault or FAULTS[one.fault][1] == limit.kind):
                groups[one.fault].append((value, f"{one.clip.name} {one.crf}"))
        print(f"{limit.kind} (limit {limit.limit} {limit.unit})")
        for name, values in groups.items():
            ordered = sorted(values)
            shown = [*ordered[:4], *ordered[len(ordered) // 2 :][:1], *ordered[-4:]]
            print(f"  {name or 'sound'}: " + "; ".join(f"{v:.3f} {n}" for v, n in shown))


if __name__ == "__main__":
    main()
