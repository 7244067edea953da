"""Other shapes of a planned film: what of its pictures they leave out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.errors import Mistake
from storyboard.units.focus import Window

if TYPE_CHECKING:
    from storyboard.planning.planned import Plan
    from storyboard.units.sizes import Reframe, Size

MUCH = 0.25
"""The share of a picture from which on cutting it off is remarked on."""


def cut_off(film: Size, size: Size, reframe: Reframe = "crop") -> tuple[float, str]:
    """How much of the film's pictures another size cuts off, from 0 to 1, and of which side."""
    if reframe != "crop" or film.same_shape(size):
        return 0.0, "width"
    kept = Window.of((film.width, film.height), (size.width, size.height))
    return max((1 - kept.width, "width"), (1 - kept.height, "height"))


def described(film: Size, size: Size, reframe: Reframe) -> str:
    """A size in words: `1080x1920, crop: 68 % of the width is cut off`."""
    share, side = cut_off(film, size, reframe)
    lost = f": {share:.0%} of the {side} is cut off" if share >= 0.005 else ""
    how = "" if film.same_shape(size) else f", {reframe}{lost}"
    return f"{size}{how}"


def much(film: Size, size: Size, reframe: Reframe) -> str:
    """What is said of a size that cuts off more than a quarter; empty where none does."""
    share, side = cut_off(film, size, reframe)
    if share <= MUCH:
        return ""
    return (
        f"{size} shows {1 - share:.0%} of each picture's {side}; `focus` says which part stays, "
        "and `reframe` blur or pad keeps all of it"
    )


def remarks(made: Plan) -> tuple[Mistake, ...]:
    """What the storyboard's versions cut off, where it is more than a quarter, at their lines."""
    board = made.storyboard
    found = []
    for version in board.versions:
        path = f"versions.{version.name}"
        if said := much(made.size, version.size, version.reframe):
            found.append(Mistake(board.places.get(path, board.beginning), path, said))
    return tuple(found)
