"""The street lamp that stands in both scenes."""

from __future__ import annotations

from camera import View
from drawing import Array, mix, paint, rgb, shine
from layout import IRON, PALE


def street_lamp(
    canvas: Array, view: View, lit: float, *, iron: Array = IRON, glass_tone: Array = PALE
) -> None:
    """Paint a lamp that stands on (0, 0), dark or lit."""
    paint(canvas, view.stroke([(0, 0), (0, -112)], [7, 4]), iron)
    paint(canvas, view.stroke([(-8, -4), (8, -4)], 6), iron)
    paint(canvas, view.stroke([(-8, -84), (8, -84)], 3), iron)
    glass = [(-8, -114), (-12, -142), (12, -142), (8, -114)]
    paint(canvas, view.fill(glass), mix(glass_tone, rgb("#fff2c4"), lit))
    for line in ([glass[0], glass[1]], [glass[2], glass[3]], [glass[0], glass[3]]):
        paint(canvas, view.stroke(line, 2), iron)
    paint(canvas, view.fill([(-15, -141), (-5, -154), (5, -154), (15, -141)]), iron)
    paint(canvas, view.round((0, -157), 3), iron)
    if lit:
        shine(canvas, view.glow((0, -128), 150), rgb("#ffb455"), 0.75 * lit)
        shine(canvas, view.glow((0, -128), 40), rgb("#fff0c8"), 0.9 * lit)
