"""Between the houses and the lens: wet cobbles, a bicycle, the lamp and a dark frame."""

from __future__ import annotations

import random

import numpy as np
from camera import Camera, Dab, View
from drawing import Array, box, curve, dim, levels, mix, oval, paint, ramp, rgb, shine
from stack import HOUSES, KERB, LAMPLIGHT, PAVEMENT


def road(canvas: Array, camera: Camera) -> None:
    """Turn the picture above the kerb into its image in wet cobbles."""
    houses_view = camera.view(HOUSES)
    axis = int((KERB - houses_view.top) * houses_view.scale)
    rows = canvas.shape[0]
    if axis >= rows:
        return
    view = camera.view(PAVEMENT)
    depth = np.arange(rows - axis, dtype=np.float32)[:, None]
    near = 1 + depth / houses_view.scale / 60
    pattern = _cobbles(view, axis, near, depth / houses_view.scale)
    wobble = (view.noise(16, 5, octaves=3, stretch=3)[axis:] - 0.5) * 70 + (pattern - 0.5) * 26
    source = np.clip(axis - depth * 1.6 - 4 + wobble, 0, axis - 1).astype(int)
    sideways = np.arange(canvas.shape[1])[None, :] + wobble * 0.22
    columns = np.clip(sideways, 0, canvas.shape[1] - 1).astype(int)
    smears = [np.clip(source - step, 0, axis - 1) for step in (0, 12, 24, 38)]
    mirror = sum((canvas[rows_, columns] for rows_ in smears), np.zeros(1, np.float32)) / 4
    puddles = levels(view.noise(90, 33, octaves=4, stretch=3.5)[axis:], 0.44, 0.62)
    stone = ramp(["#161c3c", "#2c335a", "#4a4d74"], pattern)
    wet = np.clip(0.34 + 0.5 * puddles + 0.12 * pattern, 0, 0.9)
    canvas[axis:] = mix(stone, mirror * 1.08, wet[..., None])
    kerb = houses_view.fill(box(-400, KERB - 3, 1700, KERB + 5))
    paint(canvas, kerb, rgb("#8a83a0"))
    dim(canvas, houses_view.fill(box(-400, KERB + 5, 1700, KERB + 15), 2), rgb("#30345c"), 0.8)


def _cobbles(view: View, axis: int, near: Array, depth: Array) -> Array:
    """Return the height (0 to 1) of rows of stones that grow as they come nearer."""
    course = np.log(near) * 30
    row = np.floor(course)
    x = (view.across - 700) / near / 13 + row % 2 * 0.5
    stone = np.minimum(np.abs(course - row - 0.5), np.abs(x - np.floor(x) - 0.5))
    edge = np.maximum(np.abs(course - row - 0.5), np.abs(x - np.floor(x) - 0.5))
    tone = view.noise(26, 51, octaves=3, stretch=2)[axis:] - 0.5
    bulge = levels(edge, 0.5, 0.30) * (0.75 + 0.3 * (0.5 - stone)) + tone * 0.7
    fade = np.clip(depth / 30, 0.25, 1)
    return np.asarray(np.clip(0.35 + (bulge - 0.35) * fade, 0, 1), np.float32)


def bicycle(canvas: Array, view: View) -> None:
    """Lean a bicycle against the wall of the bookshop, dark against the shop."""
    tone, rim = rgb("#10142c"), rgb("#d8a060")
    rear, front, radius = (452.0, 524.0), (540.0, 524.0), 27.0
    dim(canvas, view.fill(oval((496, 554), 80, 7), 4), rgb("#30304c"), 0.8)
    for wheel in (rear, front):
        ring = oval(wheel, radius, radius)
        paint(canvas, view.stroke([*ring, ring[0]], 3.2), tone)
        for i in range(8):
            angle = i * np.pi / 8
            dx, dy = radius * float(np.cos(angle)), radius * float(np.sin(angle))
            spoke = [(wheel[0] - dx, wheel[1] - dy), (wheel[0] + dx, wheel[1] + dy)]
            paint(canvas, view.stroke(spoke, 0.5), tone, 0.7)
    pedals, saddle, head = (490.0, 526.0), (478.0, 482.0), (526.0, 484.0)
    for line in (
        [rear, pedals, head],
        [rear, (479, 490), pedals],
        [(479, 492), head],
        [front, (522, 470)],
    ):
        paint(canvas, view.stroke(line, 3.2), tone)
    paint(canvas, view.stroke(curve([(510, 468), (522, 470), (530, 464)], steps=6), 3), tone)
    paint(canvas, view.stroke([(470, 480), (486, 481)], [6, 3]), tone)
    paint(canvas, view.stroke([saddle, (479, 494)], 2.6), tone)
    arc = oval(front, radius + 1, radius + 1)[30:38]
    paint(canvas, view.stroke(arc, 1.2), rim, 0.8)


def lamp(canvas: Array, view: View) -> None:
    """Paint the street lamp, the cone of its light and the pool on the stones."""
    x, top = 968.0, 216.0
    iron, edge = rgb("#0c1026"), rgb("#6a5a58")
    shine(canvas, view.glow((x, top + 20), 340), LAMPLIGHT, 0.62)
    shine(canvas, view.glow((x, 610), 330, squash=0.26), LAMPLIGHT, 0.62)
    paint(canvas, view.stroke([(x, top + 50), (x, 610)], [7, 9]), iron)
    paint(canvas, view.stroke([(x - 2, top + 60), (x - 2.5, 600)], 1.3), edge)
    for y, wide in ((606, 24), (590, 16), (560, 13), (top + 62, 13), (430, 12)):
        paint(canvas, view.stroke([(x - wide / 2, y), (x + wide / 2, y)], 6), iron)
    arm = curve([(x - 26, top + 78), (x, top + 72), (x + 26, top + 78)], steps=6)
    paint(canvas, view.stroke(arm, 3), iron)
    glass = [(x - 13, top + 46), (x - 20, top), (x + 20, top), (x + 13, top + 46)]
    paint(canvas, view.fill(glass), rgb("#fff0c0"))
    shine(canvas, view.glow((x, top + 24), 90), rgb("#ffe0a0"), 0.95)
    for line in (
        [glass[0], glass[1]],
        [glass[2], glass[3]],
        [(x, top), (x, top + 46)],
        [glass[0], glass[3]],
    ):
        paint(canvas, view.stroke(line, 2.2), iron)
    hat = [(x - 25, top + 1), (x - 9, top - 18), (x + 9, top - 18), (x + 25, top + 1)]
    paint(canvas, view.fill(hat), iron)
    paint(canvas, view.round((x, top - 22), 4.4), iron)


def framing(canvas: Array, view: View) -> None:
    """Frame the wide view with a dark doorway at the left and a bough of leaves at the right."""
    dark = rgb("#080b1e")
    wall = view.fill([(-200, -200), (64, -200), (64, 110), (50, 122), (50, 800), (-200, 800)], 2)
    paint(canvas, wall, dark)
    paint(canvas, view.stroke([(52, 130), (52, 720)], 2.4, 1), rgb("#5a4a58"), 0.55)
    bough = curve([(1340, 70), (1200, 60), (1080, 92), (990, 70), (930, 92)])
    paint(canvas, view.stroke(bough, [16, 10, 4], 1), dark)
    chance = random.Random(17)
    spots = np.array(bough)
    leaves = []
    for _ in range(760):
        x, y = spots[chance.randrange(len(spots))]
        place = (float(x) + chance.gauss(0, 26), float(y) + chance.gauss(14, 20))
        lit = np.exp(-(((place[0] - 968) / 120) ** 2)) * chance.random()
        leaves.append(
            Dab(*place, 7.0, 2.8, chance.uniform(0, 3), mix(dark, rgb("#8a6a3a"), float(lit) * 0.8))
        )
    view.dabs(canvas, leaves)
