"""Draw the keyframes of "Four seasons": one lake, five times of the year, a slow push in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from camera import Camera, View  # noqa: E402
from distance import far_shore, hills, mountains, sky  # noqa: E402
from drawing import Array, finish, rgb, save, shine  # noqa: E402
from meadow import bank, falling, meadow_edge  # noqa: E402
from seasons import BANK, FAR_SHORE, GRASS, HILLS, MOUNTAINS, SEASONS, SKY, TREE, WOODS, Season  # noqa: E402
from tree import tree  # noqa: E402
from water import boat, lake  # noqa: E402


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Draw the keyframes, each with its file name, in the order of the year."""
    last = len(SEASONS) - 1
    for i, (name, season) in enumerate(SEASONS.items()):
        camera = Camera(x=52 * i / last, y=8 * i / last, forward=0.24 * i / last)
        yield name, landscape(season, camera)


def landscape(season: Season, camera: Camera) -> Image.Image:
    """Return the lake in one season, seen by the camera: from the sky to the nearest grass."""
    canvas = sky(season, camera.view(SKY))
    mountains(canvas, season, camera.view(MOUNTAINS))
    hills(canvas, season, camera.view(HILLS), camera.view(WOODS))
    far_shore(canvas, season, camera.view(FAR_SHORE))
    lake(canvas, season, camera.view(FAR_SHORE), camera.view(3))
    bank(canvas, season, camera.view(BANK))
    boat(canvas, season, camera.view(2.1))
    tree(canvas, season, camera.view(TREE))
    meadow_edge(canvas, season, camera.view(GRASS))
    falling(canvas, season, camera)
    sunbeams(canvas, season, camera.view(SKY))
    return finish(canvas)


def sunbeams(canvas: Array, season: Season, view: View) -> None:
    """Bathe everything in a little of the sun's own colour, as a lens would."""
    light = rgb(season.sunlight)
    shine(canvas, view.glow(season.sun, 900, squash=0.8), light, 0.22 * season.sun_strength)


def main() -> None:
    """Write the keyframes beside this script."""
    save(pictures(), HERE / "frames")


if __name__ == "__main__":
    main()
