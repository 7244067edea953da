"""What shots share: which of them one request brings, what that costs, and what renews it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.units.money import dollars
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.planning.planned import Plan, PlannedShot, Purchase


@dataclass(frozen=True, slots=True)
class Shared:
    """A request that brings several shots."""

    purchase: Purchase
    shots: tuple[str, ...]
    keyframes: tuple[str, ...]
    """Their keyframes' ids, one behind the other."""
    price_microusd: int
    """Micro-dollars that it costs, paid already or not."""
    renews: Mapping[str, tuple[str, ...]]
    """By keyframe: the shots that are bought again once its picture changes."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """What is said: for all of them, or for each."""
        arguments = self.purchase.request.arguments
        if "prompt" in arguments:
            return (str(arguments["prompt"]),)
        lists = (value for value in arguments.values() if isinstance(value, list))
        parts = (part for one in lists for part in one if isinstance(part, dict))
        return tuple(str(part["prompt"]) for part in parts if "prompt" in part)

    @property
    def in_words(self) -> tuple[str, ...]:
        """All of it, for people."""
        single, seconds = self.purchase.single_microusd, self.purchase.request.seconds
        count = f"as {len(self.shots)} single requests {dollars(single)}"
        first = (
            f"{_listed(self.shots)}: one request of {decimal(seconds)} s for "
            f"{dollars(self.price_microusd)}; {count}"
        )
        further = {
            keyframe: others
            for keyframe, shots in self.renews.items()
            if (others := [shot for shot in shots if shot not in self.shots])
        }
        also = "".join(f"; {name} also {_listed(shots)}" for name, shots in further.items())
        said = " | ".join(self.prompts)
        return (
            first,
            f"a change of any of {', '.join(self.keyframes)} renews all of it{also}",
            f"its prompt: {said}",
        )


def shared(made: Plan) -> tuple[Shared, ...]:
    """The requests of a plan that bring several shots, in the order of the film."""
    found: dict[str, Purchase] = {}
    for shot in made.shots:
        for take in shot.takes:
            if len(take.request.marks) > 2:
                found.setdefault(take.key, take.purchase)
    renews = _renewals(made)
    return tuple(_shared(made, purchase, renews) for purchase in found.values())


def _shared(made: Plan, purchase: Purchase, renews: Mapping[str, tuple[str, ...]]) -> Shared:
    own = [s for s in made.shots if any(take.key == purchase.key for take in s.takes)]
    keyframes = tuple(dict.fromkeys(name for shot in own for name in _keyframes(shot)))
    return Shared(
        purchase=purchase,
        shots=tuple(shot.id for shot in own),
        keyframes=keyframes,
        price_microusd=purchase.model.price(purchase.request.arguments).micro,
        renews={name: renews[name] for name in keyframes},
    )


def _renewals(made: Plan) -> dict[str, tuple[str, ...]]:
    """By keyframe: every shot that a request brings which is sent it."""
    by_key: dict[str, dict[str, None]] = {}
    touching: dict[str, list[str]] = {}
    for shot in made.shots:
        keys = [take.key for take in shot.takes]
        for key in keys:
            by_key.setdefault(key, {})[shot.id] = None
        for name in _keyframes(shot):
            touching.setdefault(name, []).extend(keys)
    order = [shot.id for shot in made.shots]
    return {
        name: tuple(sorted({s for key in keys for s in by_key[key]}, key=order.index))
        for name, keys in touching.items()
    }


def _keyframes(shot: PlannedShot) -> Iterator[str]:
    yield shot.shot.start.still.id
    if shot.shot.end:
        yield shot.shot.end.still.id


def told(made: Plan) -> Plan:
    """The plan that says of shots nobody asked for why they come all the same."""
    along = {shot.id for shot in made.along if any(take.purchase.buys for take in shot.takes)}
    if not along:
        return made
    scenes = tuple(
        replace(scene, shots=tuple(_told(s) if s.id in along else s for s in scene.shots))
        for scene in made.scenes
    )
    return replace(made, scenes=scenes)


def _told(shot: PlannedShot) -> PlannedShot:
    payer = next(take.purchase.made_for for take in shot.takes if not take.own)
    words = f"comes with {payer}: one request brings both, and is bought whole"
    return replace(shot, notes=(*shot.notes, words))


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
