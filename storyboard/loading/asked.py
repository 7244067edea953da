"""What a shot's model is asked for: options of film, scene and shot, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path
    from storyboard.fileformat.written import Storyboard
    from storyboard.loading.context import PlacedShot
    from storyboard.models.choices import Setting


class Asked(NamedTuple):
    """Options, and where each of them is written."""

    options: Mapping[str, Setting]
    paths: Mapping[str, Path]


def asked(board: Storyboard, placed: PlacedShot) -> Asked:
    """The shot's options: what stands nearer to it counts; an empty value takes back the others."""
    options: dict[str, Setting] = {}
    paths: dict[str, Path] = {}
    for block, path in _blocks(board, placed):
        for name, value in block.items():
            options.pop(name, None)
            if value is not None:
                options[name], paths[name] = value, (*path, "options", name)
    return Asked(options, {name: paths[name] for name in options})


def _blocks(
    board: Storyboard, placed: PlacedShot
) -> Iterator[tuple[Mapping[str, Setting | None], Path]]:
    """From the outside in."""
    yield board.options, ()
    yield board.defaults.options, ("defaults",)
    yield placed.inside.options, placed.scene_path
    yield placed.written.options, placed.shot_path
    if placed.take is not None:
        yield placed.take.options, placed.take_path
