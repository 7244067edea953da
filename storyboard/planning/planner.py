"""Planning: each shot's request, its takes, and how things stand with them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import InvalidStoryboard, Mistake, StoryboardError
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.context import ASSUMED_RATE
from storyboard.models.request import key_of
from storyboard.models.table import DRAFT
from storyboard.planning.briefs import brief, sketched
from storyboard.planning.covering import covered, runs
from storyboard.planning.planned import Plan, PlannedScene, PlannedShot, PlannedTake, Purchase
from storyboard.planning.remarks import Shown, keeping, notes, renewed
from storyboard.takes.holding import Holding, Standing

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.checked import CheckedScene, CheckedShot
    from storyboard.models.model import Brief, Model
    from storyboard.models.request import Request
    from storyboard.planning.covering import Wished
    from storyboard.takes.holding import Earlier, Held
    from storyboard.units.timing import Rate

_NOTHING = (Standing.FAILED, Standing.REFUSED)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store has, and whether refusals are taken for an answer."""

    held: Held
    earlier: Earlier
    shown: Shown
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
    shown = Shown.of(storyboard, earlier or {})
    known = _Known(held or {}, earlier or {}, shown, wanted, retry=retry, small=small)
    scenes = tuple(_scene(storyboard, scene, known, draft=draft) for scene in storyboard.scenes)
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
    return replace(covered(made), warnings=kept)


def nothing(path: Path) -> Plan:
    """A plan that wants nothing: for collecting where the storyboard itself can't be read."""
    empty = CheckedStoryboard.empty(path)
    return Plan(storyboard=empty, scenes=(), rate=ASSUMED_RATE, rate_assumed=True)


def _check_only(made: Plan) -> None:
    there = [shot.id for shot in made.shots]
    missing = sorted((made.only or frozenset()).difference(there))
    if missing:
        near = get_close_matches(missing[0], there, n=20) if len(there) > 20 else there
        others = f" and others, {len(there)} in all" if len(near) < len(there) else ""
        raise StoryboardError(
            f"no shot is called {', '.join(missing)}; there are {', '.join(near)}{others}"
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A shot with what it asks for: by itself, and of the model that is paid."""

    shot: CheckedShot
    brief: Brief
    frames: int
    """Of the film, as asked."""
    paid: Request | None
    """None where the model makes nothing that long."""
    part: int
    """Which of the shots that the request covers it is."""
    places: Mapping[str, Place]
    """Where the parts of the request are written."""


def _scene(
    storyboard: CheckedStoryboard, scene: CheckedScene, known: _Known, *, draft: bool
) -> PlannedScene:
    rate = storyboard.rate or ASSUMED_RATE
    wishes = [(shot, brief(storyboard, scene, shot)) for shot in scene.shots]
    asked = (found for run in runs(wishes) for found in _together(run, known, rate))
    return PlannedScene(scene, tuple(_shot(one, known, rate, draft=draft) for one in asked))


def _together(run: Sequence[Wished], known: _Known, rate: Rate) -> Iterator[_Asked]:
    """The shots of a run, which are asked for in one request."""
    first, briefs = run[0][0], [own for _, own in run]
    paid = _request(first.model, briefs, known) if first.model.fits(briefs) else None
    later = {
        f"{part}.{name}": place
        for part, (shot, _) in enumerate(run)
        for name, place in shot.places.items()
    }
    places = {**first.places, **later}
    for part, (shot, own) in enumerate(run):
        yield _Asked(shot, own, shot.asked(rate), paid, part, places)


def _shot(asked: _Asked, known: _Known, rate: Rate, *, draft: bool) -> PlannedShot:
    shot, paid = asked.shot, asked.paid
    there = paid is not None and _standing(known.held, paid, shot) is Standing.DONE
    outside = known.only is not None and shot.id not in known.only
    drawn = None if there or not (draft or outside) else _drawn(asked, known)
    if drawn is not None and (draft or drawn.picked.standing is Standing.DONE):
        return drawn
    if paid is None:
        message = f"{shot.model.alias} makes {shot.model.lengths}"
        raise InvalidStoryboard([Mistake(shot.places["duration"], "", message)])
    price = shot.model.price(paid.arguments).micro
    new = Standing.unmade(shot.model.maker)
    numbers = range(1, shot.takes + 1)
    takes = tuple(_take(known, asked, paid, number, price, new) for number in numbers)
    unmade = any(take.standing is new for take in takes)
    before = known.earlier.get(shot.id) if unmade else None
    found = PlannedShot(shot, shot.model, paid, asked.frames, takes, asked.part)
    return replace(
        found, notes=notes(found, rate), renewed=renewed(paid, before, shown=known.shown)
    )


def _drawn(asked: _Asked, known: _Known) -> PlannedShot:
    """The shot's draft: for a draft, or in place of what is not asked for, if it was drawn."""
    drawn = _request(DRAFT, [asked.brief], known)
    take = _take(known, asked, drawn, 1, 0, Standing.unmade(DRAFT.maker))
    return PlannedShot(asked.shot, DRAFT, drawn, asked.frames, (take,))


def _request(model: Model, briefs: Sequence[Brief], known: _Known) -> Request:
    """What is asked for; for a preview a small drawing, unless the usual one is there already."""
    usual = model.request(briefs)
    if not known.small or _found(known.held, usual, 1)[1] is not None:
        return usual
    return model.request([sketched(one) for one in briefs])


def _standing(held: Held, paid: Request, shot: CheckedShot) -> Standing | None:
    _, holding = _found(held, paid, shot.pick)
    return holding.standing if holding else None


def _take(
    known: _Known, asked: _Asked, wanted: Request, number: int, price: int, new: Standing
) -> PlannedTake:
    canonical, holding = _found(known.held, wanted, number)
    holding = holding or Holding(new)
    again = known.retry and holding.standing is Standing.REFUSED
    buys = holding.standing.costs or again
    purchase = Purchase(
        request=wanted,
        number=number,
        key=key_of(canonical),
        canonical=canonical,
        holding=holding,
        price_microusd=price if buys else 0,
        buys=buys,
        covers=(asked.shot.id,),
        places=asked.places,
    )
    return PlannedTake(asked.shot.id, purchase)


def _found(held: Held, wanted: Request, number: int) -> tuple[Mapping[str, Any], Holding | None]:
    """The take by the name under which the store has it; by today's where it came to nothing."""
    names = wanted.names(number)
    known = [(name, found) for name in names if (found := held.get(key_of(name)))]
    there = next((pair for pair in known if pair[1].standing not in _NOTHING), None)
    return there or (names[0], known[0][1] if known else None)
