"""Pairs of clips that share a picture, and the clips that go on one frame later instead.

A kind is a painting: a canvas that a camera looks at. A motion says where the camera (and whoever
walks before it) is at a frame; frame 0 is the shared one. The earlier clip ends on it, the later
one begins on it, and the control begins on frame 1. Every clip is encoded on its own, as takes are.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.float32]
"""Levels of 255, (height, width, 3), RGB."""
Picture = NDArray[np.uint8]

FRAMES = 12
"""Frames of a clip."""
WIDE = 640
"""Steps are pixels in a frame of this width."""
_ROOM = 1.5
"""How much larger than the frame a canvas is."""


class Pose(NamedTuple):
    """Where everything is at a frame: the camera, who walks, and how far another picture shows."""

    across: float = 0.0
    down: float = 0.0
    zoom: float = 1.0
    walked: float = 0.0
    mixed: float = 0.0
    light: float = 1.0


@dataclass(frozen=True, slots=True)
class Motion:
    """What moves, and by how much from frame to frame."""

    name: str
    at: Callable[[float], Pose]
    told: bool = True
    """Whether one frame on is another picture: not where the camera stands there."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case."""

    kind: str
    motion: Motion
    crf: int
    size: tuple[int, int]
    preset: str
    shift: float = 0.0
    """Levels by which the later clip is brighter, as models' clips often are a little."""

    @property
    def name(self) -> str:
        """For a line of a list."""
        wide, high = self.size
        shift = f" {self.shift:+g}" if self.shift else ""
        return f"{self.kind}, {self.motion.name}, CRF {self.crf} {self.preset} {wide}x{high}{shift}"


def _pan(step: float) -> Motion:
    return Motion(f"pan {step:g}", lambda n: Pose(across=step * n, down=step * n * 0.2))


def _push(part: float) -> Motion:
    return Motion(f"push {part:g}", lambda n: Pose(zoom=(1 + part) ** n))


def _walk(step: float) -> Motion:
    return Motion(f"walk {step:g}", lambda n: Pose(walked=step * n))


def _shake(step: float) -> Motion:
    def at(n: float) -> Pose:
        return Pose(step * (np.sin(n * 0.9) * 2 + 0.3 * n), step * np.cos(n * 0.7) * 2)

    return Motion(f"hand {step:g}", at)


REST = Motion("rest", lambda _: Pose(), told=False)
MOTIONS: tuple[Motion, ...] = (
    REST,
    Motion("settle", lambda n: Pose(across=0.04 * n * abs(n)), told=False),
    Motion("push that settles", lambda n: Pose(zoom=1 + 0.0001 * n * abs(n)), told=False),
    Motion("halt", lambda n: Pose(across=2.0 * min(n, 0)), told=False),
    Motion("set out", lambda n: Pose(across=2.0 * max(n, 0))),
    Motion("turn", lambda n: Pose(across=2.0 * min(n, 0), down=1.5 * max(n, 0))),
    *map(_pan, (0.2, 0.5, 1.0, 3.0, 8.0)),
    *map(_push, (0.001, 0.004, 0.012)),
    *map(_walk, (0.5, 2.0, 6.0)),
    _shake(0.8),
    Motion("dissolve", lambda n: Pose(mixed=0.5 + n / 60)),
    Motion("dusk falls", lambda n: Pose(light=1 - 0.006 * n), told=False),
)
QUALITIES = (18, 26, 32)
SIZES = ((640, 360), (480, 480), (360, 640), (848, 480))
PRESETS = ("veryfast", "medium")
SHIFTS = (0.0, 0.0, 0.0, 1.5)


def made(kinds: Sequence[str]) -> Iterator[Pair]:
    """Every kind with every motion and quality; sizes, presets and shifts take turns."""
    number = 0
    for kind in kinds:
        for motion in MOTIONS:
            for crf in QUALITIES:
                number += 1
                yield Pair(
                    kind,
                    motion,
                    crf,
                    SIZES[number % 7 % len(SIZES)],
                    PRESETS[number // 2 % 2],
                    SHIFTS[number % len(SHIFTS)],
                )


def painted(pair: Pair, frame: float, *, painting: Canvas | None = None) -> Picture:
    """A frame of a pair as it is painted, without grain."""
    one, other = _canvases(pair, painting)
    still = replace(pair, kind="still")
    return seen(one, other, pair.motion.at(frame), still, np.random.default_rng(0), 0.0)


def _canvases(pair: Pair, painting: Canvas | None) -> tuple[Canvas, Canvas]:
    if painting is not None:
        return painting, painting[::-1, ::-1]
    return canvas(pair.kind, *pair.size, 1), canvas(pair.kind, *pair.size, 2)


def clip(pair: Pair, first: int, *, later: bool, painting: Canvas | None = None) -> bytes:
    """Frames `first` up to `first + FRAMES` of a pair's motion as an MP4."""
    one, other = _canvases(pair, painting)
    grain = np.random.default_rng(abs(first) * 2 + later)
    shown = [
        seen(one, other, pair.motion.at(n), pair, grain, pair.shift if later else 0.0)
        for n in range(first, first + FRAMES)
    ]
    return encoded(shown, crf=pair.crf, preset=pair.preset)


def seen(
    one: Canvas, other: Canvas, pose: Pose, pair: Pair, grain: np.random.Generator, shift: float
) -> Picture:
    """What the camera sees in this pose."""
    wide, high = pair.size
    unit = wide / WIDE
    view = _viewed(one, pose, wide, high, unit)
    if pose.mixed:
        view = view * (1 - pose.mixed) + _viewed(other, pose, wide, high, unit) * pose.mixed
    if pose.walked or "walk" in pair.motion.name:
        _walker(view, wide * 0.45 + pose.walked * unit, pose.walked)
    view = view * pose.light + shift
    noise = GRAIN.get(pair.kind, 0.0)
    if noise:
        view = view + grain.normal(0, noise, view.shape[:2])[..., None]
    return np.asarray(np.clip(view + 0.5, 0, 255), np.uint8)


def _viewed(painting: Canvas, pose: Pose, wide: int, high: int, unit: float) -> Canvas:
    across, down = pose.across * unit, pose.down * unit
    rows, columns = painting.shape[:2]
    fit = min(columns / wide, rows / high) / _ROOM
    scale = fit / pose.zoom
    left = columns / 2 + across * fit - scale * wide / 2
    top = rows / 2 + down * fit - scale * high / 2
    way = np.array([[scale, 0, left], [0, scale, top]], np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    view = cv2.warpAffine(
        painting, way, (wide, high), flags=flags, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(view, np.float32)


def _walker(view: Canvas, at: float, walked: float) -> None:
    """Somebody dark, a third of the frame high, whose legs swing."""
    high, wide = view.shape[:2]
    tall, foot = high * 0.3, high * 0.8
    swing = tall * 0.16 * np.sin(walked * 0.12)
    lines = [
        ((at, foot - tall * 0.45), (at, foot - tall * 0.8), 0.09),
        ((at, foot - tall * 0.45), (at + swing, foot), 0.05),
        ((at, foot - tall * 0.45), (at - swing, foot), 0.05),
        ((at, foot - tall * 0.93), (at, foot - tall * 0.93), 0.085),
    ]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    for (x0, y0), (x1, y1), thick in lines:
        along = np.clip(
            ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0))
            / max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6),
            0,
            1,
        )
        apart = np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))
        covered = np.clip(tall * thick - apart + 0.5, 0, 1)[..., None]
        view += (np.array([22, 18, 26], np.float32) - view) * covered


def encoded(pictures: Sequence[Picture], *, crf: int, preset: str) -> bytes:
    """An MP4 as services send them: x264 as it is, one key picture, BT.709."""
    high, wide = pictures[0].shape[:2]
    kept = io.BytesIO()
    with av.open(kept, "w", format="mp4") as container:
        options = {"crf": str(crf), "preset": preset, "threads": "1"}
        stream = container.add_stream("libx264", rate=Fraction(24), options=options)
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = 1
        context.color_range = 1
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return kept.getvalue()


# The paintings


@lru_cache(maxsize=16)
def canvas(kind: str, wide: int, high: int, seed: int) -> Canvas:
    """The painting of a kind for frames of this size."""
    rows, columns = round(high * _ROOM), round(wide * _ROOM)
    made = np.random.default_rng([seed, *kind.encode()])
    painted = np.asarray(KINDS[kind](rows, columns, made), np.float32)
    painted.flags.writeable = False
    return painted


def _gradient(rows: int, columns: int, top: Sequence[float], bottom: Sequence[float]) -> Canvas:
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    shown = np.array(top, np.float32) * (1 - down) + np.array(bottom, np.float32) * down
    return np.repeat(shown, columns, axis=1).astype(np.float32)


def _clouds(rows: int, columns: int, made: np.random.Generator, *, finest: float) -> Canvas:
    """Smooth noise from the size of the picture down to `finest` pixels, about -1 to 1."""
    total = np.zeros((rows, columns), np.float32)
    size = max(rows, columns) / 2
    strength = 1.0
    while size >= finest:
        grid = made.normal(size=(max(int(rows / size), 1) + 3, max(int(columns / size), 1) + 3))
        large = cv2.resize(grid.astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
        total += strength * large
        size, strength = size / 2, strength * 0.55
    return np.asarray(total / max(float(np.abs(total).max()), 1e-6), np.float32)


def _shapes(
    painted: Canvas, made: np.random.Generator, count: int, *, outline: bool = False
) -> Canvas:
    rows, columns = painted.shape[:2]
    for _ in range(count):
        centre = (int(made.uniform(0, columns)), int(made.uniform(0, rows)))
        axes = (int(made.uniform(0.03, 0.16) * columns), int(made.uniform(0.03, 0.2) * rows))
        colour = tuple(float(level) for level in made.uniform(30, 235, 3))
        if made.random() < 0.5:
            cv2.ellipse(painted, centre, axes, made.uniform(0, 180), 0, 360, colour, -1)
            if outline:
                cv2.ellipse(painted, centre, axes, 0, 0, 360, (20.0, 18.0, 24.0), 3)
        else:
            far = (centre[0] + axes[0], centre[1] + axes[1])
            cv2.rectangle(painted, centre, far, colour, -1)
            if outline:
                cv2.rectangle(painted, centre, far, (20.0, 18.0, 24.0), 3)
    return _soft(painted)


def _soft(painted: Canvas, reach: float = 0.7) -> Canvas:
    return np.asarray(cv2.GaussianBlur(painted, (0, 0), reach), np.float32)


def _flat(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    return _shapes(_gradient(rows, columns, (205, 214, 226), (205, 214, 226)), made, 7)


def _cartoon(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    painted = _gradient(rows, columns, (120, 190, 240), (200, 230, 250))
    return _shapes(painted, made, 14, outline=True)


def _sketch(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    painted = _gradient(rows, columns, (246, 244, 238), (246, 244, 238))
    for _ in range(26):
        points = made.uniform((0, 0), (columns, rows), (3, 2)).astype(np.int32)
        cv2.polylines(painted, [points], False, (60.0, 58.0, 64.0), 2)
    return _soft(painted)


def _slide(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    painted = _gradient(rows, columns, (24, 44, 92), (24, 44, 92)).astype(np.uint8)
    for line in range(4):
        at = (int(columns * 0.25), int(rows * (0.32 + 0.12 * line)))
        text = "".join(made.choice(list("abcdefghklmnorstu "), 14))
        cv2.putText(
            painted, text, at, cv2.FONT_HERSHEY_SIMPLEX, columns / 900, (235.0, 235.0, 240.0), 2
        )
    return _soft(np.asarray(painted, np.float32))


def _dusk(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """Black hills and trees before a sky that is one gradient."""
    painted = _gradient(rows, columns, (64, 48, 110), (250, 150, 80))
    x = np.arange(columns)
    line = rows * 0.72 + rows * 0.05 * np.sin(x / columns * 9 + made.uniform(0, 6))
    y = np.arange(rows)[:, None]
    painted[np.broadcast_to(y > line, (rows, columns))] = (8, 5, 12)
    for _ in range(4):
        at, tall = int(made.uniform(0.2, 0.8) * columns), rows * made.uniform(0.1, 0.3)
        top = int(line[at] - tall)
        cv2.line(painted, (at, int(line[at]) + 4), (at, top), (8.0, 5.0, 12.0), 4)
        cv2.circle(painted, (at, top), int(tall / 3), (8.0, 5.0, 12.0), -1)
    return _soft(painted)


def _fog(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    cloud = _clouds(rows, columns, made, finest=columns / 9)
    return 168 + 34 * cloud[..., None] * np.array([1, 1, 1.03], np.float32)


def _overcast(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """A bright sky with hardly a cloud over a little land."""
    painted = _gradient(rows, columns, (150, 185, 225), (225, 232, 238))
    painted += 5 * _clouds(rows, columns, made, finest=columns / 14)[..., None]
    land = 96 + 26 * _clouds(rows, columns, made, finest=8)[..., None]
    painted[int(rows * 0.78) :] = (land * np.array([0.8, 1, 0.6], np.float32))[int(rows * 0.78) :]
    return _soft(painted)


def _night(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    painted = _gradient(rows, columns, (4, 6, 18), (16, 18, 40))
    cv2.circle(
        painted, (int(columns * 0.6), int(rows * 0.4)), rows // 16, (226.0, 224.0, 206.0), -1
    )
    for _ in range(60):
        at = (int(made.uniform(0, columns)), int(made.uniform(0, rows * 0.8)))
        level = made.uniform(60, 220)
        cv2.circle(painted, at, 1, (level, level, level), -1)
    painted[int(rows * 0.82) :] = (5, 6, 9)
    return _soft(painted, 0.9)


def _dark(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """A dark photograph: soft clouds and land, little light, and the sensor's grain."""
    cloud = _clouds(rows, columns, made, finest=columns / 60)
    painted = 30 + 20 * cloud[..., None] * np.array([0.9, 1, 1.15], np.float32)
    painted[int(rows * 0.7) :] *= 0.4
    return np.asarray(np.clip(painted, 2, 255), np.float32)


def _street(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """A photograph's statistics: edges, fine texture and grain."""
    painted = _shapes(_gradient(rows, columns, (120, 130, 140), (90, 84, 80)), made, 60)
    return np.asarray(painted + 14 * _clouds(rows, columns, made, finest=3)[..., None], np.float32)


def _meadow(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    fine = _clouds(rows, columns, made, finest=3)
    return 105 + 95 * fine[..., None] * np.array([0.8, 1, 0.5], np.float32)


def _portrait(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """A soft face before a background out of focus."""
    painted = 110 + 40 * _clouds(rows, columns, made, finest=columns / 7)[..., None]
    painted = np.repeat(painted, 3, axis=2) if painted.shape[2] == 1 else painted
    painted = np.ascontiguousarray(painted, np.float32)
    middle = (columns // 2, rows // 2)
    cv2.ellipse(painted, middle, (rows // 7, rows // 5), 0, 0, 360, (214.0, 170.0, 146.0), -1)
    painted = _soft(painted, 4)
    for side in (-1, 1):
        eye = (middle[0] + side * rows // 18, middle[1] - rows // 24)
        cv2.ellipse(painted, eye, (rows // 40, rows // 70), 0, 0, 360, (50.0, 40.0, 40.0), -1)
    return _soft(painted, 1.2)


def _snow(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """White upon white, and a few thin twigs."""
    painted = 232 + 8 * _clouds(rows, columns, made, finest=columns / 12)[..., None]
    painted = np.repeat(painted, 3, axis=2).astype(np.float32)
    for _ in range(5):
        root = (int(made.uniform(0, columns)), int(made.uniform(0.5, 0.9) * rows))
        tip = (root[0] + int(made.uniform(-20, 20)), root[1] - int(rows * 0.12))
        cv2.line(painted, root, tip, (96.0, 88.0, 84.0), 2)
    return _soft(painted)


def _water(rows: int, columns: int, made: np.random.Generator) -> Canvas:
    """Even ripples: detail in one direction only, the same again and again."""
    y = np.arange(rows, dtype=np.float32)[:, None]
    bend = 30 * _clouds(rows, columns, made, finest=columns / 5)
    wave = np.sin((y + bend) / rows * 90)
    return (70 + 26 * wave)[..., None] * np.array([0.6, 0.9, 1.2], np.float32)


KINDS: dict[str, Callable[[int, int, np.random.Generator], Canvas]] = {
    "flat drawing": _flat,
    "cartoon": _cartoon,
    "sketch": _sketch,
    "slide": _slide,
    "dusk": _dusk,
    "fog": _fog,
    "overcast": _overcast,
    "night sky": _night,
    "dark": _dark,
    "street": _street,
    "meadow": _meadow,
    "portrait": _portrait,
    "snow": _snow,
    "water": _water,
}
GRAIN = {"dark": 3.0, "street": 2.0, "portrait": 1.0, "meadow": 1.0}
"""Levels of noise that is another one in each frame."""


@lru_cache(maxsize=2)
def photograph(path: Path) -> Canvas:
    """A picture file as a canvas, large enough for every size."""
    read = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if read is None:
        raise SystemExit(f"{path} can't be read")
    scale = max(1400 / read.shape[1], 1000 / read.shape[0])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(read, None, fx=scale, fy=scale, interpolation=way)
    return np.asarray(cv2.cvtColor(sized, cv2.COLOR_BGR2RGB), np.float32)
