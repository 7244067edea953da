"""The row of houses across the street."""

from __future__ import annotations

import random

import numpy as np
from camera import Dab, View
from drawing import Array, Mask, Point, box, dim, levels, mix, oval, paint, ramp, rgb
from stack import KERB, LAMPLIGHT, MOONLIGHT


def houses(canvas: Array, view: View) -> None:
    """Paint the row of houses across the street; the middle one is awake."""
    facade(canvas, view, (-260, 140), 176, "#3d4a78", 21)
    facade(canvas, view, (140, 520), 118, "#54486f", 22)
    facade(canvas, view, (868, 1130), 150, "#3a5272", 24)
    facade(canvas, view, (1130, 1560), 190, "#4d4470", 25)
    gable(canvas, view, (520, 868), 26)
    for x, y in (
        (196, 250),
        (330, 250),
        (424, 250),
        (912, 262),
        (1028, 262),
        (24, 300),
        (-84, 300),
    ):
        dark_window(canvas, view, (x, y), (54, 84))
    for x, y in ((196, 250), (330, 250), (424, 250)):
        shutters(canvas, view, (x, y), (54, 84))
    ivy(canvas, view)
    for x, y in ((1210, 290), (1330, 290)):
        dark_window(canvas, view, (x, y), (54, 84))
    for x, y in ((196, 404), (440, 404), (912, 410), (24, 420)):
        dark_window(canvas, view, (x, y), (54, 92))
    door(canvas, view, (310, 400), "#2d4a5a")
    door(canvas, view, (1020, 404), "#5a3040")
    for x, y in ((548, 262), (786, 262)):
        dark_window(canvas, view, (x, y), (44, 86))
    shop(canvas, view)


def facade(
    canvas: Array, view: View, reach: tuple[float, float], top: float, code: str, seed: int
) -> None:
    """Paint one plastered front with its cornice, plinth, moonlight above and lamplight below."""
    left, right = reach
    mask = view.fill(box(left, top, right, KERB + 2))
    plaster(canvas, view, mask, rgb(code), seed)
    slope = [(left - 6, top), (left + 26, top - 62), (right - 26, top - 62), (right + 6, top)]
    rows = levels(np.sin(view.down * 0.95), -0.1, 0.9) * 0.35
    slate = mix(rgb("#3d4878"), MOONLIGHT, 0.35 * levels(view.down, top, top - 62)[..., None])
    slate = mix(slate, rgb("#1b2350"), rows[..., None])
    paint(canvas, view.fill(slope), slate)
    dormer = left + (right - left) * 0.62
    peak = [(dormer, top - 40), (dormer + 18, top - 56), (dormer + 36, top - 40)]
    paint(canvas, view.fill([(dormer, top - 6), *peak, (dormer + 36, top - 6)]), rgb("#333d6c"))
    paint(canvas, view.fill(box(dormer + 9, top - 36, dormer + 27, top - 10)), rgb("#131b3c"))
    cornice = view.fill(box(left - 5, top - 4, right + 5, top + 7))
    paint(canvas, cornice, mix(rgb(code), MOONLIGHT, 0.25))
    dim(canvas, view.fill(box(left, top + 7, right, top + 22), 2), rgb("#5a5f8a"), 0.8)
    dim(canvas, view.fill(box(left, KERB - 34, right, KERB + 2)), rgb("#7a7a98"), 0.8)


def plaster(canvas: Array, view: View, mask: Mask, base: Array, seed: int) -> None:
    """Fill a wall with old plaster, cool and dark above, warmed by the street lamp."""
    stains = view.noise(90, seed, octaves=5) - 0.5
    wall = base * (0.86 + 0.55 * stains[..., None])
    low = levels(view.down, 150, 560)
    wall = mix(wall, wall * rgb("#6a72a8"), (0.55 * (1 - low))[..., None])
    warm = view.glow((968, 330), 620, squash=0.85).coverage
    paint(canvas, mask, mix(wall, wall * 1.25 + LAMPLIGHT * 0.42, warm[..., None] * 0.95))


def gable(canvas: Array, view: View, reach: tuple[float, float], seed: int) -> None:
    """Paint the tall house in the middle with its stepped gable."""
    left, right = reach
    steps = [(left, KERB + 2), (left, 196)]
    rise = (196, 156, 116, 76)
    width = (right - left) / 2
    for i in range(3):
        inner = left + width * (i + 1) / 4
        steps += [(inner, rise[i]), (inner, rise[i + 1])]
    outline = [*steps, *[(left + right - x, y) for x, y in reversed(steps)]]
    plaster(canvas, view, view.fill(outline), rgb("#7a5560"), seed)
    for i in range(4):
        inner = left + width * i / 4
        for a, b in ((inner, left + width * (i + 1) / 4),):
            edge = 76 if i == 3 else rise[i]
            for x0, x1 in ((a, b), (left + right - b, left + right - a)):
                stone = view.fill(box(x0 - 5, edge - 7, x1 + 5, edge + 3))
                paint(canvas, stone, mix(rgb("#7f7896"), MOONLIGHT, 0.2))
                dim(canvas, view.fill(box(x0, edge + 3, x1, edge + 12), 1.5), rgb("#6a6a90"), 0.7)
    bricks(canvas, view, view.fill(outline), seed)
    paint(canvas, view.round((694, 150), 22), rgb("#a99aa8"))
    paint(canvas, view.round((694, 150), 17), rgb("#141c3c"))
    for dx, dy in ((17, 0), (0, 17)):
        paint(
            canvas, view.stroke([(694 - dx, 150 - dy), (694 + dx, 150 + dy)], 2.4), rgb("#a99aa8")
        )


def bricks(canvas: Array, view: View, mask: Mask, seed: int) -> None:
    """Let a few courses of brick show where the plaster has gone."""
    bare = levels(view.noise(110, seed + 9, octaves=4), 0.56, 0.64)
    course = np.floor(view.down / 9)
    joint = np.maximum(
        levels(np.abs(view.down / 9 - course - 0.5), 0.36, 0.46),
        levels(np.abs((view.across + course % 2 * 13) / 26 % 1 - 0.5), 0.44, 0.48),
    )
    dim(canvas, mask.times(bare), mix(rgb("#c08078"), rgb("#8a707c"), joint[..., None]), 0.8)


def dark_window(canvas: Array, view: View, corner: Point, size: tuple[float, float]) -> None:
    """Paint a sleeping window: sash, cool reflections in the panes, a sill and shutters' shadow."""
    x, y = corner
    wide, tall = size
    dim(canvas, view.fill(box(x - 4, y - 2, x + wide + 12, y + tall + 14), 3), rgb("#50507c"), 0.6)
    paint(canvas, view.fill(box(x - 6, y - 8, x + wide + 6, y + tall + 2)), rgb("#8d88a8"))
    sheen = ramp(
        ["#0d1534", "#1a2752", "#3a4d86"],
        np.clip((y + tall - view.down) / tall * 0.7 + (view.across - x) / wide * 0.35, 0, 1),
    )
    paint(canvas, view.fill(box(x, y, x + wide, y + tall)), sheen)
    bar = rgb("#777596")
    paint(canvas, view.stroke([(x + wide / 2, y), (x + wide / 2, y + tall)], 3.4), bar)
    for part in (0.34, 0.67):
        paint(canvas, view.stroke([(x, y + tall * part), (x + wide, y + tall * part)], 2.4), bar)
    paint(canvas, view.fill(box(x - 10, y + tall + 1, x + wide + 10, y + tall + 8)), rgb("#a09ab4"))


def shutters(canvas: Array, view: View, corner: Point, size: tuple[float, float]) -> None:
    """Hang open shutters with slats on both sides of a window."""
    x, y = corner
    wide, tall = size
    slats = levels(np.sin(view.down * 1.6), -0.3, 0.8)
    tone = mix(rgb("#33566a"), rgb("#223a52"), slats[..., None])
    for left in (x - 31, x + wide + 7):
        dim(canvas, view.fill(box(left + 2, y, left + 29, y + tall + 8), 2), rgb("#50507c"), 0.6)
        paint(canvas, view.fill(box(left, y - 6, left + 24, y + tall + 2)), rgb("#2c4a60"))
        paint(canvas, view.fill(box(left + 3, y - 2, left + 21, y + tall - 2)), tone)


def ivy(canvas: Array, view: View) -> None:
    """Let ivy climb the corner of the shuttered house, thinner towards the eaves."""
    chance = random.Random(44)
    leaves = []
    for _ in range(900):
        up = chance.random()
        y = KERB - 410 * up**1.25
        x = 142 + abs(chance.gauss(0, 1)) * (34 * (1 - up) + 9) + 10 * np.sin(y / 23)
        lit = chance.random() ** 1.5
        tone = mix(rgb("#14243a"), rgb("#4f6a5c"), lit)
        leaves.append(Dab(float(x), y, 4.2, 2.9, chance.uniform(0, 3), tone))
    view.dabs(canvas, leaves)


def door(canvas: Array, view: View, corner: Point, code: str) -> None:
    """Paint a street door with panels, a fanlight and two steps."""
    x, y = corner
    paint(canvas, view.fill(box(x - 8, y - 34, x + 68, KERB)), rgb("#8d88a8"))
    paint(canvas, view.fill(box(x, y - 26, x + 60, y - 4)), rgb("#16204a"))
    paint(canvas, view.fill(box(x, y, x + 60, KERB)), rgb(code))
    for dx in (6, 33):
        for top, bottom in ((y + 8, y + 62), (y + 72, KERB - 10)):
            panel = view.fill(box(x + dx, top, x + dx + 21, bottom))
            dim(canvas, panel, rgb("#a0a0b8"), 0.8)
    paint(canvas, view.round((x + 53, y + 74), 2.4), rgb("#e8c880"))
    paint(canvas, view.fill(box(x - 16, KERB - 8, x + 76, KERB + 4)), rgb("#77748f"))


def shop(canvas: Array, view: View) -> None:
    """Paint the shuttered bookshop below the lit window, its awning and hanging sign."""
    paint(canvas, view.fill(box(548, 418, 840, KERB)), rgb("#1f3a44"))
    for left, right in ((562, 656), (740, 828)):
        glass = ramp(["#0d1a2e", "#284455"], np.clip((view.down - 430) / 90, 0, 1))
        paint(canvas, view.fill(box(left, 440, right, 520)), glass)
        books(canvas, view, (left + 4, right - 4), 519)
        paint(canvas, view.stroke([(left, 440), (right, 440)], 3), rgb("#5d7f86"))
    paint(canvas, view.fill(box(670, 436, 726, KERB)), rgb("#2b4c56"))
    paint(canvas, view.fill(box(678, 446, 718, 500)), rgb("#14283a"))
    for i in range(12):
        left = 544 + i * 25
        stripe = [(left + 4, 408), (left + 28, 408), (left + 25, 436), (left, 436)]
        tone = rgb("#a8535a") if i % 2 else rgb("#cbb9a6")
        warm = mix(tone * 0.72, tone * rgb("#ffd9a0"), i / 11)
        paint(canvas, view.fill(stripe), warm)
        paint(canvas, view.fill(oval((left + 12.5, 436), 12.5, 6)), warm * 0.92)
    dim(canvas, view.fill(box(548, 442, 840, 462), 5), rgb("#404868"), 0.7)


def books(canvas: Array, view: View, reach: tuple[float, float], foot: float) -> None:
    """Stand a row of books in a dark shop window."""
    chance = random.Random(int(reach[0]))
    x = reach[0]
    while x < reach[1] - 8:
        wide, tall = chance.uniform(4, 8), chance.uniform(24, 38)
        tone = rgb(chance.choice(["#7a4a50", "#3f6a6a", "#8a7a52", "#4a5080", "#6a5a70"]))
        paint(canvas, view.fill(box(x, foot - tall, x + wide, foot)), tone * 0.62)
        x += wide + 0.8
