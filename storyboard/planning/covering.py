"""Which shots a purchase covers: those that are made by one request, or ask for the very same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from storyboard.loading.checked import CheckedScene, CheckedShot
from storyboard.planning.planned import Plan, PlannedShot
from storyboard.units.timing import Rate


def runs(scene: CheckedScene, rate: Rate) -> Iterator[tuple[CheckedShot, ...]]:
    """The scene's shots, those together that their model makes in one request."""
    for _, alike in groupby(scene.shots, key=lambda shot: (shot.model.alias, shot.takes)):
        run: tuple[CheckedShot, ...] = ()
        for shot in alike:
            if run and not _fit((*run, shot), rate):
                yield run
                run = ()
            run = (*run, shot)
        yield run


def _fit(run: tuple[CheckedShot, ...], rate: Rate) -> bool:
    model = run[0].model
    seconds = sum(shot.duration.seconds(rate) for shot in run)
    return len(run) <= model.covers and model.lengths.nearest(seconds + Rate(0)) is not None


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
