"""Where the layers of both scenes stand, and the colours they share."""

from __future__ import annotations

from drawing import rgb
from rider import Light

SKY, HILLS, TOWN, BRIDGE, HOUSES, STREET, RIDER = 80.0, 18.0, 11.0, 2.7, 3.0, 2.2, 2.0
KERB = 520.0
RIVER = 452.0
TOWN_END = 742.0

SUN = rgb("#ffd9a0")
HAZE = rgb("#f7dcc4")
IRON, NIGHT_IRON = rgb("#3f4a50"), rgb("#141a38")
PALE, NIGHT_GLASS = rgb("#f2ead8"), rgb("#4a5088")
DAYLIGHT = Light(rgb("#ffe0c0"), 0.35, rgb("#ffdca0"))
MOONLIT = Light(rgb("#7078c4"), 0.78, rgb("#ffb870"))
