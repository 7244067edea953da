"""The tree: the same boughs all year, dressed by the season."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
from camera import Dab, View
from drawing import Array, Point, curve, mix, paint, ramp, rgb
from seasons import TREE_FOOT, Season


def tree(canvas: Array, season: Season, view: View) -> None:
    """Grow the tree: the same boughs all year, leaves behind and before them in their season."""
    boughs = list(_boughs())
    tips = [bough[-1] for bough, thick in boughs if thick < 8]
    if season.foliage:
        view.dabs(canvas, _leaves(season, tips, 0.42, 21))
    wood = mix(rgb("#3b2a28"), rgb(season.shadow), 0.15 + 0.3 * season.night)
    lit = mix(rgb("#8d6a52"), rgb(season.sunlight), 0.15)
    x, y = TREE_FOOT
    for toe in (-38, -16, 20, 42):
        root = curve(
            [(x + toe * 0.12, y - 58), (x + toe * 0.42, y - 16), (x + toe, y + 4)], steps=8
        )
        paint(canvas, view.stroke(root, [14, 20, 4]), wood)
    for bough, thick in boughs:
        paint(canvas, view.stroke(bough, [thick, thick * 0.68]), wood)
    for bough, thick in boughs:
        edge = [(px - thick * 0.22, py - thick * 0.08) for px, py in bough]
        if thick > 3.5:
            paint(
                canvas,
                view.stroke(edge, [thick * 0.3, thick * 0.16], 0.6),
                lit,
                0.6 - 0.3 * season.night,
            )
        if season.snow and thick < 17:
            top = [(px - thick * 0.1, py - thick * 0.42) for px, py in bough]
            flat = abs(bough[-1][0] - bough[0][0]) / (abs(bough[-1][1] - bough[0][1]) + 1)
            snow = view.stroke(top, [thick * 0.5 + 0.5, thick * 0.45 + 0.4])
            paint(
                canvas, snow, mix(rgb(season.meadow[0]), rgb("#ffffff"), 0.3), min(1.0, 0.4 + flat)
            )
    if season.foliage:
        view.dabs(canvas, _leaves(season, tips, 1.0, 22))
    _roots(canvas, season, view)


def _roots(canvas: Array, season: Season, view: View) -> None:
    """Seat the trunk in the ground with grass or a drift of snow that leans on it."""
    x, y = TREE_FOOT
    if season.snow:
        drift = curve(
            [(x - 74, y + 22), (x - 40, y + 4), (x - 14, y - 3), (x + 20, y + 3), (x + 78, y + 24)]
        )
        snow = ramp(season.meadow, np.clip((view.down - y + 14) / 34, 0.1, 0.55))
        paint(canvas, view.fill([*drift, (x + 40, y + 34), (x - 44, y + 34)], 2.2), snow)
        return
    chance = random.Random(4)
    tufts = [(chance.gauss(x, 30), chance.uniform(y + 1, y + 24)) for _ in range(260)]
    view.dabs(
        canvas,
        (
            Dab(
                px,
                py,
                1.2,
                chance.uniform(5, 11),
                chance.uniform(-0.5, 0.5),
                ramp(season.meadow[::-1], np.array(chance.random() * 0.8, np.float32)),
            )
            for px, py in sorted(tufts, key=lambda spot: spot[1])
        ),
    )


def _boughs() -> Iterator[tuple[list[Point], float]]:
    """Yield each bough as its line and its thickness at the start, thick ones first."""
    chance = random.Random(12)
    waiting: list[tuple[Point, float, float, float]] = [(TREE_FOOT, -1.66, 118, 42)]
    while waiting:
        (x, y), heading, length, thick = waiting.pop(0)
        bend = chance.uniform(-0.22, 0.22)
        middle = (
            x + length * 0.55 * np.cos(heading - bend),
            y + length * 0.55 * np.sin(heading - bend),
        )
        end = (
            float(middle[0] + length * 0.45 * np.cos(heading + bend)),
            float(middle[1] + length * 0.45 * np.sin(heading + bend)),
        )
        yield curve([(x, y), (float(middle[0]), float(middle[1])), end], steps=5), thick
        if thick < 1.7:
            continue
        forks = 3 if thick > 20 or chance.random() < 0.35 else 2
        spread = chance.uniform(0.85, 1.15)
        for i in range(forks):
            lean = (i - (forks - 1) / 2) * spread * (0.95 if forks == 2 else 0.72)
            turn = heading + lean + chance.uniform(-0.15, 0.15)
            turn += 0.24 * float(np.sin(-1.571 - turn))  # towards the light
            reach = length * chance.uniform(0.70, 0.84)
            waiting.append((end, turn, reach, thick * (0.68 if forks == 2 else 0.6)))


def _leaves(season: Season, tips: list[Point], amount: float, seed: int) -> Iterator[Dab]:
    """Yield leaves around the twigs: dark ones inside and below first, sunlit ones last."""
    chance = random.Random(seed)
    spots = np.array(tips)
    middle = spots.mean(0)
    clumps = spots[:: max(1, len(spots) // 34)]
    nearest = np.argmin(np.linalg.norm(spots[:, None] - clumps[None], axis=-1), axis=1)
    shades = [chance.uniform(-0.13, 0.13) for _ in clumps]
    leaves = []
    for tip, clump in zip(tips, nearest.tolist(), strict=True):
        for _ in range(int(15 * amount * season.fullness)):
            x, y = tip[0] + chance.gauss(0, 12), tip[1] + chance.gauss(0, 10)
            local = -0.0035 * (x - clumps[clump][0]) - 0.0075 * (y - clumps[clump][1])
            far = -0.0009 * (x - middle[0]) - 0.0012 * (y - middle[1])
            lit = 0.40 + local + far + shades[clump] + chance.uniform(-0.16, 0.16)
            leaves.append((lit - (0.3 if amount < 1 else 0), x, y))
    leaves.sort()
    for lit, x, y in leaves:
        tone = ramp(season.foliage, np.array(np.clip(lit, 0, 1), np.float32))
        size = chance.uniform(1.9, 4.2)
        yield Dab(x, y, size, size * 0.6, chance.uniform(0, 3.1), tone)
