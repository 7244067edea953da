"""Behind the street: the sky, the moon, the far town and the roofs of the next street."""

from __future__ import annotations

import random

import numpy as np
from camera import View
from drawing import Array, Point, blank, box, levels, mix, paint, ramp, rgb, shine, whole
from stack import MOONLIGHT, NIGHT, WINDOW


def sky(view: View) -> Array:
    """Return a canvas with the night sky, the stars, the moon and thin clouds around it."""
    canvas = blank(ramp(["#070c24", "#101a42", "#233164", "#46508a", "#7a6a94"], _height(view)))
    chance = random.Random(5)
    for _ in range(320):
        spot = (chance.uniform(-60, 1340), chance.uniform(-460, 380))
        faint = chance.uniform(0.2, 0.95) * (0.5 if spot[1] > 120 else 1)
        shine(canvas, view.round(spot, chance.uniform(0.5, 1.2)), rgb("#eaf0ff"), faint)
    moon(canvas, view, (858, -196), 44)
    body = view.noise(170, 8, octaves=6, stretch=3)
    edge = body - view.noise(170, 8, octaves=6, stretch=3, shift=(26, -14))
    near_moon = view.glow((858, -196), 520).coverage
    tone = ramp(["#1c2652", "#55639c", "#c3c6e0"], 0.2 * levels(edge, -0.1, 0.1) + 0.8 * near_moon)
    paint(canvas, whole(levels(body, 0.5, 0.72) * 0.75), tone)
    return canvas


def _height(view: View) -> Array:
    return np.clip((view.down + 460) / 900, 0, 1)


def moon(canvas: Array, view: View, centre: Point, radius: float) -> None:
    """Paint a full moon with its seas and a wide halo."""
    shine(canvas, view.glow(centre, 420), rgb("#8fa5e0"), 0.6)
    shine(canvas, view.glow(centre, 130), rgb("#dfe6ff"), 0.5)
    seas = levels(view.noise(30, 12, octaves=4), 0.42, 0.62)
    paint(
        canvas,
        view.round(centre, radius, 0.5),
        mix(rgb("#fff8e4"), rgb("#cfcfd8"), seas[..., None]),
    )


def town(canvas: Array, view: View) -> None:
    """Paint the far town on its hill: a church, many small roofs, a few windows awake."""
    chance = random.Random(3)
    across = np.linspace(-200, 1500, 120, dtype=np.float32)
    for row in range(5):
        base = 176 + row * 34
        tone = mix(rgb("#3f4880"), rgb("#222a58"), row / 4)
        for x in across.tolist():
            spot = x + chance.uniform(-8, 8)
            hill = 74 * float(np.exp(-(((spot - 560) / 420) ** 2)))
            top = base - hill - chance.uniform(0, 20)
            wide = chance.uniform(8, 15)
            walls = [(spot - wide, top), (spot, top - wide * 0.7), (spot + wide, top)]
            shade = tone * chance.uniform(0.88, 1.08)
            paint(canvas, view.fill([*walls, (spot + wide, 470), (spot - wide, 470)], 0.3), shade)
            if chance.random() < 0.3:
                glass = box(spot - 2, top + 5, spot + 1.5, top + 10)
                paint(canvas, view.fill(glass), mix(WINDOW, tone, 0.2))
        if row == 1:
            church = [(531, 190), (531, 92), (545, 24), (559, 92), (559, 190)]
            paint(canvas, view.fill(church, 0.4), tone)
            paint(canvas, view.stroke([(545, 26), (545, 12)], 1.6), tone)
    mist = levels(view.down, 110, 340) * 0.5
    paint(canvas, whole(mist), rgb("#4a5088"))


def back_roofs(canvas: Array, view: View) -> None:
    """Paint the roofs of the next street, their chimneys, and one skylight."""
    outlines = (
        ([(-120, 330), (-20, 250), (150, 246), (230, 330)], "#2b3463"),
        ([(210, 340), (300, 262), (420, 262), (500, 340)], "#323a6a"),
        ([(760, 330), (850, 236), (1010, 236), (1090, 330)], "#2d3566"),
        ([(1060, 340), (1150, 262), (1300, 262), (1420, 340)], "#272f5c"),
    )
    for roof, code in outlines:
        (left, low), (ridge, high), (ridge_end, _), (right, _) = roof
        paint(canvas, view.fill(box(left + 14, low, right - 14, 600)), rgb("#222a55"))
        tiles = levels(np.sin(view.down * 1.15), -0.2, 0.9) * 0.18
        lit = mix(rgb(code), MOONLIGHT, 0.10 + 0.22 * levels(view.down, low, high)[..., None])
        paint(canvas, view.fill(roof), mix(lit, NIGHT, tiles[..., None]))
        paint(
            canvas,
            view.stroke([(ridge, high), (ridge_end, high)], 2.4),
            mix(rgb(code), MOONLIGHT, 0.6),
        )
        chimney = ridge_end - 34
        paint(canvas, view.fill(box(chimney, high - 36, chimney + 22, high + 12)), rgb("#222a52"))
        paint(
            canvas,
            view.stroke([(chimney, high - 36), (chimney + 22, high - 36)], 4),
            rgb("#6a78b0"),
        )
    paint(canvas, view.fill([(880, 292), (906, 292), (902, 268), (884, 268)]), WINDOW * 0.92)
