"""Which shots a purchase covers: those that are made by one request, or ask for the very same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from storyboard.loading.checked import CheckedShot
from storyboard.models.model import Brief

if TYPE_CHECKING:
    from storyboard.models.choices import Setting
    from storyboard.planning.planned import Plan, PlannedShot

Wished = tuple[CheckedShot, Brief]
"""A shot, and what it asks for."""


def runs(wishes: Iterable[Wished]) -> Iterator[tuple[Wished, ...]]:
    """A scene's shots, those together that their model makes in one request."""
    for _, alike in groupby(wishes, key=_by_model):
        run: tuple[Wished, ...] = ()
        for wish in alike:
            if run and not wish[0].model.fits([brief for _, brief in (*run, wish)]):
                yield run
                run = ()
            run = (*run, wish)
        yield run


def _by_model(wish: Wished) -> tuple[str, int, Mapping[str, Setting]]:
    shot = wish[0]
    return shot.model.alias, shot.takes, shot.options


def covered(made: Plan) -> Plan:
    """The plan whose purchases know which of the wanted shots they cover: the first pays."""
    covers: dict[str, dict[str, None]] = {}
    for shot in made.wanted:
        for take in shot.takes:
            covers.setdefault(take.key, {})[shot.id] = None
    wanted = {shot.id for shot in made.wanted}
    scenes = tuple(
        replace(
            scene,
            shots=tuple(
                _covered(shot, covers) if shot.id in wanted else shot for shot in scene.shots
            ),
        )
        for scene in made.scenes
    )
    return replace(made, scenes=scenes)


def _covered(shot: PlannedShot, covers: dict[str, dict[str, None]]) -> PlannedShot:
    takes = (
        replace(take, purchase=replace(take.purchase, covers=tuple(covers[take.key])))
        for take in shot.takes
    )
    return replace(shot, takes=tuple(takes))
