"""The fox herself, painted from a pose.

Her units put the hub of her rear wheel at (0, 0) and the ground at y = 60; she looks right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from camera import View
from drawing import Array, Point, curve, dim, mix, oval, overlap, paint, rgb, shine
from rider import (
    CREAM,
    FUR,
    FUR_DARK,
    JACKET,
    JACKET_DARK,
    SCARF,
    SCARF_DARK,
    SOCK,
    TYRE,
    Light,
    Pose,
    joint,
)


def far_limbs(canvas: Array, view: View, pose: Pose, light: Light) -> None:
    """Paint the leg and the arm on the far side; the bicycle goes over them."""
    shadow = Light(light.shade * 0.72, min(1.0, light.amount + 0.55), light.rim)
    _leg(canvas, view, pose.hip, pose.feet[0], shadow, pose.toes[0])
    _arm(canvas, view, pose.shoulder, pose.hands[0], shadow)


def near_body(canvas: Array, view: View, pose: Pose, light: Light) -> None:
    """Paint all the rest of her, from the tail to the nose."""
    _tail(canvas, view, pose.tail, light)
    _torso(canvas, view, pose, light)
    _leg(canvas, view, pose.hip, pose.feet[1], light, pose.toes[1])
    _scarf_end(canvas, view, pose.scarf, light)
    _head(canvas, view.inside(pose.head, 1.0), pose, light)
    _neck(canvas, view, pose, light)
    _arm(canvas, view, pose.shoulder, pose.hands[1], light)


def _leg(canvas: Array, view: View, hip: Point, foot: Point, light: Light, toe: float) -> None:
    knee = joint(hip, foot, (76, 78), 1)
    shape = curve([hip, knee, foot], steps=10)
    middle = len(shape) // 2
    paint(canvas, view.stroke(shape, [44, 34, 24, 19, 17, 15]), light.on(FUR))
    paint(canvas, view.stroke(shape[middle + 4 :], [19, 17, 15]), light.on(SOCK))
    ball = foot[0] + 22 * float(np.cos(toe)), foot[1] + 22 * float(np.sin(toe))
    paint(canvas, view.stroke([(foot[0] - 4, foot[1]), ball], [17, 13]), light.on(SOCK))


def _arm(canvas: Array, view: View, shoulder: Point, hand: Point, light: Light) -> None:
    elbow = joint(shoulder, hand, (48, 50), -1)
    sleeve = curve([shoulder, elbow, hand], steps=10)
    paint(
        canvas,
        view.stroke([(x + 1, y + 4) for x, y in sleeve], [28, 22, 18]),
        light.on(JACKET_DARK),
    )
    paint(canvas, view.stroke(sleeve, [27, 21, 17]), light.on(JACKET))
    paint(canvas, view.stroke(sleeve[-3:], 18), light.on(SCARF))
    paint(canvas, view.round(hand, 10.5), light.on(SOCK))


def _torso(canvas: Array, view: View, pose: Pose, light: Light) -> None:
    spine = curve([pose.hip, _between(pose.hip, pose.shoulder, (-6, 4)), pose.shoulder])
    body = view.stroke(spine, [62, 66, 60, 50, 40])
    paint(canvas, body, light.on(FUR))
    jacket = view.stroke(spine[5:], [67, 64, 56, 44])
    paint(canvas, jacket, light.on(JACKET))
    back = view.stroke([(x - 20, y + 6) for x, y in spine[5:]], [34, 30, 24], 5)
    dim(canvas, overlap(back, jacket), light.on(rgb("#5a8a96")), 0.75)
    hem = spine[5]
    across = [(hem[0] - 31, hem[1] - 3), (hem[0], hem[1] + 7), (hem[0] + 31, hem[1] + 2)]
    paint(canvas, view.stroke(curve(across, steps=6), 6), light.on(JACKET_DARK))
    edge = [(x + 26, y - 2) for x, y in spine[7:]]
    shine(canvas, overlap(view.stroke(edge, [9, 8, 6], 2.5), jacket), light.rim, 0.5)


def _tail(canvas: Array, view: View, line: Sequence[Point], light: Light) -> None:
    brush = curve(line, steps=14)
    widths = [14, 26, 42, 54, 56, 44, 26, 5]
    whole_tail = view.stroke(brush, widths)
    paint(canvas, whole_tail, light.on(CREAM))
    end = int(len(brush) * 0.64)
    paint(canvas, view.stroke(brush[:end], [14, 23, 34, 45, 52, 56, 55]), light.on(FUR))
    here, ahead = np.array(brush[end - 1]), np.array(brush[min(end + 4, len(brush) - 1)])
    along = (ahead - here) / max(float(np.hypot(*(ahead - here))), 1e-6)
    aside = np.array([-along[1], along[0]])
    for offset, reach in ((-15.0, 30), (0.0, 42), (15.0, 30)):
        root = here + aside * offset
        spots = [root + aside * 10, root - aside * 10, root + along * reach]
        tooth = [(float(x), float(y)) for x, y in spots]
        paint(canvas, view.fill(tooth), light.on(FUR))
    shade = view.stroke([(x, y + 14) for x, y in brush], [4, 14, 26, 30, 28, 20, 8, 1], 5)
    dim(canvas, overlap(shade, whole_tail), rgb("#c06a4a"), 0.5)


def _head(canvas: Array, view: View, pose: Pose, light: Light) -> None:
    size = 47.0
    cosine, sine = np.cos(pose.nod), np.sin(pose.nod)

    def at(*points: Point) -> list[Point]:
        return [
            (float(size * (x * cosine - y * sine)), float(size * (x * sine + y * cosine)))
            for x, y in points
        ]

    back = pose.ears_back
    far_ear = at((-0.12, -0.82), (0.16 - back, -1.62 + 0.4 * back), (0.44, -0.68))
    paint(canvas, view.fill(far_ear), light.on(mix(FUR, FUR_DARK, 0.55)))
    skull = at(
        (-0.98, 0.15), (-0.86, -0.5), (-0.3, -0.93), (0.3, -0.85), (0.72, -0.38), (1.15, -0.02),
        (1.6, 0.14), (1.62, 0.32), (1.2, 0.52), (0.6, 0.72), (0, 0.84), (-0.6, 0.66),
    )  # fmt: skip
    shape = view.fill(curve(skull, closed=True))
    paint(canvas, shape, light.on(FUR))
    tufts = (
        at((-0.5, 0.2), (-1.36, 0.42), (-0.7, 0.66)),
        at((-0.6, 0.4), (-1.12, 0.94), (-0.2, 0.84)),
    )
    for tuft in tufts:
        paint(canvas, view.fill(tuft), light.on(CREAM))
    muzzle = at(
        (1.62, 0.3), (1.2, 0.14), (0.78, 0.12), (0.42, 0.30), (-0.05, 0.26), (-0.5, 0.2),
        (-0.9, 0.5), (-0.5, 0.74), (0, 0.86), (0.6, 0.74), (1.2, 0.54),
    )  # fmt: skip
    cream = view.fill(curve(muzzle, closed=True))
    paint(canvas, cream, light.on(CREAM))
    chin = view.stroke(at((-0.9, 0.9), (0, 0.98), (1.2, 0.68)), 14, 4)
    dim(canvas, overlap(chin, cream), rgb("#b08a8a"), 0.5)
    near_ear = at((-0.84, -0.5), (-0.55 - back, -1.75 + 0.45 * back), (0.06, -0.84))
    inner = at((-0.6, -0.72), (-0.52 - back * 0.9, -1.45 + 0.4 * back), (-0.18, -0.84))
    paint(canvas, view.fill(near_ear), light.on(FUR))
    paint(canvas, view.fill(inner), light.on(SOCK))
    paint(canvas, view.fill(oval(at((1.6, 0.17))[0], 7.6, 6.4, pose.nod)), light.on(TYRE))
    shine(canvas, view.round(at((1.57, 0.11))[0], 2, 0.6), rgb("#ffffff"), 0.6)
    mouth = at((1.45, 0.38), (1.15, 0.47), (0.82, 0.38 - 0.12 * pose.happy))
    paint(canvas, view.stroke(curve(mouth), 2.4), light.on(SOCK))
    blush = view.fill(oval(at((0.38, 0.32))[0], 10, 7), 3)
    paint(canvas, blush, light.on(rgb("#f08a6a")), 0.5)
    if pose.happy > 0.5:
        lid = at((0.36, -0.06), (0.52, -0.22), (0.7, -0.06))
        paint(canvas, view.stroke(curve(lid), 4), light.on(TYRE))
    else:
        paint(canvas, view.fill(oval(at((0.52, -0.1))[0], 5.6, 7.4, pose.nod)), light.on(TYRE))
        paint(canvas, view.round(at((0.57, -0.16))[0], 2.1), rgb("#ffffff"), 0.95)
    brow = view.stroke(at((0.3, -0.9), (0.78, -0.38), (1.3, 0)), 9, 3)
    shine(canvas, overlap(brow, shape), light.rim, 0.45)


def _neck(canvas: Array, view: View, pose: Pose, light: Light) -> None:
    x, y = pose.shoulder
    lean = (pose.head[0] - x) * 0.35
    wrap = curve([(x - 24 + lean, y - 9), (x + lean, y + 3), (x + 28 + lean, y - 10)], steps=6)
    paint(canvas, view.stroke([(a, b + 4) for a, b in wrap], 19), light.on(SCARF_DARK))
    paint(canvas, view.stroke(wrap, 18), light.on(SCARF))


def _scarf_end(canvas: Array, view: View, line: Sequence[Point], light: Light) -> None:
    cloth = curve(line)
    paint(
        canvas, view.stroke([(x, y + 5) for x, y in cloth], [13, 16, 19, 17]), light.on(SCARF_DARK)
    )
    paint(canvas, view.stroke(cloth, [12, 15, 18, 16]), light.on(SCARF))


def _between(start: Point, end: Point, shift: Point) -> Point:
    return (start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1]
