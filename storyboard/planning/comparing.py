"""What a film costs with other models, shot by shot. Pure; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.loading.context import ASSUMED_RATE
from storyboard.models.choices import shown
from storyboard.planning.briefs import brief
from storyboard.planning.planner import plan

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedScene, CheckedShot, CheckedStoryboard
    from storyboard.models.model import Model
    from storyboard.planning.planned import PlannedShot


@dataclass(frozen=True, slots=True)
class ComparedShot:
    """A shot, if this model made it."""

    id: str
    seconds: Fraction
    """That are bought; 0 where another shot's request covers it."""
    micro: int
    """Micro-dollars for all its takes."""
    bound: bool = False
    """Whether that is the most that it can be."""
    cannot: str = ""
    """Why the model can't make it; then it costs nothing."""
    without: tuple[str, ...] = ()
    """The options that the storyboard asks for, and the model does not have, or not so:
    `seed`, `resolution 1080p`. The shot is priced without them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole film by one model, as if nothing of it were there."""

    model: Model
    shots: tuple[ComparedShot, ...]
    film: Fraction
    """Seconds of the film, which a take is brought to by whatever model it is made."""

    @property
    def micro(self) -> int:
        """Micro-dollars for all shots that it can make."""
        return sum(shot.micro for shot in self.shots)

    @property
    def seconds(self) -> Fraction:
        """Seconds that are bought."""
        return sum((shot.seconds for shot in self.shots), Fraction(0))

    @property
    def whole(self) -> bool:
        """Whether it can make every shot."""
        return not any(shot.cannot for shot in self.shots)

    @property
    def bound(self) -> bool:
        """Whether the price is the most that it can be."""
        return any(shot.bound for shot in self.shots)

    def as_data(self) -> dict[str, Any]:
        """As plain data. Money in micro-dollars."""
        return {
            "model": self.model.alias,
            "doubt": self.model.doubt,
            "price_microusd": self.micro,
            "at_most": self.bound,
            "film_seconds": float(self.film),
            "bought_seconds": float(self.seconds),
            "makes_all": self.whole,
            "shots": [
                {
                    "id": shot.id,
                    "seconds": float(shot.seconds),
                    "price_microusd": shot.micro,
                    "at_most": shot.bound,
                    "cannot": shot.cannot,
                    "without": list(shot.without),
                }
                for shot in self.shots
            ],
        }


def compared(storyboard: CheckedStoryboard, models: Sequence[Model]) -> list[Comparison]:
    """The film by each of these models alone."""
    rate = storyboard.rate or ASSUMED_RATE
    frames = sum(shot.asked(rate) for shot in storyboard.shots)
    frames -= sum(scene.arrival(rate)[1] for scene in storyboard.scenes)
    film = Fraction(frames) / rate
    return [Comparison(model, tuple(_by(storyboard, model)), film) for model in models]


def _by(storyboard: CheckedStoryboard, model: Model) -> list[ComparedShot]:
    """Each shot by this model: in as few requests as a plan finds, or alone where one can't be."""
    board = _made_by(storyboard, model)
    found = [_alone(board, scene, shot) for scene in board.scenes for shot in scene.shots]
    if not any(one.cannot for one in found):
        found = [_planned(shot) for shot in plan(board).shots]
    shots = zip(found, storyboard.shots, strict=True)
    return [replace(one, without=tuple(_lacking(shot, model))) for one, shot in shots]


def _lacking(shot: CheckedShot, model: Model) -> Iterator[str]:
    """What of a shot's options the model does not have, in words."""
    for name, value in sorted(shot.options.items()):
        if name not in model.options:
            yield name
        elif model.options[name].wrong(value):
            yield f"{name} {shown(value)}"


def _made_by(storyboard: CheckedStoryboard, model: Model) -> CheckedStoryboard:
    """The storyboard whose shots name this model, and ask for what it has of their options."""

    def changed(shot: CheckedShot) -> CheckedShot:
        kept = {
            name: value
            for name, value in shot.options.items()
            if name in model.options and not model.options[name].wrong(value)
        }
        takes = len(shot.each_take)
        return replace(shot, model=model, options=kept, takes=takes, listed=())

    scenes = (replace(scene, shots=tuple(map(changed, scene.shots))) for scene in storyboard.scenes)
    return replace(storyboard, scenes=tuple(scenes))


def _alone(board: CheckedStoryboard, scene: CheckedScene, shot: CheckedShot) -> ComparedShot:
    own = brief(board, scene, shot)
    wrong = "; ".join(problem.words for problem in shot.model.problems(own))
    if wrong:
        return ComparedShot(shot.id, Fraction(0), 0, cannot=wrong)
    request = shot.model.request([own])
    price = shot.model.price(request.arguments)
    takes = len(shot.each_take)
    return ComparedShot(shot.id, request.seconds * takes, price.micro * takes, price.bound)


def _planned(shot: PlannedShot) -> ComparedShot:
    own = [take.purchase.request for take in shot.takes if take.own]
    seconds = sum((request.seconds for request in own), Fraction(0))
    bound = any(shot.model.price(request.arguments).bound for request in own)
    return ComparedShot(shot.id, seconds, shot.price_microusd, bound)
