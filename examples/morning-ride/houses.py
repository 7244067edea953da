"""The painted houses of the morning street."""

from __future__ import annotations

import random

import numpy as np
from camera import Dab, View
from drawing import Array, Point, box, curve, dim, levels, mix, oval, paint, ramp, rgb, shine
from layout import KERB, TOWN_END


def row_of_houses(canvas: Array, view: View) -> None:
    """Paint the morning street: four painted fronts, flowers on balconies, washing on a line."""
    house_front(canvas, view, (-180, 92), 70, "#e9b7a0", 1)
    house_front(canvas, view, (92, 336), 128, "#f3e6cf", 2)
    house_front(canvas, view, (336, 560), 40, "#e7c25f", 3)
    house_front(canvas, view, (560, TOWN_END), 112, "#9fc0bc", 4)
    tiles(canvas, view, (92, 336), 330)
    home_door(canvas, view, (180, 356))
    for x, y in ((128, 176), (248, 176)):
        window(canvas, view, (x, y), "#3f7a8a", True)
    window(canvas, view, (262, 372), "#3f7a8a", False)
    for x in (370, 478):
        for y in (92, 216):
            window(canvas, view, (x, y), "#a8503c", y == 216)
    cafe(canvas, view)
    for x in (592, 676):
        for y in (164, 280):
            window(canvas, view, (x, y), "#e9e2d0", y == 164)
    arch(canvas, view, (592, 392))
    arch(canvas, view, (668, 392))
    for x in (-110, 10):
        window(canvas, view, (x, 150), "#5a7a56", True)
        window(canvas, view, (x, 300), "#5a7a56", False)
    washing(canvas, view)


def house_front(
    canvas: Array, view: View, reach: tuple[float, float], top: float, code: str, seed: int
) -> None:
    """Paint one front with a tiled roof, a cornice, worn plaster and light from the right."""
    left, right = reach
    roof = [(left - 8, top), (left + 8, top - 34), (right - 8, top - 34), (right + 8, top)]
    ribs = levels(np.sin(view.across * 0.75), -0.4, 0.9)
    paint(canvas, view.fill(roof), mix(rgb("#a8503a"), rgb("#d97f52"), ribs[..., None]))
    stains = view.noise(80, seed, octaves=5) - 0.5
    wall = rgb(code) * (0.94 + 0.34 * stains[..., None])
    cool = wall * rgb("#c8b4c8")
    across = levels(view.across, left - 60, right + 40)
    wall = mix(cool, wall * 1.03, (0.25 + 0.75 * across)[..., None])
    wall = mix(wall, wall * rgb("#d0b0b0"), levels(view.down, 380, 540)[..., None] * 0.7)
    paint(canvas, view.fill(box(left, top, right, KERB + 4)), wall)
    paint(canvas, view.fill(box(left - 6, top - 4, right + 6, top + 8)), rgb("#f6ead6"))
    dim(canvas, view.fill(box(left, top + 8, right, top + 26), 3), rgb("#a890a8"), 0.7)
    dim(canvas, view.fill(box(left, top + 8, left + 9, KERB), 3), rgb("#a090a8"), 0.6)
    paint(canvas, view.fill(box(left, KERB - 22, right, KERB + 4)), rgb("#b8a8a0"))


def tiles(canvas: Array, view: View, reach: tuple[float, float], top: float) -> None:
    """Cover the lower part of a front with blue and white tiles."""
    left, right = reach
    x, y = (view.across - left) / 14, (view.down - top) / 14
    u, v = x - np.floor(x) - 0.5, y - np.floor(y) - 0.5
    ring = levels(np.abs(np.hypot(u, v) - 0.34), 0.10, 0.05)
    star = levels(np.abs(np.abs(u) - np.abs(v)), 0.07, 0.02) * levels(np.hypot(u, v), 0.3, 0.25)
    blue = np.maximum(ring, star)
    joint = levels(np.maximum(np.abs(u), np.abs(v)), 0.45, 0.49)
    glaze = mix(rgb("#f3f0e6"), rgb("#3f73a8"), blue[..., None] * 0.8)
    glaze = mix(glaze, rgb("#c8c0b8"), joint[..., None] * 0.7)
    glaze = glaze * (0.86 + 0.18 * levels(view.across, left, right)[..., None])
    paint(canvas, view.fill(box(left, top, right, KERB - 20)), glaze)
    paint(canvas, view.fill(box(left, top - 6, right, top + 3)), rgb("#3f73a8"))


def home_door(canvas: Array, view: View, corner: Point) -> None:
    """Paint her front door, standing open on a warm hall, with a step and two pots."""
    x, y = corner
    paint(canvas, view.fill(box(x - 9, y - 12, x + 67, KERB + 2)), rgb("#f6ead6"))
    paint(
        canvas,
        view.fill(box(x, y, x + 58, KERB)),
        ramp(["#5a3a34", "#a8683f"], np.clip((view.across - x) / 58, 0, 1)),
    )
    shine(canvas, view.glow((x + 34, y + 70), 80), rgb("#ffb860"), 0.5)
    leaf = [(x, y), (x + 20, y + 7), (x + 20, KERB - 6), (x, KERB)]
    paint(canvas, view.fill(leaf), rgb("#2f6f8a"))
    for top in (y + 18, y + 88):
        dim(
            canvas,
            view.fill([(x + 4, top), (x + 16, top + 3), (x + 16, top + 54), (x + 4, top + 56)]),
            rgb("#9ab0c0"),
        )
    paint(canvas, view.fill(box(x - 16, KERB - 8, x + 74, KERB + 6)), rgb("#e6d8c8"))
    for px in (x - 26, x + 84):
        pot(canvas, view, (px, KERB + 2), int(px))


def pot(canvas: Array, view: View, foot: Point, seed: int) -> None:
    """Paint a clay pot of geraniums."""
    x, y = foot
    chance = random.Random(seed)
    paint(
        canvas,
        view.fill([(x - 12, y - 24), (x + 12, y - 24), (x + 9, y), (x - 9, y)]),
        rgb("#c0683f"),
    )
    paint(canvas, view.fill(box(x + 3, y - 24, x + 11, y - 2)), rgb("#d88a58"), 0.6)
    view.dabs(
        canvas,
        (
            Dab(
                x + chance.gauss(0, 10),
                y - 34 + chance.gauss(0, 9),
                4.4,
                3,
                chance.uniform(0, 3),
                rgb(chance.choice(["#4f7f4a", "#6f9f54", "#3c6a44", "#d8483f", "#f0786a"])),
            )
            for _ in range(80)
        ),
    )


def window(canvas: Array, view: View, corner: Point, code: str, balcony: bool) -> None:
    """Paint a tall window with shutters; some have an iron balcony with flowers."""
    x, y = corner
    wide, tall = 44, 78
    paint(canvas, view.fill(box(x - 6, y - 8, x + wide + 6, y + tall + 2)), rgb("#f6ead6"))
    codes = ["#3f5a70", "#7fa0ae", "#e8d8b8"]
    sheen = ramp(
        codes, np.clip((view.across - x) / wide * 0.5 + (y + tall - view.down) / tall * 0.5, 0, 1)
    )
    paint(canvas, view.fill(box(x, y, x + wide, y + tall)), sheen)
    for line in ([(x + wide / 2, y), (x + wide / 2, y + tall)], [(x, y + 26), (x + wide, y + 26)]):
        paint(canvas, view.stroke(line, 3), rgb("#f6f0e2"))
    slats = levels(np.sin(view.down * 1.7), -0.2, 0.8)
    shutter = mix(rgb(code), rgb(code) * 0.78, slats[..., None])
    for left in (x - 27, x + wide + 7):
        dim(
            canvas, view.fill(box(left - 4, y + 2, left + 18, y + tall + 6), 2), rgb("#a890a8"), 0.6
        )
        paint(canvas, view.fill(box(left, y - 4, left + 20, y + tall)), shutter)
    if not balcony:
        paint(
            canvas,
            view.fill(box(x - 10, y + tall + 1, x + wide + 10, y + tall + 7)),
            rgb("#f0e2cc"),
        )
        return
    floor = y + tall + 2
    dim(
        canvas, view.fill(box(x - 36, floor + 6, x + wide + 28, floor + 26), 4), rgb("#a08aa0"), 0.7
    )
    paint(canvas, view.fill(box(x - 32, floor, x + wide + 32, floor + 7)), rgb("#e8dac6"))
    iron = rgb("#3a3a48")
    for px in np.arange(x - 30, x + wide + 31, 7.4).tolist():
        paint(canvas, view.stroke([(px, floor - 30), (px, floor)], 1.4), iron)
    paint(canvas, view.stroke([(x - 32, floor - 30), (x + wide + 32, floor - 30)], 2.6), iron)
    chance = random.Random(int(x * 7 + y))
    view.dabs(
        canvas,
        (
            Dab(
                x + wide / 2 + chance.gauss(0, 22),
                floor - 24 + abs(chance.gauss(0, 8)),
                4,
                2.8,
                chance.uniform(0, 3),
                rgb(chance.choice(["#5a8a4c", "#3f6f44", "#e0567a", "#f2a0b0", "#7fa858"])),
            )
            for _ in range(90)
        ),
    )


def cafe(canvas: Array, view: View) -> None:
    """Paint the corner café with its striped awning, still closed."""
    paint(canvas, view.fill(box(358, 388, 540, KERB)), rgb("#6a3f34"))
    glass = ramp(["#5a6a70", "#a8b8b0", "#f2d8a8"], np.clip((view.across - 366) / 170, 0, 1))
    for left, right in ((366, 436), (488, 532)):
        paint(canvas, view.fill(box(left, 404, right, 484)), glass)
    paint(canvas, view.fill(box(444, 400, 480, KERB)), rgb("#8a5440"))
    paint(canvas, view.fill(box(450, 408, 474, 466)), rgb("#c8b898"))
    for i in range(10):
        left = 350 + i * 20
        tone = rgb("#d8584a") if i % 2 else rgb("#fff2e0")
        stripe = [(left + 4, 362), (left + 23, 362), (left + 20, 396), (left, 396)]
        paint(canvas, view.fill(stripe), tone)
        paint(canvas, view.fill(oval((left + 10, 396), 10, 7)), tone * 0.94)
    dim(canvas, view.fill(box(358, 402, 540, 424), 5), rgb("#8a7088"), 0.7)


def arch(canvas: Array, view: View, corner: Point) -> None:
    """Paint an arched doorway with wooden doors."""
    x, y = corner
    for grow, tone in ((6, rgb("#f6ead6")), (0, rgb("#8a5a3f"))):
        top = oval((x + 26, y + 26), 26 + grow, 26 + grow)[20:]
        shape = [*top, (x + 52 + grow, KERB), (x - grow, KERB)]
        paint(canvas, view.fill(shape), tone)
    planks = levels(np.sin(view.across * 0.9), 0.75, 0.95)
    dim(canvas, view.fill(box(x, y + 24, x + 52, KERB)).times(planks), rgb("#a08080"))
    paint(canvas, view.stroke([(x + 26, y + 2), (x + 26, KERB)], 2), rgb("#5a3a2c"))


def washing(canvas: Array, view: View) -> None:
    """Hang washing to dry across the nearest front."""
    rope = curve([(84, 140), (40, 158), (-40, 150)], steps=10)
    paint(canvas, view.stroke(rope, 1.4), rgb("#8a7a78"))
    codes = ["#fffaf0", "#e8786a", "#7fb0c8", "#f2d070"]
    for i, (x, y) in enumerate(rope[3:-2:4]):
        shirt = [(x - 11, y), (x + 11, y), (x + 13, y + 30 + 4 * (i % 2)), (x - 9, y + 32)]
        dim(canvas, view.fill([(a - 8, b + 8) for a, b in shirt], 3), rgb("#a890a0"), 0.5)
        paint(canvas, view.fill(shirt), rgb(codes[i % 4]))
