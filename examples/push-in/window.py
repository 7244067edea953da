"""The one lit window, the room behind it and the cat before it."""

from __future__ import annotations

import random

import numpy as np
from camera import Camera, Dab, View
from drawing import Array, blank, box, curve, dim, levels, mix, oval, paint, ramp, rgb, shine, whole
from stack import HOUSES, WINDOW_BOTTOM, WINDOW_LEFT, WINDOW_RIGHT, WINDOW_TOP


def lit_window(canvas: Array, camera: Camera) -> None:
    """Open the one lit window: the room lies behind the wall, so it shifts as the camera moves."""
    wall, room = camera.view(HOUSES), camera.view(HOUSES + 0.55)
    opening = wall.fill(box(WINDOW_LEFT, WINDOW_TOP, WINDOW_RIGHT, WINDOW_BOTTOM))
    stone = box(WINDOW_LEFT - 12, WINDOW_TOP - 14, WINDOW_RIGHT + 12, WINDOW_BOTTOM + 4)
    paint(canvas, wall.fill(stone), rgb("#b8a4a0"))
    paint(
        canvas,
        wall.fill(box(WINDOW_LEFT - 4, WINDOW_TOP - 5, WINDOW_RIGHT + 4, WINDOW_BOTTOM + 3)),
        rgb("#7a5a58"),
    )
    inside = blank(
        ramp(["#d98a3c", "#f7b95e", "#ffe0a0", "#f2a850"], np.clip((room.down - 220) / 150, 0, 1))
    )
    interior(inside, room)
    paint(canvas, opening, inside)
    sash(canvas, wall)
    spill = wall.fill(oval((690, 430), 190, 70), 30)
    shine(canvas, spill, rgb("#ff9a3c"), 0.16)
    glow = wall.glow((674, 300), 230)
    shine(canvas, glow, rgb("#ff9a3c"), 0.5)
    cat(canvas, camera.view(HOUSES - 0.04))


def interior(inside: Array, room: View) -> None:
    """Paint the room: a shelf of books, a picture, a lamp and somebody who reads beneath it."""
    paper = levels(np.sin(room.across * 0.55), 0.2, 0.9) * 0.10
    dim(inside, whole(paper), rgb("#c88a50"))
    for shelf in (262, 286):
        paint(inside, room.stroke([(704, shelf), (790, shelf)], 2.6), rgb("#7a4a2a"))
        chance = random.Random(shelf)
        x = 706.0
        while x < 770:
            wide, tall = chance.uniform(2.4, 4.4), chance.uniform(11, 18)
            tone = rgb(chance.choice(["#a8443a", "#2f6a6a", "#c8923a", "#5a4a7a", "#3a5a3a"]))
            paint(inside, room.fill(box(x, shelf - tall, x + wide, shelf - 1)), tone * 0.9)
            x += wide + 0.4
    paint(inside, room.fill(box(640, 246, 664, 276)), rgb("#8a5a34"))
    paint(inside, room.fill(box(643, 249, 661, 273)), rgb("#7fa6b0"))
    paint(
        inside,
        room.fill([(643, 273), (650, 259), (656, 267), (661, 262), (661, 273)]),
        rgb("#4a6a5a"),
    )
    reader(inside, room)
    lamp_at = (712, 306)
    paint(inside, room.stroke([(lamp_at[0], 330), (lamp_at[0], 372)], 2), rgb("#6a4428"))
    shade = [
        (lamp_at[0] - 8, 310),
        (lamp_at[0] + 8, 310),
        (lamp_at[0] + 15, 332),
        (lamp_at[0] - 15, 332),
    ]
    paint(inside, room.fill(shade), rgb("#fff2c8"))
    shine(inside, room.glow((lamp_at[0], 322), 75), rgb("#ffe9b0"), 0.75)


def reader(inside: Array, room: View) -> None:
    """Paint somebody in an armchair who looks down into a book."""
    chair = curve(
        [(640, 380), (640, 326), (652, 310), (668, 314), (674, 344), (700, 350), (704, 380)],
        steps=8,
    )
    paint(inside, room.fill(chair), rgb("#7a3f3a"))
    body = curve([(656, 380), (658, 338), (668, 325), (680, 330), (688, 350), (694, 380)], steps=8)
    paint(inside, room.fill(body), rgb("#35526a"))
    paint(inside, room.fill(oval((677, 313), 9.5, 11, 0.25)), rgb("#e2a878"))
    hair = curve(
        [(666, 318), (664, 304), (674, 299), (686, 303), (687, 308), (677, 308), (672, 322)],
        steps=8,
    )
    paint(inside, room.fill(hair), rgb("#5a3020"))
    paint(inside, room.round((665, 305), 4.6), rgb("#5a3020"))
    paint(
        inside,
        room.stroke(curve([(674, 340), (684, 356), (697, 348)], steps=8), [8, 6]),
        rgb("#2c455a"),
    )
    book = [(689, 352), (699, 338), (711, 344), (702, 357)]
    paint(inside, room.fill(book), rgb("#a8443a"))
    paint(inside, room.fill([(690, 349), (699, 336), (709, 341), (701, 353)]), rgb("#fff4d8"))


def sash(canvas: Array, view: View) -> None:
    """Paint the bars, the curtains, the sill and its flower box."""
    for side, edge in ((1, WINDOW_LEFT), (-1, WINDOW_RIGHT)):
        for fold in range(4):
            x = edge + side * fold * 5.2
            sweep = side * (8 - fold * 1.4)
            cloth = curve(
                [(x, WINDOW_TOP + 6), (x + sweep * 0.8, 290), (x - side, 330), (x, WINDOW_BOTTOM)],
                steps=8,
            )
            tone = mix(rgb("#c8563a"), rgb("#ffb070"), fold / 3)
            paint(canvas, view.stroke(cloth, [5.4, 4.6, 5.0]), tone, 0.96)
    bar = rgb("#6a4440")
    for x in (WINDOW_LEFT + 1, 674, WINDOW_RIGHT - 1):
        paint(canvas, view.stroke([(x, WINDOW_TOP), (x, WINDOW_BOTTOM)], 3.2), bar)
    for y in (WINDOW_TOP + 1, 274, WINDOW_BOTTOM):
        paint(canvas, view.stroke([(WINDOW_LEFT, y), (WINDOW_RIGHT, y)], 2.8), bar)
    sill = box(WINDOW_LEFT - 18, WINDOW_BOTTOM + 2, WINDOW_RIGHT + 18, WINDOW_BOTTOM + 10)
    paint(canvas, view.fill(sill), rgb("#d8bca8"))
    dim(
        canvas,
        view.fill(
            box(WINDOW_LEFT - 14, WINDOW_BOTTOM + 10, WINDOW_RIGHT + 14, WINDOW_BOTTOM + 22), 3
        ),
        rgb("#504468"),
        0.8,
    )
    chance = random.Random(8)
    pot = [
        (WINDOW_LEFT - 10, 344),
        (WINDOW_LEFT + 30, 344),
        (WINDOW_LEFT + 27, 360),
        (WINDOW_LEFT - 7, 360),
    ]
    paint(canvas, view.fill(pot), rgb("#a85a3c"))
    view.dabs(
        canvas,
        (
            Dab(
                WINDOW_LEFT + 10 + chance.gauss(0, 13),
                338 + chance.gauss(0, 6),
                3.4,
                1.9,
                chance.uniform(0, 3),
                rgb(chance.choice(["#3f6a48", "#5a8a4c", "#2c4c3c", "#e8746a", "#f2a088"])),
            )
            for _ in range(90)
        ),
    )


def cat(canvas: Array, view: View) -> None:
    """Set a cat on the sill, dark against the room, its tail hanging over the edge."""
    fur, rim = rgb("#1c1a2e"), rgb("#e89a50")
    body = curve(
        [(692, 360), (690, 344), (696, 332), (704, 328), (712, 334), (717, 348), (716, 360)],
        steps=8,
    )
    head = oval((700, 323), 8.6, 7.6)
    ears = ([(692.5, 320), (693, 310), (699, 316.5)], [(701.5, 316.5), (707, 310), (708, 320)])
    tail = curve([(714, 357), (724, 360), (727, 374), (722, 386), (727, 392)], steps=8)
    for grow, tone in ((0.8, rim), (0.0, fur)):
        shift = -grow * 0.6
        for shape in (body, head, *ears):
            moved = [(x + grow, y + shift) for x, y in shape]
            paint(canvas, view.fill(moved), tone)
        paint(canvas, view.stroke([(x + grow, y) for x, y in tail], [4.4, 3.4, 2.6]), tone)
    for x in (697, 703.4):
        paint(canvas, view.fill(oval((x, 322.5), 1.5, 1.8)), rgb("#ffe27a"))
        paint(canvas, view.fill(oval((x, 322.5), 0.5, 1.6)), rgb("#201a20"))
