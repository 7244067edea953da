"""The morning beyond the street: sky, hills, the other bank, the river and the bridge."""

from __future__ import annotations

import random

import numpy as np
from camera import Camera, Dab, View
from drawing import (
    Array,
    Point,
    blank,
    box,
    curve,
    dim,
    ground,
    levels,
    mix,
    oval,
    paint,
    ramp,
    rgb,
    shine,
    wander,
    whole,
)
from layout import HAZE, RIVER, SUN


def morning_sky(view: View) -> Array:
    """Return a canvas with the sky after sunrise, the sun low over the river, and clouds."""
    codes = ["#5fa8d0", "#93c8dc", "#cfe0d8", "#f9e2bc", "#ffd09a"]
    canvas = blank(ramp(codes, np.clip(view.down / 430, 0, 1)))
    shine(canvas, view.glow((1010, 330), 640), SUN, 0.9)
    body = view.noise(120, 4, octaves=6, stretch=3.4)
    bright = levels(body - view.noise(120, 4, octaves=6, stretch=3.4, shift=(24, 14)), -0.08, 0.1)
    cover = levels(body, 0.52, 0.70) * levels(view.down, 400, 260)
    paint(canvas, whole(cover * 0.85), ramp(["#d8b8b0", "#fff2dc"], bright))
    paint(canvas, view.round((1010, 330), 30, 1), rgb("#fff8e0"))
    shine(canvas, view.glow((1010, 330), 130), rgb("#fff0c8"), 0.9)
    return canvas


def far_hills(canvas: Array, view: View) -> None:
    """Paint two hazy ranges beyond the river."""
    across = np.linspace(-100, 1500, 300, dtype=np.float32)
    for base, rise, seed, code, air in (
        (400, 40, 3, "#8fa8b8", 0.6),
        (424, 26, 9, "#8aa08c", 0.45),
    ):
        line = base - rise * (0.5 + wander(across, 300, seed, 4))
        shape = view.fill(ground(zip(across.tolist(), line.tolist(), strict=True), RIVER + 6))
        paint(
            canvas,
            shape,
            mix(rgb(code), HAZE, (air + 0.3 * levels(view.down, base - 30, 450))[..., None]),
        )


def far_town(canvas: Array, view: View) -> None:
    """Paint the town on the other bank: pale walls, red roofs, a castle on its hill."""
    across = np.linspace(380, 1700, 200, dtype=np.float32)
    line = (
        436
        - 76 * np.exp(-(((across - 1190) / 150) ** 2))
        - 26 * np.exp(-(((across - 800) / 200) ** 2))
    )
    edge = list(zip(across.tolist(), line.tolist(), strict=True))
    paint(canvas, view.fill(ground(edge, RIVER + 4), 1), mix(rgb("#7f9a6c"), HAZE, 0.35))
    castle(canvas, view, (1190, 366))
    chance = random.Random(6)
    spots = []
    for _ in range(330):
        x = chance.uniform(390, 1680)
        top = float(np.interp(x, across, line))
        spots.append((top + (RIVER - 4 - top) * chance.random() ** 0.7, x))
    for y, x in sorted(spots):
        wide, tall = chance.uniform(6, 13), chance.uniform(8, 17)
        wall = rgb(chance.choice(["#f6e6d0", "#f2cfa8", "#eab8a0", "#f4ecdc", "#d8c8d0"]))
        wall = mix(wall, HAZE, 0.25)
        roof = mix(rgb(chance.choice(["#c8683f", "#b8583a", "#d27a4c"])), HAZE, 0.3)
        paint(
            canvas,
            view.fill(box(x - wide, y - tall, x + wide * 0.35, y)),
            mix(wall, rgb("#a88a98"), 0.4),
        )
        paint(canvas, view.fill(box(x + wide * 0.35, y - tall, x + wide, y)), wall)
        gable = [
            (x - wide - 1, y - tall),
            (x - wide * 0.4, y - tall - 5),
            (x + wide * 0.6, y - tall - 5),
            (x + wide + 1, y - tall),
        ]
        paint(canvas, view.fill(gable), roof)
    view.dabs(
        canvas,
        (
            Dab(
                chance.uniform(390, 1680),
                chance.uniform(404, 448),
                chance.uniform(3, 8),
                chance.uniform(3, 7),
                0,
                mix(rgb(chance.choice(["#5f8556", "#7a9a5c", "#4f7354"])), HAZE, 0.3),
            )
            for _ in range(130)
        ),
    )


def castle(canvas: Array, view: View, foot: Point) -> None:
    """Paint a castle with three towers."""
    x, y = foot
    stone = mix(rgb("#c8a88c"), HAZE, 0.4)
    for left, right, top in ((-62, 58, 22), (-58, -36, 46), (-8, 20, 60), (40, 62, 40)):
        paint(canvas, view.fill(box(x + left, y - top, x + right, y + 26)), stone)
        paint(
            canvas,
            view.fill(box(x + left, y - top, x + left + (right - left) * 0.55, y + 26)),
            stone * 0.9,
        )
        teeth = np.arange(x + left, x + right - 2, 7)
        for tooth in teeth.tolist():
            paint(canvas, view.fill(box(tooth, y - top - 5, tooth + 4, y - top + 1)), stone * 0.95)
    paint(canvas, view.stroke([(x + 6, y - 60), (x + 6, y - 88)], 1.6), stone * 0.7)
    paint(canvas, view.fill([(x + 6, y - 88), (x + 26, y - 82), (x + 6, y - 76)]), rgb("#d8584a"))


def river(canvas: Array, view: View) -> None:
    """Paint the river: a mirror of the far bank that glitters below the sun."""
    axis = int((RIVER - view.top) * view.scale)
    rows, columns = canvas.shape[:2]
    depth = np.arange(rows - axis, dtype=np.float32)[:, None]
    ripple = view.noise(7, 5, octaves=3, stretch=8)[axis:] - 0.5
    sway = ripple * 80 * np.clip(depth / 200, 0.05, 1)
    source = np.clip(axis - depth * 1.6 - 2 + sway, 0, axis - 1).astype(int)
    mirror = canvas[source, np.broadcast_to(np.arange(columns)[None, :], source.shape)]
    canvas[axis:] = mix(mirror, rgb("#7fb0bc"), (0.25 + 0.25 * levels(depth, 0, 200))[..., None])
    glitter = levels(ripple, 0.03, 0.14) * np.exp(
        -(((view.across - 1010) / (70 + 0.4 * depth)) ** 2)
    )
    canvas[axis:] += (1 - canvas[axis:]) * rgb("#fff0c0") * (glitter * 0.9)[..., None]
    for x, y, size in ((860, 466, 1.0), (1240, 476, 1.5), (1420, 462, 0.9)):
        sail_boat(canvas, view.inside((x, y), size))


def sail_boat(canvas: Array, view: View) -> None:
    """Paint a small sailing boat around (0, 0)."""
    dim(canvas, view.fill(oval((0, 4), 22, 3), 1), rgb("#5a8090"), 0.7)
    paint(canvas, view.fill([(-20, -3), (20, -3), (14, 4), (-14, 4)]), rgb("#8a4a3c"))
    paint(canvas, view.stroke([(0, -3), (0, -42)], 1.4), rgb("#6a4a3c"))
    paint(canvas, view.fill([(2, -42), (20, -8), (2, -6)]), rgb("#fff6e4"))
    paint(canvas, view.fill([(-2, -36), (-15, -8), (-2, -6)]), rgb("#f2d8c0"))


def suspension(canvas: Array, view: View) -> None:
    """Paint the bridge's towers, cables and hangers where the houses end."""
    steel, lit = rgb("#b8503c"), rgb("#f08a5c")
    towers = (905.0, 1395.0)
    for first, last, height in ((740.0, 905.0, 0), (905.0, 1395.0, 1), (1395.0, 1900.0, 1)):
        span = np.linspace(first, last, 40)
        middle = (first + last) / 2
        top = 150.0
        if height:
            sag = top + 250 * (1 - ((span - middle) / (last - middle)) ** 2)
        else:
            sag = 400 - (400 - top) * ((span - first) / (last - first)) ** 1.3
        cable = list(zip(span.tolist(), sag.tolist(), strict=True))
        paint(canvas, view.stroke(cable, 4.4), steel)
        for x, y in cable[1::2]:
            paint(canvas, view.stroke([(x, y), (x, 500)], 1.3), mix(steel, HAZE, 0.2), 0.9)
    for x in towers:
        for side in (-20, 20):
            paint(canvas, view.fill(box(x + side - 8, 132, x + side + 8, 560)), steel)
            paint(canvas, view.fill(box(x + side + 3, 132, x + side + 8, 560)), lit)
        for y in (150, 236, 330, 424):
            paint(canvas, view.fill(box(x - 26, y, x + 26, y + 12)), mix(steel, lit, 0.3))
        for y in (162, 248, 342):
            for a, b in ((-18, 18), (18, -18)):
                paint(canvas, view.stroke([(x + a, y), (x + b, y + 80)], 3), steel)
        paint(canvas, view.fill(box(x - 32, 122, x + 32, 134)), lit)


def birds(canvas: Array, camera: Camera) -> None:
    """Let a few gulls hang in the air over the river."""
    view = camera.view(6)
    for x, y, size, flap in (
        (1010, 150, 1.0, 1),
        (1080, 104, 0.8, -0.3),
        (1250, 176, 1.2, 0.6),
        (1320, 96, 0.9, 1),
    ):
        wing = curve(
            [
                (x - 26 * size, y - 9 * size * flap),
                (x - 11 * size, y - 8 * size),
                (x, y),
                (x + 11 * size, y - 8 * size),
                (x + 26 * size, y - 9 * size * flap),
            ],
            steps=6,
        )
        paint(canvas, view.stroke(wing, [1, 3.6 * size, 4.4 * size, 3.6 * size, 1]), rgb("#fffaf0"))
