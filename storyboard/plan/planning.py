"""Planning: each shot's request, its takes, and how things stand with them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from storyboard.errors import InvalidStoryboard, Mistake, StoryboardError
from storyboard.load import ASSUMED_RATE, CheckedScene, CheckedShot, CheckedStoryboard
from storyboard.models import DRAFT, Brief, Model, Request, key_of
from storyboard.plan.briefs import brief, sketched
from storyboard.plan.remarks import keeping, notes, renewed
from storyboard.plan.sharing import shared
from storyboard.plan.values import Plan, PlannedScene, PlannedShot, PlannedTake
from storyboard.spec import Storyboard
from storyboard.takes import Earlier, Held, Holding, Standing
from storyboard.timing import Rate

_NOTHING = (Standing.FAILED, Standing.REFUSED)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store has, and whether refusals are taken for an answer."""

    held: Held
    earlier: Earlier
    only: frozenset[str] | None
    retry: bool
    small: bool


def plan(
    storyboard: CheckedStoryboard,
    *,
    held: Held | None = None,
    earlier: Earlier | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    small: bool = False,
) -> Plan:
    """What a render of this storyboard does, and what it costs.

    `held` and `earlier` are what the store has (`Store.held()`, `Store.earlier()`). With `draft`,
    shots whose picked take is there use it, and all others are drawn by the draft model, free.
    `only` limits what is generated to these shots; `StoryboardError` names one that isn't there.
    With `retry`, what the service refused is bought again; otherwise it stays as it is. `small`
    is for a preview: drafts that are not there yet are drawn small, under names of their own.
    """
    rate = storyboard.rate or ASSUMED_RATE
    wanted = None if only is None else frozenset(only)
    known = _Known(held or {}, earlier or {}, wanted, retry=retry, small=small)
    scenes = tuple(
        PlannedScene(
            scene,
            tuple(_shot(storyboard, scene, shot, rate, known, draft=draft) for shot in scene.shots),
        )
        for scene in storyboard.scenes
    )
    made = Plan(
        storyboard=storyboard,
        scenes=scenes,
        rate=rate,
        rate_assumed=storyboard.rate is None,
        only=wanted,
        draft=draft,
    )
    _check_only(made)
    kept = () if draft else keeping(storyboard, made.shots, known.earlier)
    return replace(shared(made), warnings=kept)


def nothing(path: Path) -> Plan:
    """A plan that wants nothing: for collecting where the storyboard itself can't be read."""
    board = Storyboard.model_construct(version=1)
    empty = CheckedStoryboard(path, board, (), None, None, "black", {})
    return Plan(storyboard=empty, scenes=(), rate=ASSUMED_RATE, rate_assumed=True)


def _check_only(made: Plan) -> None:
    there = {shot.id for shot in made.shots}
    missing = sorted((made.only or frozenset()) - there)
    if missing:
        raise StoryboardError(
            f"no shot is called {', '.join(missing)}; there are {', '.join(sorted(there))}"
        )


def _shot(
    storyboard: CheckedStoryboard,
    scene: CheckedScene,
    shot: CheckedShot,
    rate: Rate,
    known: _Known,
    *,
    draft: bool,
) -> PlannedShot:
    wishes = brief(storyboard, scene, shot)
    sold = shot.model.lengths.nearest(wishes.seconds)
    paid = None if sold is None else _asked(shot.model, wishes, known)
    if draft and not (paid and _standing(known.held, paid, shot) is Standing.DONE):
        drawn = _asked(DRAFT, wishes, known)
        take = _take(known, drawn, 1, 0, Standing.DRAW)
        return PlannedShot(shot, DRAFT, drawn, wishes.seconds, shot.asked(rate), (take,))
    standing_in = _standing_in(shot, wishes, rate, known, paid)
    if standing_in is not None:
        return standing_in
    if paid is None or sold is None:
        message = f"{shot.model.alias} makes {shot.model.lengths}"
        raise InvalidStoryboard([Mistake(shot.places["duration"], "", message)])
    price = shot.model.price(paid.arguments).micro
    new = Standing.unmade(shot.model.maker)
    takes = tuple(_take(known, paid, number, price, new) for number in range(1, shot.takes + 1))
    unmade = any(take.standing is new for take in takes)
    before = known.earlier.get(shot.id) if unmade else None
    return PlannedShot(
        shot=shot,
        model=shot.model,
        request=paid,
        sold=sold,
        frames=shot.asked(rate),
        takes=takes,
        notes=notes(shot, sold, rate),
        renewed=renewed(paid, before),
    )


def _standing_in(
    shot: CheckedShot, wishes: Brief, rate: Rate, known: _Known, paid: Request | None
) -> PlannedShot | None:
    """What there is of a shot that is not asked for: its draft, if that was drawn.

    None where the shot is asked for, is there, or has no draft.
    """
    if known.only is None or shot.id in known.only:
        return None
    if paid and _standing(known.held, paid, shot) is Standing.DONE:
        return None
    drawn = _asked(DRAFT, wishes, known)
    take = _take(known, drawn, 1, 0, Standing.DRAW)
    if take.standing is not Standing.DONE:
        return None
    return PlannedShot(shot, DRAFT, drawn, wishes.seconds, shot.asked(rate), (take,))


def _asked(model: Model, wishes: Brief, known: _Known) -> Request:
    """What is asked for; for a preview a small drawing, unless the usual one is there already."""
    usual = model.request([wishes])
    if not known.small or _found(known.held, usual, 1)[1] is not None:
        return usual
    return model.request([sketched(wishes)])


def _standing(held: Held, paid: Request, shot: CheckedShot) -> Standing | None:
    _, holding = _found(held, paid, shot.pick)
    return holding.standing if holding else None


def _take(known: _Known, wanted: Request, number: int, price: int, new: Standing) -> PlannedTake:
    canonical, holding = _found(known.held, wanted, number)
    holding = holding or Holding(new)
    again = known.retry and holding.standing is Standing.REFUSED
    buys = holding.standing.costs or again
    return PlannedTake(
        number, key_of(canonical), holding, price if buys else 0, canonical, buys=buys
    )


def _found(held: Held, wanted: Request, number: int) -> tuple[Mapping[str, Any], Holding | None]:
    """The take by the name under which the store has it; by today's where it came to nothing."""
    names = wanted.names(number)
    known = [(name, found) for name in names if (found := held.get(key_of(name)))]
    there = next((pair for pair in known if pair[1].standing not in _NOTHING), None)
    return there or (names[0], known[0][1] if known else None)
