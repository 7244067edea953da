"""What lies across the water: the sky, the mountains, the woods and the far shore."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
from camera import FIR, Dab, View
from drawing import (
    Array,
    Point,
    blank,
    box,
    curve,
    ground,
    levels,
    mix,
    paint,
    ramp,
    rgb,
    shine,
    wander,
    whole,
)
from seasons import SHORE, Season


def sky(season: Season, view: View) -> Array:
    """Return a canvas with the sky, the sun's glow, stars at night and the clouds."""
    canvas = blank(ramp(season.sky, np.clip(view.down / SHORE, 0, 1)))
    light = rgb(season.sunlight)
    shine(canvas, view.glow(season.sun, 620, squash=0.7), light, season.sun_strength * 0.8)
    shine(canvas, view.glow(season.sun, 130), light, season.sun_strength)
    if season.night:
        stars(canvas, view)
    clouds(canvas, season, view)
    return canvas


def stars(canvas: Array, view: View) -> None:
    """Prick stars into the upper sky, fewer and fainter towards the horizon."""
    chance = random.Random(7)
    for _ in range(150):
        spot = (chance.uniform(0, 1280), 260 * chance.random() ** 1.6)
        faint = (1 - spot[1] / 280) * chance.uniform(0.25, 1)
        shine(canvas, view.round(spot, chance.uniform(0.5, 1.1)), rgb("#fff4e0"), faint)


def clouds(canvas: Array, season: Season, view: View) -> None:
    """Lay drifting clouds over the sky, lit from the side of the sun."""
    wide = season.cloud_width
    body = view.noise(150, 3, octaves=7, stretch=wide)
    towards_sun = view.noise(150, 3, octaves=7, stretch=wide, shift=(-10 * wide, -16))
    bright = levels(body - towards_sun, -0.07, 0.10)
    height = levels(view.down, 400, 60) * 0.12
    edge = 0.98 - season.cloud_amount
    cover = levels(body + height - 0.06, edge, edge + 0.06 * wide)
    thin = cover * levels(view.down, 395, 330) * 0.9
    paint(canvas, whole(thin), ramp(season.clouds, bright))


def mountains(canvas: Array, season: Season, view: View) -> None:
    """Paint two ranges with ravines in the low light, snow above the season's snow line."""
    across = np.linspace(-60, 1340, 700, dtype=np.float32)
    for base, rise, seed, air in ((282, 88, 11, 0.42), (330, 66, 5, 0.22)):
        peaks = base - rise * (0.5 + wander(across, 210, seed, 6))
        mask = view.fill(ground(zip(across.tolist(), peaks.tolist(), strict=True), SHORE + 30))
        lit = levels(_crags(view, seed) - _crags(view, seed, shift=(-7, -2)), -0.10, 0.11)
        rock = ramp(season.mountains, lit)
        bumps = view.noise(36, seed + 1, octaves=4) * 70
        snow = levels(view.down + bumps - 35, season.snow_line + 12, season.snow_line - 12)
        white = mix(rgb(season.mountains[0]), rgb("#fbf4f2"), (0.35 + 0.65 * lit)[..., None])
        if season.night:
            white = mix(white, rgb("#a894c0"), 0.45)
        colour = mix(rock, white, snow[..., None] * 0.85)
        low = levels(view.down, base - 70, SHORE - 10)
        colour = mix(colour, rgb(season.haze), (air + (0.95 - air) * low)[..., None])
        paint(canvas, mask, colour)


def _crags(view: View, seed: int, shift: Point = (0, 0)) -> Array:
    """Return the height of a rock face: sharp ribs that run down it, rough in between."""
    ribs = 1 - np.abs(2 * view.noise(62, seed, octaves=2, stretch=0.55, shift=shift) - 1) * 2.2
    rough = view.noise(46, seed + 3, octaves=5, stretch=0.8, shift=shift)
    return np.asarray(0.36 * ribs + 0.55 * rough, np.float32)


def hills(canvas: Array, season: Season, far: View, near: View) -> None:
    """Paint three wooded ridges, each nearer, darker and less hazy than the one behind."""
    across = np.linspace(-80, 1360, 500, dtype=np.float32)
    rows = ((far, 352, 34, 21, 0.62), (far, 378, 30, 33, 0.42), (near, 396, 26, 48, 0.2))
    for tone, (view, base, rise, seed, air) in zip(season.hills, rows, strict=True):
        line = base - rise * wander(across, 330, seed, 3)
        mask = view.fill(ground(zip(across.tolist(), line.tolist(), strict=True), SHORE + 30))
        patches = levels(view.noise(46, seed, octaves=4, stretch=2.2), 0.35, 0.65)
        dark = mix(rgb(tone), rgb(season.woods[0]), 0.35)
        colour = mix(dark, rgb(tone), patches[..., None])
        low = levels(view.down, base - 10, SHORE + 14)
        colour = mix(colour, rgb(season.haze), (air + 0.35 * low)[..., None] * 0.9)
        paint(canvas, mask, colour)
        view.dabs(canvas, _woods(season, across, line, seed, air))


def _woods(season: Season, across: Array, line: Array, seed: int, air: float) -> Iterator[Dab]:
    """Yield the trees of one ridge, the back rows first; far ones small and in the haze."""
    chance = random.Random(seed)
    haze = rgb(season.haze)
    size = 7.5 * (1.1 - air)
    for row in range(7):
        for _ in range(130):
            x = chance.uniform(-60, 1340)
            grove = float(wander(np.array([x], np.float32), 150, seed + row // 3, 2)[0])
            if grove < -0.12:
                continue
            y = float(np.interp(x, across, line)) + row * 6 - 2
            tone = ramp(season.woods, np.array(chance.random() ** 1.4, np.float32))
            grow = size * chance.uniform(0.6, 1.2)
            tall = chance.uniform(1.1, 1.9)
            mist = air + 0.06 * row * air
            if chance.random() < 0.55:
                dark = mix(rgb(season.woods[0]), tone, 0.3)
                yield Dab(x, y, grow * 0.8, grow * tall * 1.15, 0, mix(dark, haze, mist), FIR)
                continue
            shade = mix(mix(tone, rgb(season.woods[0]), 0.45), haze, mist)
            yield Dab(x, y, grow * 0.85, grow, 0, shade)
            yield Dab(
                x - grow * 0.22, y - grow * 0.25, grow * 0.55, grow * 0.65, 0, mix(tone, haze, mist)
            )


def far_shore(canvas: Array, season: Season, view: View) -> None:
    """Paint the meadow across the lake and the small house with its trees."""
    line = curve(
        [(-40, 404), (150, 400), (330, 397), (470, 401), (700, 405), (980, 402), (1340, 404)]
    )
    field_ = mix(rgb(season.meadow[0]), rgb(season.haze), 0.22)
    shade = mix(field_, rgb(season.meadow[1]), 0.6)
    grain = levels(view.noise(20, 4, octaves=3, stretch=5), 0.35, 0.65)
    paint(canvas, view.fill(ground(line, SHORE + 3)), mix(shade, field_, grain[..., None]))
    view.dabs(canvas, _shore_trees(season, (250, 300), 5))
    house(canvas, season, view, (330, 401), 1.0)
    view.dabs(canvas, _shore_trees(season, (395, 440), 6))
    view.dabs(canvas, _shore_trees(season, (760, 1300), 8))


def _shore_trees(season: Season, reach: tuple[float, float], seed: int) -> Iterator[Dab]:
    """Yield clumps of leaves that stand together as trees by the far shore."""
    chance = random.Random(seed)
    left, right = reach
    for _ in range(max(2, int((right - left) / 16))):
        x, tall = chance.uniform(left, right), chance.uniform(14, 34)
        hue = chance.random()
        for i in range(46):
            up = chance.random()
            wide = tall * 0.36 * (1 - up * up) ** 0.5
            side = chance.uniform(-1, 1)
            lit = 0.30 + 0.45 * up - 0.28 * side + 0.2 * (hue - 0.5) + 0.008 * i - 0.2
            tone = ramp(season.woods, np.array(np.clip(lit, 0, 1), np.float32))
            tone = mix(tone, rgb(season.haze), 0.12)
            size = chance.uniform(1.6, 3.4)
            yield Dab(x + side * wide, 403 - tall * (0.08 + up), size, size * 0.8, 0, tone)


def house(canvas: Array, season: Season, view: View, foot: Point, size: float) -> None:
    """Paint a red house with a lit window, snow on its roof in winter and smoke in the cold."""
    x, y = foot

    def spot(dx: float, dy: float) -> Point:
        return x + dx * size, y + dy * size

    dark = 0.45 * season.night
    wall = mix(rgb("#b24a3a"), rgb(season.shadow), dark)
    side = mix(mix(wall, rgb("#4a2430"), 0.45), rgb(season.shadow), 0.15)
    roof = mix(rgb("#5d4a4e"), rgb(season.shadow), 0.3)
    snow_lit, snow_dark = rgb(season.meadow[0]), rgb(season.meadow[1])
    front = [spot(-26, 2), spot(-26, -24), spot(-11, -43), spot(4, -24), spot(4, 2)]
    paint(canvas, view.fill([spot(4, 2), spot(4, -24), spot(42, -24), spot(42, 2)]), side)
    paint(canvas, view.fill(front), wall)
    slope = [spot(-13, -47), spot(34, -47), spot(47, -22), spot(3, -21)]
    paint(canvas, view.fill(slope), mix(roof, mix(snow_dark, snow_lit, 0.45), season.snow))
    eaves = mix(rgb("#f3e4d2"), rgb(season.shadow), dark)
    edge = mix(eaves, snow_lit, season.snow)
    paint(canvas, view.stroke([spot(-30, -20), spot(-12, -45), spot(5, -21)], 3.2 * size), edge)
    paint(canvas, view.fill([spot(20, -60), spot(27, -60), spot(27, -43), spot(20, -43)]), side)
    if season.snow:
        paint(
            canvas,
            view.fill([spot(19, -62), spot(28, -62), spot(28, -59), spot(19, -59)]),
            snow_lit,
        )
    lamp = mix(rgb("#f5e3b4"), rgb("#ffc860"), max(season.night, 0.6 * season.snow))
    for dx, dy in ((-19, -17), (-9, -17), (12, -16), (27, -16)):
        paint(canvas, view.fill(box(*spot(dx - 1, dy - 1), *spot(dx + 8, dy + 10))), eaves)
        paint(canvas, view.fill(box(*spot(dx, dy), *spot(dx + 7, dy + 9))), lamp)
        paint(canvas, view.stroke([spot(dx + 3.5, dy), spot(dx + 3.5, dy + 9)], 0.9), eaves)
    if season.night:
        shine(canvas, view.glow(spot(0, -12), 85), rgb("#ff9d45"), 0.7)
    if season.snow:
        smoke(canvas, season, view, spot(23, -62))


def smoke(canvas: Array, season: Season, view: View, start: Point) -> None:
    """Let smoke rise from a chimney and drift away from the sun."""
    chance = random.Random(2)
    tone = mix(rgb(season.clouds[1]), rgb(season.haze), 0.3)
    for i in range(26):
        up = i / 25
        spot = (start[0] + 46 * up**1.6 + chance.uniform(-2, 2), start[1] - 78 * up)
        paint(canvas, view.round(spot, 2.2 + 8 * up, 1.5 + 4 * up), tone, 0.26 * (1 - up) ** 0.8)
