"""The near bank: grass or snow, flowers, tall stems at the lens, and what falls from the air."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
from camera import Camera, Dab, View
from drawing import (
    Array,
    Mask,
    Point,
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
from seasons import TREE_FOOT, Season


def bank(canvas: Array, season: Season, view: View) -> None:
    """Paint the near meadow, its grass or snow, its flowers and the shadow of the tree."""
    line = curve(
        [
            (-260, 560),
            (40, 592),
            (260, 612),
            (470, 604),
            (640, 566),
            (820, 530),
            (1060, 508),
            (1560, 486),
        ],
        steps=20,
    )
    mask = view.fill(ground(line, 1100), 0.8)
    shore = view.stroke(line, 7, 3)
    dim(canvas, shore, rgb(season.shadow), 0.7)
    swell = levels(view.noise(150, 8, octaves=3, stretch=2.6), 0.36, 0.64)
    fine = view.noise(14, 9, octaves=3, stretch=2.2) - 0.5
    low = levels(view.down, 500, 760)
    tone = np.clip(0.25 + 0.5 * low - 0.5 * (swell - 0.5) + fine * 0.35 * (1.2 - season.snow), 0, 1)
    paint(canvas, mask, ramp(season.meadow, tone))
    shadow = _tree_shadow(view, season)
    dim(canvas, shadow.times(mask.full()), rgb(season.shadow), 0.62)
    if not season.snow:
        view.dabs(canvas, _blades(season, line, 3600, 15))
        dim(canvas, shadow.times(mask.full()), rgb(season.shadow), 0.25)
        view.dabs(canvas, _flowers(season, line))
    else:
        dune = view.noise(70, 40, octaves=4, stretch=3.2)
        crest = levels(
            dune - view.noise(70, 40, octaves=4, stretch=3.2, shift=(-6, -7)), 0.01, 0.09
        )
        shine(canvas, mask.times(crest), rgb(season.sunlight), 0.3)


def _tree_shadow(view: View, season: Season) -> Mask:
    """Return the soft shadow that trunk and crown throw down the slope, away from the sun."""
    x, y = TREE_FOOT
    trunk = view.stroke([(x, y), (x + 120, y + 30), (x + 260, y + 62)], [26, 18, 14], 3)
    if not season.foliage:
        twigs = trunk.full()
        for side, reach in ((-40, 150), (30, 190), (70, 120), (-80, 90)):
            tip = (x + 250 + reach, y + 62 + side * 0.5)
            twig = view.stroke([(x + 170, y + 42), (x + 230, y + 56), tip], [9, 6, 2], 3)
            twigs = np.maximum(twigs, twig.full())
        return whole(twigs)
    crown = view.fill(oval((x + 240, y + 66), 250, 46, 0.16), 12).full()
    dapple = levels(view.noise(34, 70, octaves=3, stretch=2), 0.36, 0.56)
    return whole(np.maximum(trunk.full(), crown * (0.45 + 0.55 * dapple)))


def _blades(season: Season, line: list[Point], count: int, seed: int) -> Iterator[Dab]:
    """Yield blades of grass from the shore to the frame's edge, larger as they come nearer."""
    chance = random.Random(seed)
    xs, ys = np.array(line).T
    spots = sorted((chance.random() ** 1.3, chance.uniform(-40, 1340)) for _ in range(count))
    for near, x in spots:
        top = float(np.interp(x, xs, ys))
        y = top + (745 - top) * near
        lit = chance.random() - 0.25 * near
        tone = ramp(season.meadow[::-1], np.array(np.clip(lit + 0.1, 0, 1), np.float32))
        tall = (3 + 10 * near) * chance.uniform(0.6, 1.2)
        yield Dab(x, y, 0.7 + 0.5 * near, tall, chance.uniform(-0.4, 0.4), tone)


def _flowers(season: Season, line: list[Point]) -> Iterator[Dab]:
    """Yield flowers in drifts across the meadow (in autumn: leaves that have fallen)."""
    chance = random.Random(77)
    xs, ys = np.array(line).T
    for _ in range(900):
        x, near = chance.uniform(-20, 1300), chance.random() ** 0.8
        drift = wander(np.array([x + 260 * near], np.float32), 120, 61, 2)[0]
        if drift < 0.05:
            continue
        top = float(np.interp(x, xs, ys)) + 6
        tone = rgb(chance.choice(season.flowers)) * chance.uniform(0.82, 1)
        size = (1.1 + 2.2 * near) * chance.uniform(0.7, 1.1)
        yield Dab(x, top + (740 - top) * near, size, size * 0.75, chance.uniform(0, 3), tone)


def meadow_edge(canvas: Array, season: Season, view: View) -> None:
    """Frame the picture with tall grass close to the lens, bent by the wind."""
    chance = random.Random(31)
    dark = mix(rgb(season.meadow[1]), rgb(season.shadow), 0.5)
    for _ in range(150):
        side = chance.random()
        x = 640 + (-1 if side < 0.6 else 1) * (300 + 420 * chance.random() ** 0.6)
        reach = abs(x - 640) / 720
        tall = (40 + 150 * reach**2) * chance.uniform(0.5, 1.1)
        lean = chance.uniform(-10, 40)
        stem = curve(
            [(x, 760), (x + lean * 0.2, 760 - tall * 0.6), (x + lean, 760 - tall)], steps=6
        )
        tone = mix(dark, rgb(season.meadow[0]), chance.uniform(0, 0.55))
        paint(canvas, view.stroke(stem, [3.4, 0.8], 0.5), tone, 0.95)
        if chance.random() < 0.4:
            ear = view.stroke(stem[-4:], [3.6, 4.4, 1.4], 0.5)
            seed_tone = (
                rgb(season.meadow[0]) if season.snow else mix(tone, rgb(season.sunlight), 0.4)
            )
            paint(canvas, ear, seed_tone, 0.95)


def falling(canvas: Array, season: Season, camera: Camera) -> None:
    """Let snow, petals or leaves drift through the air at three distances."""
    if not season.falling:
        return
    for layer, (distance, count, size) in enumerate(
        ((4.0, 130, 1.5), (2.0, 60, 2.6), (1.1, 16, 5.0))
    ):
        chance = random.Random(90 + layer)
        view = camera.view(distance)
        amount = count if season.snow else count // 3
        for _ in range(amount):
            spot = (chance.uniform(-20, 1300), chance.uniform(-10, 730))
            tone = rgb(chance.choice(season.falling))
            grow = size * chance.uniform(0.6, 1.2)
            shape = oval(spot, grow, grow * (0.95 if season.snow else 0.5), chance.uniform(0, 3))
            blur = 0.9 * layer if season.snow else 0.35 * layer
            paint(canvas, view.fill(shape, blur), tone, 0.75)
