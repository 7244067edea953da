"""Planning: each shot's request, its takes, and how things stand with them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import InvalidStoryboard, Mistake, StoryboardError
from storyboard.loading.checked import CheckedStoryboard, CheckedTake
from storyboard.loading.context import ASSUMED_RATE
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.models.request import key_of
from storyboard.models.table import DRAFT, OWN
from storyboard.planning.briefs import brief, sketched
from storyboard.planning.covering import covered, runs, wishes
from storyboard.planning.planned import (
    Plan,
    PlannedScene,
    PlannedShot,
    PlannedTake,
    Purchase,
)
from storyboard.planning.remarks import Shown, keeping, notes, renewed
from storyboard.planning.sharing import told
from storyboard.takes.holding import Holding, Standing

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.checked import CheckedScene
    from storyboard.loading.own_clip import OwnClip
    from storyboard.models.model import Brief, Model
    from storyboard.models.request import Request
    from storyboard.planning.covering import Effort, Run, Wished
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

    def together(self, found: Iterable[Run]) -> Iterator[str]:
        """The shots that are wanted, and those that come with one of them in a request."""
        for run in found:
            shots = [one.shot.id for one in run]
            if self.only is None or not self.only.isdisjoint(shots):
                yield from shots


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
    `only` limits what is generated to these shots, and to those that come with one of them in a
    request, since that is bought whole; `StoryboardError` names one that isn't there.
    With `retry`, what the service refused is bought again; otherwise it stays as it is. `small`
    is for a preview: drafts that are not there yet are drawn small, under names of their own.
    """
    rate = storyboard.rate or ASSUMED_RATE
    wanted = None if only is None else frozenset([only] if isinstance(only, str) else only)
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
    return replace(told(covered(made)), warnings=kept)


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
    """A take with what is sent for it, by the model that is paid."""

    wish: Wished
    paid: Request | None
    """None where the model makes nothing that long."""
    part: int
    """Which of the shots that the request brings it is for."""
    single: int
    """Micro-dollars that a request for each of them would cost."""
    places: Mapping[str, Place]
    """Where the parts of the request are written."""


def _scene(
    storyboard: CheckedStoryboard, scene: CheckedScene, known: _Known, *, draft: bool
) -> PlannedScene:
    rate = storyboard.rate or ASSUMED_RATE
    asked = [wishes(shot, brief(storyboard, scene, shot)) for shot in scene.shots]
    found = tuple(runs(asked, partial(_effort, known)))
    takes = {
        (one.wish.shot.id, one.wish.number): one for run in found for one in _together(run, known)
    }
    along = frozenset(known.together(found))
    shots = (
        _shot([takes[one.shot.id, one.number] for one in own], known, along, rate, draft=draft)
        for own in asked
    )
    return PlannedScene(scene, tuple(shots))


def _effort(known: _Known, run: Run) -> Effort:
    """What a request for these takes means: nothing where it was sent before."""
    model, briefs = run[0].model, [one.brief for one in run]
    if not model.fits(briefs):
        return 1, 0
    wanted = _request(model, briefs, known)
    _, holding = _found(known.held, wanted, run[0].again)
    if holding is not None and holding.standing not in _NOTHING:
        return 0, 0
    return 1, model.price(wanted.arguments).micro


def _together(run: Run, known: _Known) -> Iterator[_Asked]:
    """The takes of a run, which are asked for in one request."""
    model, briefs = run[0].model, [one.brief for one in run]
    paid = _request(model, briefs, known) if model.fits(briefs) else None
    single = sum(_price_alone(model, one) for one in briefs) if len(run) > 1 else 0
    later = {
        f"{part}.{name}": place
        for part, one in enumerate(run)
        for name, place in {**one.shot.places, **one.taken.places}.items()
    }
    places = {**run[0].shot.places, **run[0].taken.places, **later}
    for part, one in enumerate(run):
        yield _Asked(one, paid, part, single, places)


def _price_alone(model: Model, brief: Brief) -> int:
    return model.price(model.request([brief]).arguments).micro


def _shot(
    asked: Sequence[_Asked], known: _Known, along: Collection[str], rate: Rate, *, draft: bool
) -> PlannedShot:
    shot = asked[0].wish.shot
    if shot.clip is not None:
        return _adopted(asked, known, shot.clip, rate)
    picked = _picked(asked, known)
    there = _standing(known.held, picked) is Standing.DONE
    outside = known.only is not None and shot.id not in along
    drawn = None if there or not (draft or outside) else _drawn(picked, known, rate)
    if drawn is not None and (draft or drawn.picked.standing is Standing.DONE):
        return drawn
    made = [one for one in asked if one.paid is not None]
    if len(made) < len(asked) and not draft:
        model, place = asked[0].wish.model, shot.places["duration"]
        raise InvalidStoryboard([Mistake(place, "", f"{model.alias} makes {model.lengths}")])
    takes = tuple(_take(known, one, one.paid, one.wish.again) for one in made if one.paid)
    unmade = any(take.standing is Standing.unmade(take.model.maker) for take in takes)
    before = known.earlier.get(shot.id) if unmade else None
    found = PlannedShot(shot, shot.asked(rate), takes)
    return replace(
        found, notes=notes(found, rate), renewed=renewed(found.request, before, shown=known.shown)
    )


def _picked(asked: Sequence[_Asked], known: _Known) -> _Asked:
    """The take that is picked; for the best, one that is there, until it is known."""
    shot = asked[0].wish.shot
    if shot.best:
        there = (one for one in asked if _standing(known.held, one) is Standing.DONE)
        return next(there, asked[0])
    return asked[shot.pick - 1] if shot.pick <= len(asked) else asked[0]


def _adopted(asked: Sequence[_Asked], known: _Known, clip: OwnClip, rate: Rate) -> PlannedShot:
    """A shot with a clip of one's own: that, and the takes that are there. Nothing is bought."""
    first, shot = asked[0], asked[0].wish.shot
    wanted = clip.request(first.wish.brief.seconds)
    taken = CheckedTake(OWN, {}, shot.start, shot.end)
    wish = replace(first.wish, taken=taken, number=OWN_CLIP, again=OWN_CLIP)
    own = _take(known, replace(first, wish=wish, part=0, single=0), wanted, OWN_CLIP)
    made = (_take(known, one, one.paid, one.wish.again) for one in asked if one.paid)
    there = (take for take in made if take.standing is Standing.DONE)
    return PlannedShot(shot, shot.asked(rate), (own, *there))


def _drawn(picked: _Asked, known: _Known, rate: Rate) -> PlannedShot:
    """The shot's draft: for a draft, or in place of what is not asked for, if it was drawn."""
    shot = picked.wish.shot
    drawn = _request(DRAFT, [picked.wish.brief], known)
    taken = CheckedTake(DRAFT, {}, shot.start, shot.end)
    wish = replace(picked.wish, taken=taken, number=1, again=1)
    sketch = replace(picked, wish=wish, part=0, single=0)
    return PlannedShot(shot, shot.asked(rate), (_take(known, sketch, drawn, 1),))


def _request(model: Model, briefs: Sequence[Brief], known: _Known) -> Request:
    """What is asked for; for a preview a small drawing, unless the usual one is there already."""
    usual = model.request(briefs)
    if not known.small or _found(known.held, usual, 1)[1] is not None:
        return usual
    return model.request([sketched(one) for one in briefs])


def _standing(held: Held, asked: _Asked) -> Standing | None:
    _, holding = _found(held, asked.paid, asked.wish.again) if asked.paid else (None, None)
    return holding.standing if holding else None


def _take(known: _Known, asked: _Asked, wanted: Request, again: int) -> PlannedTake:
    shot, model = asked.wish.shot, asked.wish.model
    canonical, holding = _found(known.held, wanted, again)
    holding = holding or Holding(Standing.unmade(model.maker))
    resent = known.retry and holding.standing is Standing.REFUSED
    buys = holding.standing.costs or resent
    purchase = Purchase(
        request=wanted,
        number=again,
        key=key_of(canonical),
        canonical=canonical,
        holding=holding,
        price_microusd=model.price(wanted.arguments).micro if buys else 0,
        buys=buys,
        covers=(shot.id,),
        made_for=shot.id,
        model=model,
        single_microusd=asked.single,
        places=asked.places,
    )
    return PlannedTake(shot.id, purchase, asked.wish.number, asked.part)


def _found(held: Held, wanted: Request, number: int) -> tuple[Mapping[str, Any], Holding | None]:
    """The take by the name under which the store has it; by today's where it came to nothing."""
    names = wanted.names(number)
    known = [(name, found) for name in names if (found := held.get(key_of(name)))]
    there = next((pair for pair in known if pair[1].standing not in _NOTHING), None)
    return there or (names[0], known[0][1] if known else None)
