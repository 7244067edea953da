"""Measure the draft model: how near its middle frames come to the truth, and what they cost.

Run `python benchmarks/draft.py` (some minutes), or `python benchmarks/draft.py DIRECTORY` to
keep the pictures. The landscapes are layers at known depths, so that every camera position can
be rendered and the true frame halfway is known; the photographs are scikit-image's.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import skimage.data
import skimage.metrics
from numpy.typing import NDArray

from storyboard.draft import Picture, frames, match
from storyboard.draft.vision import cv2

WIDTH, HEIGHT = 1280, 720
CANVAS = (1440, 2880)
HORIZON = 40
COUNT = 120
RATE = 24

PHOTOS: Any = skimage.data
MEASURES: Any = skimage.metrics

Float = NDArray[np.float32]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Season:
    """The colours of a landscape, RGB, and how bright its light is."""

    zenith: Colour
    haze: Colour
    mountains: Colour
    woods: Colour
    hill: Colour
    meadow: Colour
    trees: Colour
    light: float


SEASONS = {
    "summer": Season(
        (70, 140, 205), (200, 225, 240), (110, 130, 160), (90, 115, 95),
        (75, 125, 55), (95, 160, 60), (40, 75, 35), 1.0,
    ),
    "autumn": Season(
        (110, 150, 190), (240, 220, 205), (125, 130, 150), (140, 110, 80),
        (170, 110, 50), (190, 150, 70), (140, 70, 35), 0.97,
    ),
    "winter": Season(
        (160, 180, 200), (228, 232, 235), (200, 205, 215), (190, 195, 205),
        (212, 218, 225), (230, 234, 238), (80, 85, 90), 1.0,
    ),
    "night": Season(
        (12, 30, 60), (40, 60, 90), (32, 42, 60), (24, 34, 42),
        (18, 30, 30), (20, 38, 28), (10, 18, 14), 0.55,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """A painted flat at one depth; `alpha` is None for the sky, which has no edge."""

    depth: float
    paint: Picture
    alpha: Picture | None


def clouds(
    rng: np.random.Generator, *, octaves: int, cells: int, fade: float, stretch: float = 1.0
) -> Float:
    """Sum noise of ever finer grain, 0 to 1."""
    height, width = CANVAS
    total, weight, strength = np.zeros(CANVAS, np.float32), 0.0, 1.0
    for octave in range(octaves):
        down = max(2, cells * 2**octave)
        across = max(2, int(cells * 2**octave * width / height * stretch))
        if across > width or down > height:
            break
        noise = rng.random((down, across), np.float32)
        total += strength * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
        weight, strength = weight + strength, strength * fade
    return total / weight


def skyline(rng: np.random.Generator, *, rough: float, base: float, swing: float) -> Float:
    """Draw a ridge: its height in the canvas at every column."""
    width = CANVAS[1]
    total, weight, strength = np.zeros(width, np.float32), 0.0, 1.0
    for octave in range(9):
        noise = rng.random((1, 4 * 2**octave), dtype=np.float32)
        total += strength * cv2.resize(noise, (width, 1), interpolation=cv2.INTER_CUBIC)[0]
        weight, strength = weight + strength, strength * rough
    return base + swing * (total / weight - 0.5) * 2


def landscape(seed: int, season: Season, *, variant: int = 0, hut: int = 1500) -> list[Layer]:
    """Paint a valley from back to front; `variant` changes only the finest texture."""
    rng, fine = np.random.default_rng(seed), np.random.default_rng(seed * 77 + variant)

    def ground(
        depth: float, base: float, swing: float, rough: float, colour: Colour,
        grain: float, octaves: int, snow: float = 0.0,
    ) -> Layer:  # fmt: skip
        height = CANVAS[0]
        ridge = skyline(rng, rough=rough, base=base * height, swing=swing * height)
        down = np.arange(height, dtype=np.float32)[:, None] - ridge
        coarse = clouds(rng, octaves=octaves, cells=6, fade=0.62)
        shade = (coarse - 0.5) * 2 * grain
        shade += (clouds(fine, octaves=9, cells=96, fade=0.7) - 0.5) * grain * 0.8
        shade += np.clip(cv2.Sobel(coarse, cv2.CV_32F, 1, 0, ksize=5) * 0.35, -0.3, 0.3)
        paint = np.array(colour, np.float32) * (1 + shade[..., None])
        if snow:
            white = 0.8 * np.clip(1 - down / (snow * height) + (coarse - 0.5) * 2, 0, 1)[..., None]
            paint = paint * (1 - white) + white * np.array([238, 240, 245]) * season.light
        haze = min(0.6, depth / 120)
        paint = paint * (1 - haze) + haze * np.array(season.haze, np.float32)
        alpha = (np.clip(down + 0.5, 0, 1) * 255).astype(np.uint8)
        return Layer(depth, np.clip(paint, 0, 255).astype(np.uint8), alpha)

    layers = [sky(rng, season)]
    layers.append(ground(60, 0.44, 0.11, 0.55, season.mountains, 0.35, 7, snow=0.06))
    layers.append(ground(30, 0.54, 0.08, 0.55, season.woods, 0.4, 8))
    layers.append(ground(15, 0.60, 0.05, 0.5, season.hill, 0.45, 8))
    layers.append(ground(9, 0.68, 0.03, 0.45, season.meadow, 0.4, 8))
    wood = [
        (
            int(rng.uniform(200, 2700)),
            int(rng.uniform(0.74, 0.78) * CANVAS[0]),
            int(rng.uniform(100, 230)),
            i,
        )
        for i in range(26)
    ]
    layers.append(cutout(8, [partial(tree, stand=s, colour=season.trees) for s in wood]))
    layers.append(cutout(6.5, [partial(house, x=hut)]))
    near = tuple(0.8 * channel for channel in season.meadow)
    layers.append(ground(4.5, 0.86, 0.02, 0.5, near, 0.5, 9))  # type: ignore[arg-type]
    if seed % 2:
        tall = [(640, CANVAS[0], 820, 91), (2330, int(1.02 * CANVAS[0]), 700, 92)]
        layers.append(cutout(3.2, [partial(tree, stand=s, colour=season.trees) for s in tall]))
    return layers


def sky(rng: np.random.Generator, season: Season) -> Layer:
    """Paint a clouded sky, infinitely far away."""
    down = np.linspace(0, 1, CANVAS[0], dtype=np.float32)[:, None, None]
    clear = (1 - down) * np.array(season.zenith) + down * np.array(season.haze)
    cover = clouds(rng, octaves=7, cells=3, fade=0.55, stretch=0.5)
    cover = 0.75 * np.clip((cover - 0.5) * 5, 0, 1)[..., None] * np.clip(1.2 - down * 1.6, 0, 1)
    paint = clear * (1 - cover) + cover * 250.0 * season.light
    return Layer(np.inf, np.clip(paint, 0, 255).astype(np.uint8), None)


def cutout(depth: float, painters: Iterable[Callable[[Picture, Picture], None]]) -> Layer:
    """Let `painters` draw things on an empty flat."""
    paint, alpha = np.zeros((*CANVAS, 3), np.uint8), np.zeros(CANVAS, np.uint8)
    for painter in painters:
        painter(paint, alpha)
    return Layer(depth, paint, alpha)


Stand = tuple[int, int, int, int]
"""Where a tree stands, x and y of its foot, how tall it is, and its seed."""


def tree(paint: Picture, alpha: Picture, *, stand: Stand, colour: Colour) -> None:
    """Draw a fir of seven boughs."""
    x, y, tall, seed = stand
    rng = np.random.default_rng(seed)
    for bough in range(7):
        wide = tall * (0.34 - 0.045 * bough)
        foot = y - tall * (0.12 + 0.12 * bough)
        corners = np.array([[x - wide, foot], [x + wide, foot], [x, foot - tall * 0.22]], np.int32)
        blue_first = [int(c * (0.7 + 0.09 * bough + 0.1 * rng.random())) for c in colour[::-1]]
        green = blue_first[::-1]
        cv2.fillPoly(paint, [corners], green, cv2.LINE_AA)
        cv2.fillPoly(alpha, [corners], 255, cv2.LINE_AA)
    half, foot = tall * 0.03, y - tall * 0.14
    trunk = np.array([[x - half, y], [x + half, y], [x + half, foot], [x - half, foot]], np.int32)
    cv2.fillPoly(paint, [trunk], (70, 45, 30))
    cv2.fillPoly(alpha, [trunk], 255)


def house(paint: Picture, alpha: Picture, *, x: int) -> None:
    """Draw a wooden hut with a red roof whose left wall stands at x."""
    y, wide, tall = int(0.80 * CANVAS[0]), 230, 140
    cv2.rectangle(paint, (x, y - tall), (x + wide, y), (150, 95, 60), -1)
    cv2.rectangle(alpha, (x, y - tall), (x + wide, y), 255, -1)
    for plank in range(0, wide, 22):
        cv2.line(paint, (x + plank, y - tall), (x + plank, y), (120, 75, 45), 2)
    cv2.rectangle(paint, (x + 30, y - 95), (x + 85, y - 45), (150, 220, 230), -1)
    cv2.rectangle(paint, (x + 140, y - 95), (x + 195, y), (80, 50, 40), -1)
    eaves, top = y - tall, y - tall - 110
    roof = np.array([[x - 40, eaves], [x + wide + 40, eaves], [x + wide // 2, top]], np.int32)
    cv2.fillPoly(paint, [roof], (140, 50, 50), cv2.LINE_AA)
    cv2.fillPoly(alpha, [roof], 255, cv2.LINE_AA)


def seen(layers: Iterable[Layer], *, right: float = 0.0, ahead: float = 0.0) -> Picture:
    """Photograph the landscape from a place, with four samples a pixel."""
    width, height = WIDTH * 2, HEIGHT * 2
    unit = width / 1920
    picture = np.zeros((height, width, 3), np.uint8)
    for layer in layers:
        near = 1.0 if np.isinf(layer.depth) else layer.depth / (layer.depth - ahead)
        aside = 0.0 if np.isinf(layer.depth) else -right * 900 / (layer.depth - ahead)
        scale = np.float32(near * unit)
        shift = np.array([width / 2 + unit * aside, height / 2], np.float32)
        shift -= scale * np.array([CANVAS[1] / 2, CANVAS[0] / 2 + HORIZON], np.float32)
        place = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
        flat = cv2.warpAffine(
            layer.paint, place, (width, height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT,
        )  # fmt: skip
        if layer.alpha is None:
            picture = flat
            continue
        alpha = cv2.warpAffine(
            layer.alpha, place, (width, height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        cover = cv2.merge([alpha, alpha, alpha])
        behind = cv2.multiply(picture, 255 - cover, scale=1 / 255)
        picture = cv2.add(behind, cv2.multiply(flat, cover, scale=1 / 255))
    return np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, slots=True)
class Case:
    """Two stills and, where it is known, the true frame halfway between them."""

    name: str
    start: Picture
    end: Picture
    truth: Picture | None


def cases() -> Iterator[Case]:
    """Yield the pairs of stills that the table has a row for."""
    yield from valleys()
    cat, cup = np.asarray(PHOTOS.chelsea()), np.asarray(PHOTOS.coffee())
    yield photographed("photo, push 1.6x and 4 deg", cat, (0.5, 0.5, 0.98, 0), (0.55, 0.42, 0.6, 4))
    yield photographed("photo, pan 22 % and 6 deg", cup, (0.38, 0.5, 0.7, 0), (0.6, 0.55, 0.7, -6))
    left, right = (widescreen(np.asarray(eye)) for eye in PHOTOS.stereo_motorcycle()[:2])
    yield Case("photo, two eyes", left, right, None)


def valleys() -> Iterator[Case]:
    """Yield the pairs of painted landscapes."""
    summer = landscape(1, SEASONS["summer"])
    winter = landscape(1, SEASONS["winter"], variant=1)
    autumn = landscape(1, SEASONS["autumn"], variant=1)
    start = seen(summer)
    yield Case("push-in", start, seen(summer, ahead=1.2), seen(summer, ahead=0.6))
    yield Case("big push-in", start, seen(summer, ahead=2.2), seen(summer, ahead=1.1))
    yield Case("pan", start, seen(summer, right=0.5), seen(summer, right=0.25))
    halfway = half(seen(summer, ahead=0.5), seen(autumn, ahead=0.5))
    yield Case("season and push", start, seen(autumn, ahead=1.0), halfway)
    yield Case("season, standing", start, seen(winter), half(start, seen(winter)))
    moved = (seen(landscape(1, SEASONS["summer"], hut=x)) for x in (1800, 1650))
    yield Case("hut moved 200 px", start, *moved)
    night = seen(landscape(4, SEASONS["night"], variant=2))
    yield Case("different scenes", start, night, None)


Framing = tuple[float, float, float, float]


def photographed(name: str, photo: Picture, start: Framing, end: Framing) -> Case:
    """Move a frame (middle x and y, width, degrees) evenly over a photograph."""
    halfway = tuple((a + b) / 2 for a, b in zip(start, end, strict=True))
    return Case(name, *(cropped(photo, *framing) for framing in (start, end, halfway)))


def cropped(photo: Picture, x: float, y: float, share: float, degrees: float) -> Picture:
    """Cut a frame out of a photograph, its width a share of the photograph's."""
    height, width = photo.shape[:2]
    middle = (width * x, height * y)
    place = cv2.getRotationMatrix2D(middle, degrees, WIDTH / (width * share))
    place[:, 2] += np.array([WIDTH / 2, HEIGHT / 2]) - middle
    frame = cv2.warpAffine(
        photo, place, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(frame, np.uint8)


def widescreen(photo: Picture) -> Picture:
    """Cut the middle 16:9 out of a photograph."""
    height, width = photo.shape[:2]
    tall = min(height, width * 9 // 16)
    top = (height - tall) // 2
    middle = np.ascontiguousarray(photo[top : top + tall])
    return np.asarray(cv2.resize(middle, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def half(one: Picture, other: Picture) -> Picture:
    """Mix two pictures evenly."""
    return np.asarray(cv2.addWeighted(one, 0.5, other, 0.5, 0), np.uint8)


CheckedShot = Callable[[Picture, Picture, int], Iterator[Picture]]


def dissolve(start: Picture, end: Picture, count: int) -> Iterator[Picture]:
    """Cross-fade evenly."""
    for time in np.linspace(0, 1, count):
        yield cv2.addWeighted(start, 1 - time, end, time, 0)


def ken_burns(start: Picture, end: Picture, count: int) -> Iterator[Picture]:
    """Cross-fade while the start comes 8 % nearer and the end settles."""
    for time in np.linspace(0, 1, count):
        near, settling = zoomed(start, 1 + 0.08 * time), zoomed(end, 1.08 - 0.08 * time)
        yield cv2.addWeighted(near, 1 - time, settling, time, 0)


def zoomed(still: Picture, zoom: float) -> Picture:
    """Scale a still about its middle."""
    place = np.array([[zoom, 0, WIDTH / 2 * (1 - zoom)], [0, zoom, HEIGHT / 2 * (1 - zoom)]])
    near = cv2.warpAffine(still, place, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return np.asarray(near, np.uint8)


def plain_flow(start: Picture, end: Picture, count: int) -> Iterator[Picture]:
    """Warp both stills along dense inverse search flow and cross-fade."""
    small = [
        cv2.resize(cv2.cvtColor(still, cv2.COLOR_RGB2GRAY), None, fx=0.5, fy=0.5)
        for still in (start, end)
    ]
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    forth, back = (
        cv2.resize(search.calc(one, other, None) * 2, (WIDTH, HEIGHT))
        for one, other in (small, small[::-1])
    )
    places = np.dstack(np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))).astype(np.float32)
    for time in np.linspace(0, 1, count, dtype=np.float32):
        near, far = (
            cv2.remap(
                still, places - flow * t, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            for still, flow, t in ((start, forth, time), (end, back, 1 - time))
        )
        yield cv2.addWeighted(near, float(1 - time), far, float(time), 0)


def minterpolate(start: Picture, end: Picture, count: int) -> Iterator[Picture]:
    """Let ffmpeg's motion-compensated interpolation draw the frames."""
    # The filter needs neighbours on both sides before it draws between two frames.
    stills = b"".join(still.tobytes() for still in (start, start, end, end))
    call = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{WIDTH}x{HEIGHT}", "-r", "1", "-i", "-",
        "-vf", f"minterpolate=fps={count - 1}:mi_mode=mci:scd=none",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
    ]  # fmt: skip
    drawn = subprocess.run(call, input=stills, capture_output=True, check=True).stdout
    shot = np.frombuffer(drawn, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)
    yield from shot[count - 1 : 2 * count - 1]


METHODS: dict[str, CheckedShot] = {
    "dissolve": dissolve,
    "Ken Burns": ken_burns,
    "plain DIS": plain_flow,
    "minterpolate": minterpolate,
    "draft": lambda start, end, count: frames(start, end, count),
}


def psnr(picture: Picture, truth: Picture) -> float:
    """Say in decibels how near a picture comes to the truth."""
    error = float(((picture.astype(np.float32) - truth) ** 2).mean())
    return float(10 * np.log10(255**2 / max(error, 1e-5)))


def ssim(picture: Picture, truth: Picture) -> float:
    """Say from 0 to 1 how alike in structure the lumas are."""
    grays = (cv2.cvtColor(still, cv2.COLOR_RGB2GRAY) for still in (picture, truth))
    return float(MEASURES.structural_similarity(*grays))


def quality(directory: Path | None) -> None:
    """Print how near each method's middle frame comes to the truth."""
    print("| pair (middle frame, dB / SSIM) | " + " | ".join(METHODS) + " | match |")
    print("|---|" + "--:|" * len(METHODS) + "---|")
    for case in cases():
        cells = []
        for name, shot in METHODS.items():
            middle = list(shot(case.start, case.end, 3))[1]
            if directory:
                save(directory, f"{case.name}, {name}", middle)
            cells.append(compared(middle, case.truth))
        if directory and case.truth is not None:
            save(directory, f"{case.name}, truth", case.truth)
        found = match(case.start, case.end)
        layers = "1 motion" if found.motions == 1 else f"{found.motions} motions"
        cells.append(f"{found.method} {found.score:.2f}, {layers}")
        print(f"| {case.name} | " + " | ".join(cells) + " |", flush=True)


def compared(picture: Picture, truth: Picture | None) -> str:
    """Word how near a picture comes to the truth, if that is known."""
    if truth is None:
        return "-"
    return f"{psnr(picture, truth):.1f} / {ssim(picture, truth):.3f}"


def save(directory: Path, name: str, picture: Picture) -> None:
    """Keep a picture as a PNG file."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name.replace(' ', '_').replace(',', '')}.png"
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


def cost(rounds: int = 3) -> None:
    """Print the CPU seconds of a shot of five seconds, encoded."""
    summer = landscape(1, SEASONS["summer"])
    start, end = seen(summer), seen(summer, ahead=1.2)
    other = seen(landscape(4, SEASONS["night"], variant=2))
    print(f"\n| {COUNT} frames with x264 veryfast crf 18 | CPU s | ms a frame |\n|---|--:|--:|")
    rows: list[tuple[str, CheckedShot, Picture, Picture]] = [
        (name, shot, start, end) for name, shot in METHODS.items() if shot is not minterpolate
    ]
    rows.append(("draft, different scenes", METHODS["draft"], start, other))
    small = [cv2.resize(s, (854, 480), interpolation=cv2.INTER_AREA) for s in (start, end)]
    rows.append(("draft, 854x480", METHODS["draft"], small[0], small[1]))
    spent: dict[str, list[float]] = {name: [] for name, *_ in rows}
    for _ in range(rounds):
        for name, shot, one, two in rows:
            spent[name].append(seconds(shot, one, two))
    for name, times in spent.items():
        median = float(np.median(times))
        print(f"| {name} | {median:.1f} | {1000 * median / COUNT:.0f} |")
    median = seconds(minterpolate, start, end)
    print(f"| minterpolate (one round) | {median:.1f} | {1000 * median / COUNT:.0f} |", flush=True)


def seconds(shot: CheckedShot, start: Picture, end: Picture) -> float:
    """Draw and encode a shot and give the CPU seconds of it, child processes included."""
    before = used()
    with tempfile.TemporaryDirectory() as folder:
        encode(shot(start, end, COUNT), Path(folder) / "shot.mp4", start.shape)
    return used() - before


def used() -> float:
    """Give the CPU seconds of this process and its children so far."""
    usages = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def encode(shot: Iterable[Picture], path: Path, shape: tuple[int, ...]) -> None:
    """Write a shot as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.height, stream.width = shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "18"}
        for picture in shot:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


if __name__ == "__main__":
    quality(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    cost()
