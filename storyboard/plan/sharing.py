"""Shots that ask for the very same: one key, one purchase, one drawing."""

from __future__ import annotations

from dataclasses import replace

from storyboard.plan.values import Plan, PlannedShot, PlannedTake
from storyboard.takes import Standing

_OWN = (Standing.DONE, Standing.LOST)
"""Nothing is done for these: each shot shows them as they are."""


def shared(made: Plan) -> Plan:
    """The plan in which what several shots ask for is made for the first of them that is wanted."""
    first: dict[str, str] = {}
    for shot in made.wanted:
        for take in shot.takes:
            first.setdefault(take.key, shot.id)
    wanted = {shot.id for shot in made.wanted}
    scenes = tuple(
        replace(
            scene,
            shots=tuple(
                _sharing(shot, first) if shot.id in wanted else shot for shot in scene.shots
            ),
        )
        for scene in made.scenes
    )
    return replace(made, scenes=scenes)


def _sharing(shot: PlannedShot, first: dict[str, str]) -> PlannedShot:
    return replace(shot, takes=tuple(_take(take, shot.id, first[take.key]) for take in shot.takes))


def _take(take: PlannedTake, shot: str, owner: str) -> PlannedTake:
    if owner == shot or take.standing in _OWN:
        return take
    return replace(take, same_as=owner, price_microusd=0, buys=False)
