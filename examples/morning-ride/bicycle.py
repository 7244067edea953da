"""What she rides and carries: the bicycle, its basket and lamp, and the paper boat."""

from __future__ import annotations

import numpy as np
from camera import View
from drawing import Array, Point, box, curve, dim, mix, oval, paint, rgb, shine
from rider import (
    BASKET,
    CRANK,
    FRAME,
    FRONT,
    GRIP,
    LEATHER,
    METAL,
    RADIUS,
    REAR,
    TYRE,
    WICKER,
    Light,
    pedal,
)


def bicycle(canvas: Array, view: View, light: Light, *, spin: float, crank: float) -> None:
    """Paint the bicycle, its wheels turned by `spin`, its near pedal at the angle `crank`."""
    far = light.on(METAL * 0.55)
    paint(canvas, view.stroke([CRANK, pedal(crank + np.pi)], 5), far)
    for hub in (REAR, FRONT):
        _wheel(canvas, view, hub, spin, light)
    red, dark = light.on(FRAME), light.on(FRAME * 0.62)
    seat_tube = [(40.0, -78.0), CRANK]
    head_low, head_top = (165.0, -72.0), (153.0, -110.0)
    for line in ([REAR, CRANK], [REAR, (46.0, -62.0)]):
        paint(canvas, view.stroke(line, 5.5), dark)
    sweep = curve([(157, -98), (138, -50), (106, -12), CRANK], steps=10)
    for line in (seat_tube, sweep, curve([(160, -86), (144, -34), (108, 2), CRANK], steps=10)):
        paint(canvas, view.stroke(line, 7.5), red)
    paint(canvas, view.stroke(curve([head_top, head_low, (180, -20), FRONT], steps=8), 7), red)
    paint(canvas, view.stroke([head_top, (149.0, -124.0)], 5), light.on(METAL))
    bar = curve([(164, -132), (150, -127), GRIP, (120, -124)], steps=6)
    paint(canvas, view.stroke(bar, 5), light.on(METAL))
    paint(canvas, view.stroke(bar[-9:], 9), light.on(LEATHER))
    paint(canvas, view.stroke([(40.0, -78.0), (42.0, -90.0)], 5), light.on(METAL))
    paint(
        canvas,
        view.stroke(curve([(18, -98), (40, -97), (68, -94)], steps=6), [17, 12, 7]),
        light.on(LEATHER),
    )
    for hub, first, last in ((REAR, 19, 33), (FRONT, 22, 36)):
        guard = oval(hub, RADIUS + 7, RADIUS + 7)[first : last + 1]
        paint(canvas, view.stroke(guard, 5), red)
    paint(canvas, view.round(CRANK, 13), light.on(METAL * 0.8))
    paint(canvas, view.round(CRANK, 8), dark)
    near = pedal(crank)
    paint(canvas, view.stroke([CRANK, near], 6), light.on(METAL))
    paint(
        canvas,
        view.stroke([(near[0] - 11, near[1] + 4), (near[0] + 13, near[1] + 4)], 6),
        light.on(TYRE),
    )


def _wheel(canvas: Array, view: View, hub: Point, spin: float, light: Light) -> None:
    ring = oval(hub, RADIUS - 4, RADIUS - 4)
    paint(canvas, view.stroke([*ring, ring[0]], 8), light.on(TYRE))
    inner = oval(hub, RADIUS - 9, RADIUS - 9)
    paint(canvas, view.stroke([*inner, inner[0]], 2.4), light.on(METAL))
    for i in range(9):
        angle = spin + i * np.pi / 9
        dx, dy = 50 * float(np.cos(angle)), 50 * float(np.sin(angle))
        spoke = [(hub[0] - dx, hub[1] - dy), (hub[0] + dx, hub[1] + dy)]
        paint(canvas, view.stroke(spoke, 0.9), light.on(METAL), 0.8)
    paint(canvas, view.round(hub, 6), light.on(METAL))


def basket(canvas: Array, view: View, light: Light, *, boat: bool, glow: float = 0.0) -> None:
    """Paint the basket on the handlebar and, if it is aboard, the paper boat in it."""
    x, y = BASKET
    if boat:
        paper_boat(canvas, view.inside((x + 3, y - 36), 0.98), light, glow=glow)
    shape = [(x - 34, y - 22), (x + 34, y - 22), (x + 26, y + 22), (x - 27, y + 22)]
    body = view.fill(shape)
    weave = np.sin(view.across * 0.9) * np.sin(view.down * 0.9)
    tone = mix(WICKER, WICKER * 0.66, (0.5 + 0.5 * weave)[..., None])
    paint(canvas, body, light.on(tone))
    paint(canvas, view.stroke([shape[0], shape[1]], 7), light.on(WICKER * 1.12))
    paint(canvas, view.stroke([shape[2], shape[3]], 5), light.on(WICKER * 0.8))
    paint(canvas, view.stroke([(x - 30, y - 4), (154.0, -106.0)], 4), light.on(METAL * 0.7))
    if glow:
        shine(canvas, view.glow((x + 4, y - 30), 150), rgb("#ffb860"), glow)


def headlamp(canvas: Array, view: View, strength: float) -> None:
    """Paint the lamp below the basket and its beam ahead."""
    spot = (188.0, -66.0)
    paint(canvas, view.fill(box(176, -74, 190, -58)), TYRE)
    beam = view.fill([spot, (450, 20), (460, 60), (300, 62)], 9)
    shine(canvas, beam, rgb("#ffdf9a"), 0.26 * strength)
    shine(canvas, view.glow(spot, 60), rgb("#fff0c4"), strength)


def paper_boat(canvas: Array, view: View, light: Light, *, glow: float = 0.0) -> None:
    """Paint a folded paper boat around (0, 0), its waterline at y = 20; it may carry a light."""
    warm = rgb("#ffd890")
    white = mix(light.on(rgb("#fffaf0")), warm, 0.75 * min(1.0, glow))
    grey = mix(light.on(rgb("#cfd6e2")), rgb("#e8984a"), 0.7 * min(1.0, glow))
    paint(canvas, view.fill([(-22, 4), (0, -42), (0, 8)]), white)
    paint(canvas, view.fill([(0, -42), (22, 4), (0, 8)]), grey)
    paint(canvas, view.fill([(-56, -8), (0, 4), (0, 24), (-34, 22)]), white)
    paint(canvas, view.fill([(56, -8), (0, 4), (0, 24), (34, 22)]), mix(white, grey, 0.6))
    stripe = mix(light.on(rgb("#e0584a")), warm, 0.3 * min(1.0, glow))
    paint(canvas, view.stroke([(-54, -6), (0, 7), (54, -6)], 4.4), stripe)
    if glow:
        shine(canvas, view.glow((0, -4), 44), warm, glow)


def ground_shadow(canvas: Array, view: View, tone: Array, *, reach: float = 1.0) -> None:
    """Lay the soft shadow of the bicycle on the ground."""
    dim(canvas, view.fill(oval((96 - 40 * reach, 63), 150 + 40 * reach, 9), 6), tone, 0.75)
    for hub in (REAR, FRONT):
        dim(canvas, view.fill(oval((hub[0], 61), 30, 4), 3), tone, 0.8)
