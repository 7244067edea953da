"""Draw the keyframes of "Morning ride": a fox takes her paper boat through town to the river."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from bicycle import basket, bicycle, ground_shadow, headlamp, paper_boat  # noqa: E402
from camera import Camera, View  # noqa: E402
from drawing import Array, Point, curve, dim, finish, oval, paint, rgb, save, shine, whole  # noqa: E402
from fox import far_limbs, near_body  # noqa: E402
from houses import row_of_houses  # noqa: E402
from layout import BRIDGE, DAYLIGHT, HAZE, HILLS, HOUSES, MOONLIT, RIDER, SKY, STREET, SUN, TOWN  # noqa: E402
from night import night_bridge, night_river, night_sky, night_town, quay  # noqa: E402
from poses import ALONG_THE_STREET, AT_THE_DOOR, AT_THE_QUAY, BY_THE_WATER, OVER_THE_BRIDGE  # noqa: E402
from rider import Light, Pose  # noqa: E402
from riverside import birds, far_hills, far_town, morning_sky, river, suspension  # noqa: E402
from road import cast_shadow, pavement, railing  # noqa: E402


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Draw the keyframes, each with its file name, in the order of the story."""
    yield "01-door.png", day(Camera(x=200), AT_THE_DOOR, (338, 548), spin=0.0, crank=0.2)
    yield "02-street.png", day(Camera(x=770), ALONG_THE_STREET, (356, 548), spin=0.9, crank=0.5)
    yield "03-bridge.png", day(Camera(x=1420), OVER_THE_BRIDGE, (386, 548), spin=1.7, crank=0.1)
    yield "04-quay.png", night(lit=0.0)
    yield "05-lights.png", night(lit=1.0)


def day(camera: Camera, pose: Pose, hub: Point, *, spin: float, crank: float) -> Image.Image:
    """Return the street and the bridge in the morning, her rear hub at a place in the frame."""
    canvas = morning_sky(camera.view(SKY))
    far_hills(canvas, camera.view(HILLS))
    far_town(canvas, camera.view(TOWN))
    river(canvas, camera.view(TOWN))
    suspension(canvas, camera.view(BRIDGE))
    row_of_houses(canvas, camera.view(HOUSES))
    paint(canvas, whole(np.full((1, 1), 0.13, np.float32)), HAZE)
    pavement(canvas, camera.view(STREET))
    railing(canvas, camera.view(STREET))
    stand = Camera().view(1).inside(hub, 1.14)
    cast_shadow(canvas, stand)
    far_limbs(canvas, stand, pose, DAYLIGHT)
    bicycle(canvas, stand, DAYLIGHT, spin=spin, crank=crank)
    basket(canvas, stand, DAYLIGHT, boat=True)
    near_body(canvas, stand, pose, DAYLIGHT)
    birds(canvas, camera)
    shine(canvas, camera.view(SKY).glow((1010, 330), 1000, squash=0.8), SUN, 0.26)
    return finish(canvas, vignette=0.16)


def night(*, lit: float) -> Image.Image:
    """Return the quay at night: she arrives in the dark, or sits by the water among lights."""
    camera = Camera(x=40 * lit, forward=0.08 * lit)
    canvas = night_sky(camera.view(SKY))
    night_town(canvas, camera.view(TOWN), lit)
    night_bridge(canvas, camera.view(7), lit)
    night_river(canvas, camera.view(6), lit)
    view = camera.view(RIDER)
    quay(canvas, view, lit)
    stand = view.inside((290, 486), 1.05)
    quay_fox(canvas, stand, view, lit)
    if lit:
        shine(canvas, view.glow((905, 610), 420), rgb("#ffa850"), 0.24)
    return finish(canvas, vignette=0.28)


def quay_fox(canvas: Array, stand: View, view: View, lit: float) -> None:
    """Put her on the quay: in the saddle with the boat aboard, or at the edge with it afloat."""
    ground_shadow(canvas, stand, rgb("#20244c"), reach=0.2)
    if not lit:
        far_limbs(canvas, stand, AT_THE_QUAY, MOONLIT)
        bicycle(canvas, stand, MOONLIT, spin=0.3, crank=0.2)
        headlamp(canvas, stand, 0.9)
        basket(canvas, stand, MOONLIT, boat=True, glow=0.6)
        near_body(canvas, stand, AT_THE_QUAY, MOONLIT)
        return
    warm = Light(rgb("#a890b8"), 0.62, rgb("#ffc070"))
    paint(canvas, stand.stroke([(76, 10), (58, 60)], 4), rgb("#8a8aa0"))
    bicycle(canvas, stand, warm, spin=0.3, crank=0.2)
    basket(canvas, stand, warm, boat=False)
    far_limbs(canvas, stand, BY_THE_WATER, warm)
    near_body(canvas, stand, BY_THE_WATER, warm)
    afloat = view.inside((905, 612), 1.0)
    for i in range(9):
        y = 30 + i * 9
        wide = 40 - i * 3 + (6 if i % 2 else -4)
        streak = [(-wide + (i % 3) * 4, y), (wide, y)]
        shine(canvas, afloat.stroke(streak, 3.4, 1.2), rgb("#ffca7a"), 0.75 - 0.07 * i)
    dim(canvas, afloat.fill(oval((0, 24), 44, 5), 2), rgb("#20244c"), 0.8)
    paper_boat(canvas, afloat, warm, glow=0.9)
    shine(canvas, afloat.glow((0, -4), 150), rgb("#ffb860"), 0.6)
    for reach in (70, 108):
        ring = [(-reach, 26), (-reach * 0.6, 32), (0, 34), (reach * 0.6, 32), (reach, 26)]
        shine(canvas, afloat.stroke(curve(ring), 1.4, 0.5), rgb("#ffe0b0"), 0.45)


def main() -> None:
    """Write the keyframes beside this script."""
    save(pictures(), HERE / "frames")


if __name__ == "__main__":
    main()
