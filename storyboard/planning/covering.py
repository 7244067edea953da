"""Which shots a purchase covers: those that are made by one request, or ask for the very same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedShot, CheckedTake
    from storyboard.models.model import Brief, Model
    from storyboard.planning.planned import Plan, PlannedShot


@dataclass(frozen=True, slots=True)
class Wished:
    """One take that a shot asks for."""

    shot: CheckedShot
    brief: Brief
    number: int
    """Of the shot's takes, from 1."""
    taken: CheckedTake
    again: int
    """How often the shot asks for the very same, with this one: what the key counts."""

    @property
    def model(self) -> Model:
        """The one that makes it."""
        return self.taken.model


Run = tuple[Wished, ...]
"""Takes of neighbouring shots that one request brings."""
Effort = tuple[int, int]
"""Of a request: how many have to be sent for it, none or one, and micro-dollars to be paid."""


def wishes(shot: CheckedShot, brief: Brief) -> list[Wished]:
    """Each take of a shot. What of it is asked for again is counted by what makes it."""
    found: list[Wished] = []
    for number, one in enumerate(shot.each_take, start=1):
        again = 1 + sum(_alike(one, before.taken) for before in found)
        asks = replace(brief, options=one.options, start=one.start, end=one.end)
        found.append(Wished(shot, asks, number, one, again))
    return found


def _alike(one: CheckedTake, other: CheckedTake) -> bool:
    return one.model.alias == other.model.alias and one.options == other.options


def runs(shots: Sequence[Sequence[Wished]], effort: Callable[[Run], Effort]) -> Iterator[Run]:
    """The takes of a scene's shots, those together that their model makes in one request.

    As few requests as there can be are sent, then as little as there can be is paid; what is
    there already is used again. Of equal ways the one is taken whose first requests bring most.
    """
    waiting: dict[tuple[int, int], Wished] = {
        (place, one.number): one for place, own in enumerate(shots) for one in own
    }
    for place, own in enumerate(shots):
        for one in own:
            if (place, one.number) in waiting:
                yield from _divided(list(_following(one, place, waiting)), effort)


def _following(
    first: Wished, place: int, waiting: dict[tuple[int, int], Wished]
) -> Iterator[Wished]:
    """This take, and those of the next shots that its model is asked for alike; no more waiting."""
    one: Wished | None = first
    while one is not None:
        yield waiting.pop((place, one.number))
        place += 1
        one = next(
            (
                later
                for (at, _), later in waiting.items()
                if at == place and later.again == first.again and _alike(later.taken, first.taken)
            ),
            None,
        )


def _divided(alike: list[Wished], effort: Callable[[Run], Effort]) -> list[Run]:
    """So many takes in a row as requests; found from the end on."""
    best: dict[int, tuple[tuple[int, int, int], list[Run]]] = {len(alike): ((0, 0, 0), [])}
    for start in reversed(range(len(alike))):
        for end in _ends(alike, start):
            run = tuple(alike[start:end])
            (sent, paid, requests), others = best[end]
            own = effort(run) if len(alike) > 1 else (0, 0)
            total = (sent + own[0], paid + own[1], requests + 1)
            if start not in best or total <= best[start][0]:
                best[start] = total, [run, *others]
    return best[0][1]


def _ends(alike: list[Wished], start: int) -> Iterator[int]:
    """Where a request that begins here can end: with its first shot, and as long as all fit."""
    yield start + 1
    for end in range(start + 2, len(alike) + 1):
        if not alike[start].model.fits([one.brief for one in alike[start:end]]):
            return
        yield end


def covered(made: Plan) -> Plan:
    """The plan whose purchases know which shots they cover, and for which wanted one they are."""
    wanted = {take.key for shot in made.wanted for take in shot.takes}
    covers: dict[str, dict[str, None]] = {}
    payer: dict[str, str] = {}
    for shot in made.shots:
        asked = made.only is None or shot.id in made.only
        for take in shot.takes:
            if take.key in wanted and (asked or len(take.request.marks) > 2):
                covers.setdefault(take.key, {})[shot.id] = None
                if asked:
                    payer.setdefault(take.key, shot.id)
    scenes = tuple(
        replace(scene, shots=tuple(_covered(shot, covers, payer) for shot in scene.shots))
        for scene in made.scenes
    )
    return replace(made, scenes=scenes)


def _covered(
    shot: PlannedShot, covers: Mapping[str, dict[str, None]], payer: Mapping[str, str]
) -> PlannedShot:
    takes = tuple(
        replace(
            take,
            purchase=replace(
                take.purchase, covers=tuple(covers[take.key]), made_for=payer[take.key]
            ),
        )
        if shot.id in covers.get(take.key, ())
        else take
        for take in shot.takes
    )
    return replace(shot, takes=takes)
