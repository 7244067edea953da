"""How the light falls on the fox and her bicycle, and where her joints can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from drawing import Array, Point, mix, rgb

FUR, FUR_DARK, CREAM, SOCK = rgb("#e8762c"), rgb("#b84c1c"), rgb("#fff1dc"), rgb("#4a2a24")
JACKET, JACKET_DARK = rgb("#2f6f7c"), rgb("#1e4a5a")
SCARF, SCARF_DARK = rgb("#f2c14a"), rgb("#c98a26")
FRAME, METAL, TYRE = rgb("#c23b3f"), rgb("#d8d8d4"), rgb("#2a2630")
WICKER, LEATHER = rgb("#c08a4e"), rgb("#7a4a2c")

REAR, FRONT, RADIUS = (0.0, 0.0), (192.0, 0.0), 60.0
CRANK, GRIP, BASKET = (80.0, 6.0), (136.0, -130.0), (204.0, -104.0)


@dataclass(frozen=True, slots=True)
class Light:
    """How the hour colours her: everything is multiplied towards `shade`; `rim` edges her."""

    shade: Array
    amount: float
    rim: Array

    def on(self, colour: Array) -> Array:
        """Return a colour as it looks in this light."""
        return mix(colour, colour * self.shade, self.amount)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where her joints are, in her own units; the far limb comes first in each pair.

    `nod` and `toes` are turns in radians; `ears_back` and `happy` run from 0 to 1, and above
    one half she shuts her eyes for joy.
    """

    hip: Point
    shoulder: Point
    head: Point
    nod: float
    feet: tuple[Point, Point]
    hands: tuple[Point, Point]
    tail: Sequence[Point]
    scarf: Sequence[Point]
    ears_back: float = 0.0
    happy: float = 0.0
    toes: tuple[float, float] = (0.1, 0.1)


def pedal(angle: float) -> Point:
    """Return where a pedal is when its crank points `angle` radians down from ahead."""
    return CRANK[0] + 25 * float(np.cos(angle)), CRANK[1] + 25 * float(np.sin(angle))


def joint(start: Point, end: Point, lengths: tuple[float, float], bend: float) -> Point:
    """Return the knee or elbow between two points (two-bone reach; bend is +1 or -1)."""
    reach = np.array(end) - np.array(start)
    distance = float(np.clip(np.hypot(*reach), 1e-6, sum(lengths) - 0.01))
    along = (lengths[0] ** 2 - lengths[1] ** 2 + distance**2) / (2 * distance)
    aside = max(lengths[0] ** 2 - along**2, 0.0) ** 0.5 * bend
    unit = reach / max(float(np.hypot(*reach)), 1e-6)
    spot = np.array(start) + unit * along + np.array([unit[1], -unit[0]]) * aside
    return float(spot[0]), float(spot[1])
