"""Several plans as one: what all of them ask for, each take once, and who has a share in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.planning.covering import covered
from storyboard.planning.planned import Plan

if TYPE_CHECKING:
    from storyboard.errors import Mistake
    from storyboard.planning.planned import PlannedScene, PlannedShot, PlannedTake, Purchase

BETWEEN = "/"
"""Between a film's name and its shot's."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What several films ask for, counted."""

    films: int
    shots: int
    takes: int
    """That are asked for, one by one."""
    shared: int
    """Takes that another film, or another shot, asks for as well: made once."""
    states: Mapping[str, int]
    """How many takes stand how, each once; `to buy` are all that are paid."""


def named(film: str, shot: str) -> str:
    """What a shot of this film is called among those of others."""
    return f"{film}{BETWEEN}{shot}" if film else shot


def joined(plans: Mapping[str, Plan]) -> Plan:
    """The plans, by the films' names, as one: its shots are called `film/shot`.

    What several of them ask for is made for the first, and paid once. It is of the same storyboard
    in the same place: where that is, and its budget, are the first one's.
    """
    first = next(iter(plans.values()))
    limits = [plan.only is not None for plan in plans.values()]
    only = frozenset(named(film, shot.id) for film, plan in plans.items() for shot in plan.wanted)
    return covered(
        Plan(
            storyboard=first.storyboard,
            scenes=tuple(_scenes(plans)),
            rate=first.rate,
            rate_assumed=first.rate_assumed,
            only=only if any(limits) else None,
            draft=first.draft,
            warnings=tuple(_warnings(plans)),
        )
    )


def _warnings(plans: Mapping[str, Plan]) -> Iterator[Mistake]:
    """Each once; one that does not concern all films says which it does."""
    films: dict[Mistake, list[str]] = {}
    for film, plan in plans.items():
        for warning in dict.fromkeys(plan.warnings):
            films.setdefault(warning, []).append(film)
    for warning, names in films.items():
        whose = "" if len(names) == len(plans) else f"{', '.join(names)}: "
        yield replace(warning, message=f"{whose}{warning.message}")


def _scenes(plans: Mapping[str, Plan]) -> Iterator[PlannedScene]:
    for film, plan in plans.items():
        for scene in plan.scenes:
            yield replace(scene, shots=tuple(_renamed(film, shot) for shot in scene.shots))


def _renamed(film: str, planned: PlannedShot) -> PlannedShot:
    name = named(film, planned.id)
    takes = tuple(
        replace(take, shot=name, purchase=_called(film, take.purchase)) for take in planned.takes
    )
    return replace(planned, shot=replace(planned.shot, id=name), takes=takes)


def _called(film: str, purchase: Purchase) -> Purchase:
    covers = tuple(named(film, shot) for shot in purchase.covers)
    return replace(purchase, covers=covers, made_for=named(film, purchase.made_for))


def tally(plans: Mapping[str, Plan]) -> Tally:
    """How much all of them ask for."""
    asked = [take for plan in plans.values() for take in _wanted(plan)]
    once = {take.key: take for take in asked}.values()
    return Tally(
        films=len(plans),
        shots=sum(len(plan.wanted) for plan in plans.values()),
        takes=len(asked),
        shared=len(asked) - len(once),
        states=Counter("to buy" if take.purchase.buys else take.state for take in once),
    )


def shares(plans: Mapping[str, Plan], costs: Callable[[PlannedTake], int]) -> dict[str, int]:
    """By film, its share in what all takes cost, in whole micro-dollars.

    What several films show is divided evenly among them; what can't be divided, the first ones
    bear. So the shares are together what the takes cost, each once.
    """
    showing: dict[str, dict[str, PlannedTake]] = {}
    for film, plan in plans.items():
        for take in _wanted(plan):
            showing.setdefault(take.key, {}).setdefault(film, take)
    found = dict.fromkeys(plans, 0)
    for films in showing.values():
        cost = costs(next(iter(films.values())))
        even, rest = divmod(cost, len(films))
        for number, film in enumerate(films):
            found[film] += even + (number < rest)
    return found


def _wanted(plan: Plan) -> Iterator[PlannedTake]:
    return (take for shot in plan.wanted for take in shot.takes)
