"""Underfoot in the morning: the pavement, the road and the balustrade of the bridge."""

from __future__ import annotations

import numpy as np
from bicycle import ground_shadow
from camera import View
from drawing import Array, box, curve, dim, levels, mix, paint, ramp, rgb, shine
from lamps import street_lamp
from layout import KERB, SUN, TOWN_END


def pavement(canvas: Array, view: View) -> None:
    """Paint the pavement of small pale stones with dark waves, and the kerb and road."""
    top, kerb = KERB - 4, 592.0
    walk = view.fill(box(-900, top, 3000, kerb))
    depth = np.clip((view.down - top) / (kerb - top), 0, 1)
    wave = np.sin(view.across / 34 + np.sin(depth * 3) * 0.8) * 0.16 + 0.5
    band = levels(np.abs(depth - wave), 0.17, 0.11)
    grain = view.noise(7, 2, octaves=2, stretch=1.8) - 0.5
    stone = mix(rgb("#efdfc8"), rgb("#8f8796"), band[..., None] * 0.75)
    sunny = levels(view.across, 300, 1100)
    stone = stone * (0.88 + 0.14 * sunny + 0.16 * grain)[..., None]
    paint(canvas, walk, stone)
    dim(canvas, view.fill(box(-900, top - 2, TOWN_END - 30, top + 20), 6), rgb("#9a86a4"), 0.8)
    near = np.clip((view.down - kerb) / 130, 0.001, 1)
    course = np.log1p(near * 5) * 9
    row = np.floor(course)
    x = view.across / (16 + 12 * near) + row % 2 * 0.5
    edge = np.maximum(np.abs(course - row - 0.5), np.abs(x - np.floor(x) - 0.5))
    bulge = levels(edge, 0.5, 0.34)
    tone = 0.45 + 0.35 * bulge + (view.noise(30, 6, octaves=3, stretch=2) - 0.5) * 0.9
    road = ramp(["#7f7488", "#b8a4a0", "#e8ccb0"], np.clip(tone, 0, 1))
    road = mix(road, road * rgb("#ffe4c0") * 1.05, sunny[..., None])
    paint(canvas, view.fill(box(-900, kerb, 3000, 900)), road)
    paint(canvas, view.fill(box(-900, kerb - 4, 3000, kerb + 6)), rgb("#f2e2cc"))
    dim(canvas, view.fill(box(-900, kerb + 6, 3000, kerb + 14), 2), rgb("#8a7a90"), 0.7)
    light = levels(np.sin(view.across / 90 + view.down / 28), 0.2, 1) * 0.16
    shine(canvas, view.fill(box(-900, kerb, 3000, 900)).times(light), SUN, 1)


def railing(canvas: Array, view: View) -> None:
    """Paint the stone balustrade of the bridge, and its lamps, from the last house on."""
    start, foot, top = 776.0, 524.0, 448.0
    stone, lit, shade = rgb("#d8c4ae"), rgb("#fff0d4"), rgb("#a08e96")
    for x in np.arange(start + 34, 2300, 22).tolist():
        baluster = [
            (x - 4, top + 8),
            (x + 4, top + 8),
            (x + 3, top + 24),
            (x + 7, top + 44),
            (x + 4, foot - 12),
            (x - 4, foot - 12),
            (x - 7, top + 44),
            (x - 3, top + 24),
        ]
        paint(canvas, view.fill(baluster), stone)
        paint(canvas, view.stroke([(x + 3, top + 12), (x + 3.6, foot - 16)], 2), lit)
    paint(canvas, view.fill(box(start, foot - 14, 2400, foot)), stone)
    paint(canvas, view.fill(box(start, top - 4, 2400, top + 10)), stone)
    paint(canvas, view.fill(box(start, top - 4, 2400, top + 1)), lit)
    dim(canvas, view.fill(box(start, top + 10, 2400, top + 18), 2), shade, 0.7)
    for x in (start + 12, start + 320, start + 640, start + 960, start + 1280):
        paint(canvas, view.fill(box(x - 18, top - 12, x + 18, foot + 4)), stone)
        paint(canvas, view.fill(box(x + 6, top - 12, x + 18, foot + 4)), lit, 0.7)
        paint(canvas, view.fill(box(x - 22, top - 18, x + 22, top - 8)), lit)
        street_lamp(canvas, view.inside((x, top - 18), 1.0), 0.0)


def cast_shadow(canvas: Array, view: View) -> None:
    """Lay her long morning shadow on the road, away from the sun."""
    tone = rgb("#75688c")
    ground_shadow(canvas, view, tone)
    long = [(-20, 62), (190, 62), (60, 92), (-120, 116), (-250, 122), (-210, 100), (-110, 82)]
    dim(canvas, view.fill(curve(long, closed=True), 5), tone, 0.5)
