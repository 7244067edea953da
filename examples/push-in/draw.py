"""Draw the keyframes of "The lit window": a night street, a push in, a tilt up to the moon.

The street is a stack of flat layers at different distances. Only the camera moves; the layers
slide past each other as they would before a real lens.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from camera import Camera  # noqa: E402
from drawing import finish, save  # noqa: E402
from facades import houses  # noqa: E402
from skyline import back_roofs, sky, town  # noqa: E402
from stack import FRAMING, HOUSES, LAMP, PAVEMENT, ROOFS, SKY, TOWN  # noqa: E402
from street import bicycle, framing, lamp, road  # noqa: E402
from window import lit_window  # noqa: E402

CAMERAS = {
    "01-street.png": Camera(),
    "02-window.png": Camera(x=118, y=-152, forward=1.9),
    "03-moon.png": Camera(x=118, y=-152, forward=1.72, tilt=-296),
}


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Draw the keyframes, each with its file name, in the order of the camera's move."""
    return ((name, street(camera)) for name, camera in CAMERAS.items())


def street(camera: Camera) -> Image.Image:
    """Return the street as the camera sees it, from the moon to the nearest leaves."""
    canvas = sky(camera.view(SKY))
    town(canvas, camera.view(TOWN))
    back_roofs(canvas, camera.view(ROOFS))
    houses(canvas, camera.view(HOUSES))
    lit_window(canvas, camera)
    road(canvas, camera)
    bicycle(canvas, camera.view(PAVEMENT))
    lamp(canvas, camera.view(LAMP))
    framing(canvas, camera.view(FRAMING))
    return finish(canvas, vignette=0.3)


def main() -> None:
    """Write the keyframes beside this script."""
    save(pictures(), HERE / "frames")


if __name__ == "__main__":
    main()
