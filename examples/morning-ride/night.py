"""The river at night: the town, the bridge and the quay, dark or lit."""

from __future__ import annotations

import random

import numpy as np
from camera import View
from drawing import Array, blank, box, ground, levels, mix, paint, ramp, rgb, shine, whole
from lamps import street_lamp
from layout import NIGHT_GLASS, NIGHT_IRON


def night_sky(view: View) -> Array:
    """Return a canvas with the blue of late evening, a crescent moon and stars."""
    canvas = blank(
        ramp(
            ["#0c1436", "#1d2a60", "#3d4688", "#7a6298", "#c07a8c"], np.clip(view.down / 440, 0, 1)
        )
    )
    chance = random.Random(11)
    for _ in range(170):
        spot = (chance.uniform(0, 1300), 330 * chance.random() ** 1.4)
        shine(
            canvas,
            view.round(spot, chance.uniform(0.5, 1.2)),
            rgb("#fff4e0"),
            chance.uniform(0.2, 1) * (1 - spot[1] / 340),
        )
    shine(canvas, view.glow((980, 120), 260), rgb("#b8c4f0"), 0.4)
    disc, bite = view.round((980, 120), 32, 0.4).full(), view.round((966, 112), 29, 0.4).full()
    paint(canvas, whole(disc * (1 - bite)), rgb("#fff4d8"))
    body = view.noise(140, 14, octaves=6, stretch=4)
    paint(
        canvas, whole(levels(body, 0.54, 0.72) * levels(view.down, 420, 200) * 0.5), rgb("#8a70a0")
    )
    return canvas


def night_town(canvas: Array, view: View, lit: float) -> None:
    """Paint the town across the river as shapes with windows, few lit or many."""
    across = np.linspace(-120, 1420, 220, dtype=np.float32)
    line = (
        424
        - 84 * np.exp(-(((across - 380) / 210) ** 2))
        - 30 * np.exp(-(((across - 1060) / 240) ** 2))
    )
    edge = list(zip(across.tolist(), line.tolist(), strict=True))
    paint(canvas, view.fill(ground(edge, 470), 1), rgb("#2c3262"))
    x, y = 384.0, 352.0
    for left, right, tower in ((-62, 58, 22), (-58, -36, 46), (-8, 20, 60), (40, 62, 40)):
        paint(canvas, view.fill(box(x + left, y - tower, x + right, y + 26)), rgb("#3a3c6c"))
    if lit:
        shine(canvas, view.glow((x, y), 110), rgb("#ffb060"), 0.4)
    chance = random.Random(16)
    spots = []
    for _ in range(420):
        px = chance.uniform(-110, 1410)
        top = float(np.interp(px, across, line))
        spots.append((top + (454 - top) * chance.random() ** 0.8, px))
    for py, px in sorted(spots):
        wide, tall = chance.uniform(7, 13), chance.uniform(10, 18)
        tone = mix(rgb("#474880"), rgb("#20264e"), chance.uniform(0, 0.7) + 0.3 * (py > 430))
        roof = [(px - wide, py - tall), (px, py - tall - 7), (px + wide, py - tall)]
        paint(canvas, view.fill([*roof, (px + wide, py + 4), (px - wide, py + 4)]), tone)
        awake = chance.random() < (0.12 + 0.62 * lit)
        gold = rgb(chance.choice(["#ffcf70", "#ffb850", "#ffe0a0"]))
        dx = chance.uniform(-4, 2)
        if awake:
            paint(canvas, view.fill(box(px + dx, py - tall + 4, px + dx + 3, py - tall + 8)), gold)
            paint(
                canvas,
                view.fill(box(px + dx + 5, py - tall + 4, px + dx + 7.5, py - tall + 8)),
                gold,
                0.6 * lit,
            )
    for px in np.arange(-90, 1400, 58).tolist():
        if lit:
            shine(canvas, view.glow((px, 446), 30), rgb("#ffb455"), 0.9)
            paint(canvas, view.round((px, 446), 2.2), rgb("#fff0c8"))


def night_bridge(canvas: Array, view: View, lit: float) -> None:
    """Paint the morning's bridge from afar, a string of bulbs along its cables when lit."""
    steel = rgb("#2a2a58")
    towers = (760.0, 1060.0)
    for first, last in ((560.0, 760.0), (760.0, 1060.0), (1060.0, 1300.0)):
        span = np.linspace(first, last, 31)
        if first == 760.0:
            sag = 290 + 110 * (1 - ((span - 910) / 150) ** 2)
        else:
            start = span[-1] if first < 760 else span[0]
            sag = 290 + 130 * np.abs((span - start) / (last - first)) ** 0.8
        cable = list(zip(span.tolist(), sag.tolist(), strict=True))
        paint(canvas, view.stroke(cable, 2.4), steel)
        for x, y in cable[::2]:
            paint(canvas, view.stroke([(x, y), (x, 424)], 0.9), steel, 0.8)
        for x, y in cable[::3] if lit else []:
            shine(canvas, view.glow((x, y), 11), rgb("#ffd080"), 0.95)
            paint(canvas, view.round((x, y), 1.5), rgb("#fff4d0"))
    for x in towers:
        for side in (-8, 8):
            paint(canvas, view.fill(box(x + side - 3.5, 282, x + side + 3.5, 470)), steel)
        for y in (288, 330, 374):
            paint(canvas, view.fill(box(x - 11, y, x + 11, y + 5)), steel)
    paint(canvas, view.fill(box(540, 420, 1420, 430)), steel)


def night_river(canvas: Array, view: View, lit: float) -> None:
    """Paint the river: long trembling streaks of every light above it."""
    axis = int((456 - view.top) * view.scale)
    rows, columns = canvas.shape[:2]
    depth = np.arange(rows - axis, dtype=np.float32)[:, None]
    ripple = view.noise(8, 25, octaves=3, stretch=7)[axis:] - 0.5
    total = np.zeros((rows - axis, columns, 3), np.float32)
    for stretch in (0.5, 0.7, 1.0, 1.4):
        sway = ripple * 90 * np.clip(depth / 160, 0.06, 1.2)
        source = np.clip(axis - depth * stretch - 2 + sway, 0, axis - 1).astype(int)
        sideways = np.clip(np.arange(columns)[None, :] + sway * 0.25, 0, columns - 1).astype(int)
        total += canvas[source, sideways] / 4
    water = mix(total, rgb("#141c4a"), (0.30 + 0.30 * levels(depth, 0, 480))[..., None])
    crest = levels(ripple, 0.08, 0.2) * levels(depth, 0, 300)
    canvas[axis:] = mix(water, rgb("#6a6aa8"), crest[..., None] * 0.35)
    path = levels(ripple, 0.02, 0.14) * np.exp(-(((view.across - 980) / (22 + 0.06 * depth)) ** 2))
    canvas[axis:] += (1 - canvas[axis:]) * rgb("#e8e4f8") * (path * 0.3)[..., None]
    if lit:
        canvas[axis:] *= 1 + 0.12 * np.exp(-depth / 160)[..., None]


def quay(canvas: Array, view: View, lit: float) -> None:
    """Paint the stone quay she stops on, its edge, a bollard, and two lamps."""
    top, edge = 548.0, 712.0
    grain = view.noise(40, 33, octaves=5) - 0.5
    floor = rgb("#4a4a78") * (1 + 0.7 * grain[..., None])
    wall = rgb("#2c2e58") * (1 + 0.8 * grain[..., None])
    face = [(edge, top), (edge + 14, 900), (-300, 900), (-300, top)]
    course = view.down / 34
    row = np.floor(course)
    x = view.across / 74 + row % 2 * 0.5
    joints = np.maximum(
        levels(np.abs(course - row - 0.5), 0.45, 0.49),
        levels(np.abs(x - np.floor(x) - 0.5), 0.47, 0.49),
    )
    paint(canvas, view.fill(face), mix(wall, rgb("#171a3c"), joints[..., None] * 0.8))
    slab = [(-300, top - 34), (edge - 26, top - 34), (edge + 4, top + 2), (-300, top + 2)]
    paint(canvas, view.fill(slab), floor)
    paint(
        canvas,
        view.fill(box(-300, top, edge + 6, top + 15)),
        rgb("#5c5c8c") * (1 + 0.4 * grain[..., None]),
    )
    paint(canvas, view.stroke([(-300, top + 1), (edge + 6, top + 1)], 2), rgb("#8a86b4"))
    for px in (96.0, 556.0):
        foot = view.inside((px, top - 26), 1.75 if px < 200 else 1.5)
        street_lamp(canvas, foot, lit, iron=NIGHT_IRON, glass_tone=NIGHT_GLASS)
        if lit:
            shine(canvas, view.glow((px, top - 12), 240, squash=0.2), rgb("#ffb455"), 0.6)
            light = view.fill(face).full() * view.glow((px, top), 330).coverage
            shine(canvas, whole(light), rgb("#ff9c45"), 0.28)
