"""A take measured by itself: each made fault is found where it is, and a sound take has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from storyboard.reviewing.judging import Keyframes, TakeNumbers, judged
from storyboard.reviewing.measure import Picture
from storyboard.reviewing.take_limits import LIMITS, wrong
from storyboard.units.sizes import Size
from storyboard.units.take_kinds import TAKE_KINDS, TakeKind
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write

RATE, FRAMES = Fraction(24), 49
SIZE = Size(256, 144)
Frames = list[Picture]


def canvas(seed: int) -> Picture:
    """A picture larger than the frame, with detail of every size."""
    random, layers = np.random.default_rng(seed), np.zeros((288, 512, 3), np.float32)
    for side, weight in ((6, 70), (24, 40), (96, 25), (256, 15)):
        coarse = random.uniform(-1, 1, (side * 9 // 16 + 1, side, 3)).astype(np.float32)
        layers += weight * cv2.resize(coarse, (512, 288), interpolation=cv2.INTER_CUBIC)
    return np.clip(layers + 120, 0, 255).astype(np.uint8)


def sound() -> Frames:
    """A camera's way over it, eased."""
    large = canvas(1)
    part = np.linspace(0, 1, FRAMES)
    lefts = 60 * part * part * (3 - 2 * part)
    return [
        pixels(cv2.getRectSubPix(large, (SIZE.width, SIZE.height), (150 + float(x), 130.0)))
        for x in lefts
    ]


def pixels(found: object) -> Picture:
    """What OpenCV gives, as a picture."""
    return np.asarray(found, np.uint8)


def in_the_middle(frames: Frames, new: Callable[[Picture], Picture], count: int) -> Frames:
    """Some frames from the middle on exchanged."""
    at = len(frames) // 2
    return [*frames[:at], *map(new, frames[at : at + count]), *frames[at + count :]]


def dissolved(frames: Frames, *, backwards: bool = False) -> Frames:
    """Another picture at one end."""
    other = canvas(2)[:144, :256]
    parts = np.linspace(1, 0, FRAMES) if backwards else np.linspace(0, 1, FRAMES)
    return [
        pixels(cv2.addWeighted(other, float(p), one, 1 - float(p), 0))
        for p, one in zip(parts, frames, strict=True)
    ]


def brighter(one: Picture, levels: int) -> Picture:
    """Every pixel lighter."""
    return np.clip(one.astype(np.int16) + levels, 0, 255).astype(np.uint8)


def tinted(frames: Frames) -> Frames:
    """Orange in the middle."""
    gain = np.array([1.3, 1.0, 0.5]) - 1
    return [
        np.clip(one * (1 + gain * np.sin(np.pi * n / (FRAMES - 1))), 0, 255).astype(np.uint8)
        for n, one in enumerate(frames)
    ]


FAULTS: dict[TakeKind, Callable[[Frames], Frames]] = {
    "start": lambda frames: dissolved(frames, backwards=True),
    "end": dissolved,
    "cut": lambda frames: in_the_middle(frames, lambda one: np.flipud(one).copy(), 18),
    "flash": lambda frames: in_the_middle(frames, lambda one: one // 4 + 185, 2),
    "still": lambda frames: [*frames[:12], *[frames[12]] * 36, frames[-1]],
    "flicker": lambda frames: [brighter(one, 4 * (n % 2)) for n, one in enumerate(frames)],
    "soft": lambda frames: [
        one if n in (0, FRAMES - 1) else pixels(cv2.GaussianBlur(one, (0, 0), 2.5))
        for n, one in enumerate(frames)
    ],
    "black": lambda frames: in_the_middle(frames, np.zeros_like, 8),
    "colour": tinted,
}


def measured(folder: Path, frames: Sequence[Picture], keyframes: Keyframes) -> TakeNumbers:
    """The numbers of a clip of these frames."""
    path = folder / "take.mp4"
    write(path, iter(frames), rate=RATE, size=SIZE, recipe=RECIPES["h264"])
    return judged(path, keyframes)


def test_a_sound_take_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    """It begins and ends on its keyframes, and nothing in it stands out."""
    frames = sound()
    numbers = measured(tmp_path, frames, Keyframes(frames[0], frames[-1]))
    assert wrong(numbers) == ()
    assert numbers.frames == FRAMES
    assert numbers.rate == RATE
    assert numbers.start is not None
    assert numbers.start > 0.9
    assert numbers.end is not None
    assert numbers.end > 0.9


@pytest.mark.parametrize("kind", TAKE_KINDS)
def test_a_made_fault_is_found(kind: TakeKind, tmp_path: Path) -> None:
    """By its name, and at its frame where it has one."""
    frames = sound()
    keyframes = Keyframes(frames[0], frames[-1])
    found = wrong(measured(tmp_path, FAULTS[kind](frames), keyframes))
    assert kind in [finding.kind for finding in found]
    finding = next(one for one in found if one.kind == kind)
    expected = {"flash": 24, "black": 24, "still": 12, "cut": 24}
    if kind in expected:
        assert finding.at is not None
        assert abs(finding.at - expected[kind]) <= (18 if kind == "cut" else 1)


def test_without_keyframes_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    """What needs one is left open, and says nothing."""
    numbers = measured(tmp_path, sound(), Keyframes())
    assert numbers.start is numbers.end is numbers.sharp is numbers.colour is None
    assert wrong(numbers) == ()


def test_every_kind_has_one_limit_and_stands_in_the_page() -> None:
    """The table of the documents has each kind with its limit and its unit."""
    assert [limit.kind for limit in LIMITS] == list(TAKE_KINDS)
    page = (Path(__file__).parents[2] / "docs" / "takes.md").read_text()
    measures = page.split("| verdict |")[1]
    rows = {line.split("`")[1]: line for line in measures.splitlines() if line[:3] == "| `"}
    for limit in LIMITS:
        row = rows[limit.kind]
        assert f" {limit.unit} " in row
        assert f"{'below' if limit.above is None else 'above'} {limit.limit:g} " in row
