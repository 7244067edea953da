"""The lake: a mirror with ripples, ice in winter, and the boat upon it."""

from __future__ import annotations

import numpy as np
from camera import View
from drawing import Array, Mask, curve, dim, levels, mix, oval, paint, rgb
from seasons import SHORE, Season


def lake(canvas: Array, season: Season, far: View, near: View) -> None:
    """Turn the picture above the shore into a reflection below it, then freeze it in winter."""
    axis = int((SHORE - far.top) * far.scale)
    rows, columns = canvas.shape[:2]
    depth = np.arange(rows - axis, dtype=np.float32)[:, None]
    ripple = near.noise(9, 14, octaves=3, stretch=9)[axis:] - 0.5
    swell = near.noise(60, 15, octaves=2, stretch=3)[axis:] - 0.5
    sway = (ripple * 60 + swell * 30) * np.clip(depth / 260, 0.02, 1.3) * (1 - season.ice)
    source = np.clip(axis - depth * 0.94 - 2 + sway, 0, axis - 1).astype(int)
    sideways = np.clip(np.arange(columns)[None, :] + sway * 0.3, 0, columns - 1).astype(int)
    mirror = canvas[source, sideways]
    deep = levels(depth, 0, 560)
    water = mix(mirror * 0.94, rgb(season.water), (0.16 + 0.34 * deep)[..., None])
    crest = levels(ripple + 0.35 * swell, 0.10, 0.22) * levels(depth, 30, 240)
    water = mix(water, mix(rgb(season.sky[-1]), rgb(season.sky[1]), 0.5), crest[..., None] * 0.45)
    canvas[axis:] = mix(water, _ice(season, near, mirror, axis), season.ice)
    glint = levels(ripple, 0.06, 0.16) * (1 - season.ice) * levels(depth, 0, 120)
    path = np.exp(-(((near.across - season.sun[0]) / (60 + 0.12 * depth)) ** 2)) * glint
    canvas[axis:] += (1 - canvas[axis:]) * rgb(season.sunlight) * (path * 0.75)[..., None]
    edge = Mask(np.exp(-np.abs(depth - 3) / 5) * np.ones((1, columns), np.float32), 0, axis)
    dim(canvas, edge, rgb(season.shadow), 0.55)


def _ice(season: Season, view: View, mirror: Array, axis: int) -> Array:
    """Return frozen water: a pale, dull mirror under blown snow, with a few long cracks."""
    blurred = (
        mirror + np.roll(mirror, 14, 0) + np.roll(mirror, -14, 0) + np.roll(mirror, 30, 0)
    ) / 4
    pale = mix(blurred, rgb(season.water), 0.45)
    drift = levels(view.noise(34, 17, octaves=4, stretch=6)[axis:], 0.44, 0.68)
    snow = mix(rgb(season.meadow[1]), rgb(season.meadow[0]), 0.72)
    crack = levels(np.abs(view.noise(80, 19, octaves=3, stretch=3)[axis:] - 0.5), 0.006, 0.0)
    return mix(mix(pale, snow, drift[..., None] * 0.85), rgb("#ffffff"), crack[..., None] * 0.3)


def boat(canvas: Array, season: Season, view: View) -> None:
    """Moor a rowing boat by the bank, with its shadow on the water and snow in it in winter."""
    hull = curve([(300, 521), (318, 541), (360, 549), (418, 547), (446, 519)], steps=8)
    rim = curve([(300, 521), (340, 530), (400, 530), (446, 519)], steps=8)
    night = 0.5 * season.night
    dim(canvas, view.fill(oval((376, 552), 84, 11), 4), rgb(season.shadow), 0.75)
    paint(
        canvas, view.fill([*hull, *reversed(rim)]), mix(rgb("#2f6f86"), rgb(season.shadow), night)
    )
    inside = [*rim, *reversed(curve([(300, 521), (345, 517), (402, 516), (446, 519)], steps=8))]
    wood = mix(rgb("#6e4a34"), rgb(season.shadow), night)
    paint(canvas, view.fill(inside), mix(wood, rgb(season.meadow[0]), season.snow))
    paint(canvas, view.stroke(rim, 3.4), mix(rgb("#f2e2c6"), rgb(season.shadow), night))
    bench = [(352, 516), (364, 516), (370, 530), (356, 530)]
    paint(canvas, view.fill(bench), mix(rgb("#a9794c"), rgb(season.meadow[0]), 0.8 * season.snow))
    stripe = curve([(306, 530), (345, 541), (400, 541), (440, 529)], steps=8)
    paint(canvas, view.stroke(stripe, 2.2), mix(rgb("#e8d8b8"), rgb(season.shadow), night), 0.8)
