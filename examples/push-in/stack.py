"""Where the layers of the street stand, and the colours of its lights."""

from __future__ import annotations

from drawing import rgb

SKY, TOWN, ROOFS, HOUSES, PAVEMENT, LAMP, FRAMING = 400.0, 26.0, 7.4, 4.0, 3.6, 3.0, 2.3
KERB = 548.0
LAMPLIGHT = rgb("#ffb04d")
WINDOW = rgb("#ffcf7a")
NIGHT = rgb("#141d3e")
MOONLIGHT = rgb("#a9bcec")
WINDOW_LEFT, WINDOW_TOP, WINDOW_RIGHT, WINDOW_BOTTOM = 626.0, 238.0, 722.0, 358.0
