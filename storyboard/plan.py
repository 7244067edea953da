"""The plan: what each shot asks for, what it costs, and what is there already. Pure.

A request's key is known before anything is spent: SHA-256 of the endpoint, the arguments without
addresses, the pictures (the bytes read and how they are prepared) and the take's number. Whatever
is not in there (names, paths, order, captions, speed, ...) can be edited for free.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from storyboard.errors import InvalidStoryboard, Mistake, StoryboardError
from storyboard.load import ASSUMED_RATE, Plate, Scene, Shot, Storyboard
from storyboard.models import DRAFT, Model, dollars
from storyboard.spec import Size
from storyboard.timing import Rate, decimal

KEY_VERSION = 1
DRAFT_PIXELS = 1280 * 720
"""Drafts are drawn no larger than this; the film enlarges them."""


class Standing(Enum):
    """How things stand with a take."""

    DONE = "done"
    FLYING = "in flight"
    """Sent, perhaps finished; to be collected. Paid once it succeeds."""
    UNKNOWN = "unknown"
    """Sent, and the answer was lost: it may have been accepted. Never bought again unasked."""
    LOST = "lost"
    """Paid, and neither here nor at the service any more. Never bought again unasked."""
    FAILED = "failed"
    """Refused or failed; another try is a new payment."""
    BUY = "to buy"
    DRAW = "to draw"
    """A draft: free."""

    @property
    def costs(self) -> bool:
        """Whether a render pays for it."""
        return self in (Standing.BUY, Standing.FAILED)

    @property
    def stuck(self) -> bool:
        """Whether only the user can decide what happens next."""
        return self in (Standing.UNKNOWN, Standing.LOST)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store knows of a key."""

    standing: Standing
    request_id: str = ""
    cost: int = 0
    """Micro-dollars, as charged or estimated when it was sent."""
    since: float | None = None
    """When it was sent, seconds since 1970."""
    detail: str = ""


Held = Mapping[str, Holding]
"""By key."""

Earlier = Mapping[str, Mapping[str, Any]]
"""By shot id, the canonical request of the last take that was made for it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model for a shot, apart from the take's number."""

    endpoint: str
    arguments: Mapping[str, Any]
    """Without the pictures."""
    pictures: Mapping[str, Plate]
    """By argument name."""

    def canonical(self, take: int = 1) -> dict[str, Any]:
        """Everything the key is made of, as plain data."""
        return {
            "version": KEY_VERSION,
            "endpoint": self.endpoint,
            "arguments": dict(self.arguments),
            "pictures": {name: plate.digest for name, plate in self.pictures.items()},
            "take": take,
        }

    def key(self, take: int = 1) -> str:
        """The key of this take: 64 hex digits."""
        return key_of(self.canonical(take))


def key_of(canonical: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no white space, UTF-8, no NaN."""
    text = json.dumps(
        canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """One take of a shot: its key, and how things stand with it."""

    number: int
    key: str
    holding: Holding
    price: int
    """Micro-dollars that a render pays for it; 0 where it is there."""

    @property
    def standing(self) -> Standing:
        """How things stand with it."""
        return self.holding.standing


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """A shot with its request and its takes."""

    shot: Shot
    model: Model
    """The one that makes it: the shot's own, or `draft`."""
    request: Request
    sold: Fraction
    """Seconds asked from the model."""
    frames: int
    """Film frames, as asked."""
    takes: tuple[PlannedTake, ...]
    notes: tuple[str, ...] = ()
    """What is worth knowing before paying."""
    renewed: str = ""
    """Why it has to be made again."""

    @property
    def id(self) -> str:
        """The shot's name."""
        return self.shot.id

    @property
    def picked(self) -> PlannedTake:
        """The take that is cut in."""
        return next((t for t in self.takes if t.number == self.shot.pick), self.takes[0])

    @property
    def price(self) -> int:
        """Micro-dollars that a render pays for it."""
        return sum(take.price for take in self.takes)


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """A scene with its planned shots."""

    scene: Scene
    shots: tuple[PlannedShot, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a render does, decided and priced before anything happens."""

    storyboard: Storyboard
    scenes: tuple[PlannedScene, ...]
    rate: Rate
    rate_assumed: bool
    """Whether the rate will follow the takes; frames are counted at 24 until then."""
    only: frozenset[str] | None = None
    """The shots to generate; None for all."""
    draft: bool = False

    @property
    def shots(self) -> tuple[PlannedShot, ...]:
        """All shots in the order of the film."""
        return tuple(shot for scene in self.scenes for shot in scene.shots)

    @property
    def wanted(self) -> tuple[PlannedShot, ...]:
        """The shots that a render generates."""
        return tuple(s for s in self.shots if self.only is None or s.id in self.only)

    @property
    def price(self) -> int:
        """Micro-dollars that a render pays."""
        return sum(shot.price for shot in self.wanted)

    @property
    def overlap(self) -> int:
        """Film frames that transitions take from the film's length."""
        return sum(transition_frames(scene.scene, self.rate)[1] for scene in self.scenes)

    @property
    def frames(self) -> int:
        """Length of the film in frames, as asked."""
        return sum(shot.frames for shot in self.shots) - self.overlap


def plan(
    storyboard: Storyboard,
    *,
    held: Held | None = None,
    earlier: Earlier | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
) -> Plan:
    """What a render of this storyboard does, and what it costs.

    `held` and `earlier` are what the store has (`Store.held()`, `Store.earlier()`). With `draft`,
    shots whose picked take is there use it, and all others are drawn by the draft model, free.
    `only` limits what is generated to these shots; `StoryboardError` names one that isn't there.
    """
    rate = storyboard.rate or ASSUMED_RATE
    scenes = tuple(
        PlannedScene(
            scene,
            tuple(
                _shot(storyboard, scene, shot, rate, held or {}, earlier or {}, draft=draft)
                for shot in scene.shots
            ),
        )
        for scene in storyboard.scenes
    )
    made = Plan(
        storyboard=storyboard,
        scenes=scenes,
        rate=rate,
        rate_assumed=storyboard.rate is None,
        only=None if only is None else frozenset(only),
        draft=draft,
    )
    _check_only(made)
    return made


def _check_only(made: Plan) -> None:
    there = {shot.id for shot in made.shots}
    missing = sorted((made.only or frozenset()) - there)
    if missing:
        raise StoryboardError(
            f"no shot is called {', '.join(missing)}; there are {', '.join(sorted(there))}"
        )


def _shot(
    storyboard: Storyboard,
    scene: Scene,
    shot: Shot,
    rate: Rate,
    held: Held,
    earlier: Earlier,
    *,
    draft: bool,
) -> PlannedShot:
    sold = shot.model.lengths.nearest(shot.duration.seconds(rate))
    paid = None if sold is None else request(storyboard, scene, shot, shot.model, sold)
    if draft and not (paid and _standing(held, paid, shot) is Standing.DONE):
        length = shot.duration.seconds(rate)
        drawn = request(storyboard, scene, shot, DRAFT, length)
        take = _take(held, drawn, 1, 0, Standing.DRAW)
        return PlannedShot(shot, DRAFT, drawn, length, shot.asked(rate), (take,))
    if paid is None or sold is None:
        message = f"{shot.model.alias} makes {shot.model.lengths}"
        raise InvalidStoryboard([Mistake(shot.places["duration"], "", message)])
    price = shot.model.price.of(sold)
    new = Standing.DRAW if shot.model.local else Standing.BUY
    takes = tuple(_take(held, paid, number, price, new) for number in range(1, shot.takes + 1))
    unmade = any(take.standing is new for take in takes)
    return PlannedShot(
        shot=shot,
        model=shot.model,
        request=paid,
        sold=sold,
        frames=shot.asked(rate),
        takes=takes,
        notes=_notes(shot, sold, rate),
        renewed=_renewed(paid, earlier.get(shot.id)) if unmade else "",
    )


def _standing(held: Held, paid: Request, shot: Shot) -> Standing | None:
    holding = held.get(paid.key(shot.pick))
    return holding.standing if holding else None


def _take(held: Held, wanted: Request, number: int, price: int, new: Standing) -> PlannedTake:
    key = wanted.key(number)
    holding = held.get(key, Holding(new))
    return PlannedTake(number, key, holding, price if holding.standing.costs else 0)


def request(
    storyboard: Storyboard, scene: Scene, shot: Shot, model: Model, seconds: Fraction
) -> Request:
    """What is sent to this model for the shot."""
    stills = {model.start: shot.start} | ({model.end: shot.end} if shot.end else {})
    if not model.local:
        return Request(model.endpoint, model.arguments(shot.prompt, seconds), stills)
    arguments = {
        "duration": str(seconds),
        "rate": str(storyboard.rate or ASSUMED_RATE),
        "size": str(draft_size(storyboard)),
        "fit": shot.fit or "contain",
        "background": storyboard.background,
        "eases_in": scene.shots[0] is shot,
        "eases_out": scene.shots[-1] is shot,
    }
    return Request(model.endpoint, arguments, stills)


def draft_size(storyboard: Storyboard) -> Size:
    """The size drafts are drawn at: the film's shape, and not too many pixels."""
    facts = next(storyboard.shots).start.still.facts
    size = storyboard.size or Size(facts.width, facts.height)
    scale = min(1.0, (DRAFT_PIXELS / (size.width * size.height)) ** 0.5)
    return Size(_even(size.width * scale), _even(size.height * scale))


def _even(length: float) -> int:
    return max(16, round(length / 2) * 2)


def _notes(shot: Shot, sold: Fraction, rate: Rate) -> tuple[str, ...]:
    asked = shot.duration.seconds(rate)
    found = []
    if sold != asked:
        found.append(
            f"{shot.model.alias} sells {shot.model.lengths}: {decimal(sold)} s are bought "
            f"for {decimal(asked)} s and retimed"
        )
    for role, plate in (("start", shot.start), ("end", shot.end)):
        if plate:
            found += [f"{role} {plate.still.name}: {note}" for note in plate.notes]
    return tuple(found)


def _renewed(wanted: Request, before: Mapping[str, Any] | None) -> str:
    """Which part of the request differs from what was made for this shot before."""
    if before is None:
        return ""
    now = wanted.canonical()
    was, pictures = before.get("pictures", {}), now["pictures"]
    names = dict(zip(wanted.pictures, ("start", "end"), strict=False))
    changed = [
        f"{names[name]} keyframe {plate.still.id} changed"
        for name, plate in wanted.pictures.items()
        if was.get(name) != pictures[name]
    ]
    changed += [f"{name} keyframe removed" for name in was if name not in pictures]
    if before.get("endpoint") != now["endpoint"]:
        changed.append("model changed")
    old, new = before.get("arguments", {}), now["arguments"]
    changed += [
        f"{name} changed" for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]
    return ", ".join(changed)


def transition_frames(scene: Scene, rate: Rate) -> tuple[int, int]:
    """How long the film takes to come into this scene, and how much shorter that makes it."""
    return scene.arrival(rate)


def as_data(made: Plan) -> dict[str, Any]:
    """The plan as plain data, for `--json` and other programs. Money in micro-dollars."""
    return {
        "title": made.storyboard.title,
        "file": str(made.storyboard.path),
        "draft": made.draft,
        "rate": str(made.rate),
        "rate_assumed": made.rate_assumed,
        "frames": made.frames,
        "seconds": float(made.frames / made.rate),
        "overlap_frames": made.overlap,
        "price_microusd": made.price,
        "price": dollars(made.price),
        "budget_microusd": made.storyboard.board.budget,
        "shots": [_shot_data(shot, scene) for scene in made.scenes for shot in scene.shots],
        "warnings": [str(warning) for warning in made.storyboard.warnings],
    }


def _shot_data(planned: PlannedShot, scene: PlannedScene) -> dict[str, Any]:
    shot = planned.shot
    return {
        "id": planned.id,
        "scene": scene.scene.id,
        "start": shot.start.still.id,
        "end": shot.end.still.id if shot.end else None,
        "prompt": shot.prompt,
        "model": planned.model.alias,
        "endpoint": planned.model.endpoint,
        "model_seconds": float(planned.sold),
        "frames": planned.frames,
        "request": planned.request.canonical(),
        "pick": planned.picked.number,
        "takes": [
            {
                "take": take.number,
                "key": take.key,
                "standing": take.standing.value,
                "price_microusd": take.price,
                "request_id": take.holding.request_id,
            }
            for take in planned.takes
        ],
        "price_microusd": planned.price,
        "renewed": planned.renewed,
        "notes": list(planned.notes),
    }
