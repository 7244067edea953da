"""What a plan says besides numbers: what is done to stills and lengths, why a shot is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.errors import Mistake
from storyboard.safe_text import inert
from storyboard.units.sizes import Size
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.models.request import Request
    from storyboard.planning.planned import PlannedShot
    from storyboard.takes.holding import Earlier
    from storyboard.units.timing import Rate


def about_models(shots: Iterable[PlannedShot]) -> tuple[str, ...]:
    """What is worth knowing of the models that these shots are bought from, each once."""
    buying = {take.model.alias: take for shot in shots for take in shot.takes if take.buys}
    found: list[str] = []
    for alias, take in buying.items():
        if take.model.doubt:
            found.append(f"{alias}: {take.model.doubt}; `accept` {alias} buys it all the same")
        found += [f"{alias}: {note}" for note in take.model.notes]
        if take.model.price(take.purchase.request.arguments).bound:
            found.append(f"{alias}: what comes is charged; the price is the most that it can be")
    return tuple(found)


def notes(planned: PlannedShot, rate: Rate) -> tuple[str, ...]:
    """What is worth knowing before paying: another length than asked, or another shape."""
    return (*_lengths(planned, rate), *dict.fromkeys(_shapes(planned)))


def _lengths(planned: PlannedShot, rate: Rate) -> Iterator[str]:
    asked, sold, request = planned.shot.duration.seconds(rate), planned.sold, planned.request
    sells = f"{planned.model.alias} sells {planned.model.lengths}: "
    if request.lasts is not None and planned.span[1] == request.marks[-1]:
        lost = request.lasts - request.marks[-1]
        yield (
            f"{sells}{decimal(request.lasts)} s are bought, and the last {decimal(lost, 2)} s, "
            "after the last keyframe, are not shown"
        )
    elif abs(sold - asked) >= ROUNDED:
        yield (
            f"{sells}{decimal(sold)} s are bought for {decimal(asked)} s, and played "
            f"{decimal(sold / asked, 2)} times as fast"
        )


def _shapes(planned: PlannedShot) -> Iterator[str]:
    """Takes of another shape than their still, of models that make certain shapes alone."""
    width, height = planned.shot.start.shape
    for take in planned.takes:
        request = take.request
        for name, value in request.arguments.items():
            shape = _SHAPE.fullmatch(str(value)) if request.parts.get(name) == "start" else None
            if shape is None:
                continue
            ratio = Fraction(int(shape[1]), int(shape[2])) / Fraction(width, height)
            if abs(ratio - 1) > UNLIKE:
                yield (
                    f"{take.model.alias} has no shape like {width}x{height}: takes come as {value} "
                    f"and are fitted in the film; `size: {value}` fits the stills before"
                )


_SHAPE = re.compile(r"([1-9]\d*):([1-9]\d*)")
UNLIKE = Fraction(1, 20)
"""By how much of itself a shape may be another one and still be called the same."""
ROUNDED = Fraction(1, 24)
"""Seconds by which a keyframe on a whole frame may lie beside the end of its shot."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of a film, named by what they show: as they are, and as they were."""

    now: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()

    @classmethod
    def of(cls, storyboard: CheckedStoryboard, earlier: Earlier) -> Shown:
        """Of a storyboard, and of what was made for it."""
        stills = [still for shot in storyboard.shots for still in (shot.start, shot.end) if still]
        names = [n for made in earlier.values() for n in made.get("pictures", {}).values()]
        return cls(
            frozenset(n for s in stills for n in (s.still.facts.content, s.still.sha256)),
            frozenset(name.partition(" ")[0] for name in names),
        )


def renewed(
    wanted: Request, before: Mapping[str, Any] | None, *, shown: Shown | None = None
) -> str:
    """Which part of the request differs from what was made for this shot before.

    A keyframe that is another one now is told from one whose picture changed.
    """
    if before is None:
        return ""
    now = wanted.canonical()
    was, pictures = before.get("pictures", {}), now["pictures"]
    changed = [
        f"{_role(wanted, name)} {_how(still, was.get(name, ''), shown or Shown())}"
        for name, still in wanted.pictures.items()
        if was.get(name) not in (still.digest, still.former)
    ]
    changed += [f"{name} keyframe removed" for name in was if name not in pictures]
    if before.get("endpoint") != now["endpoint"]:
        changed.append("model changed")
    old, new = before.get("arguments", {}), now["arguments"]
    changed += [
        f"{name} changed" for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]
    return ", ".join(changed)


def _role(wanted: Request, picture: str) -> str:
    part = wanted.parts.get(picture, picture)
    return "keyframe" if "." in part else f"{part} keyframe"


def _how(prepared: PreparedStill, was: str, shown: Shown) -> str:
    name, still = prepared.still.id, prepared.still
    if _same_picture(prepared, was):
        return f"{name} is prepared in another way"
    known = {still.facts.content, still.sha256} & shown.before
    if known or was.partition(" ")[0] in shown.now:
        return f"is {name} now"
    return f"{name} changed"


def _same_picture(prepared: PreparedStill, was: str) -> bool:
    return was.partition(" ")[0] in (prepared.still.facts.content, prepared.still.sha256)


def keeping(
    storyboard: CheckedStoryboard, shots: Iterable[PlannedShot], earlier: Earlier
) -> tuple[Mistake, ...]:
    """The `size:` that keeps shots whose pictures are the same, and the film's shape is another.

    Without `size:` the shape is the first keyframe's: another one there prepares all others anew.
    """
    if storyboard.size is not None:
        return ()
    moved = [
        (shot.id, size)
        for shot in shots
        if shot.renewed
        for size in _former_sizes(shot, earlier.get(shot.id, {}).get("pictures", {}))
    ]
    if not moved:
        return ()
    size, _ = Counter(size for _, size in moved).most_common(1)[0]
    names = list(dict.fromkeys(name for name, wanted in moved if wanted == size))
    first = next(storyboard.shots).start.still
    message = (
        f"the first keyframe gives the film its shape, and {', '.join(names)} would be bought "
        f"again for another one; `size: {size}` keeps the shape that they were bought for"
    )
    return (Mistake(first.place, "image", inert(message)),)


def _former_sizes(shot: PlannedShot, was: Mapping[str, str]) -> Iterator[Size]:
    """The film's size when this shot was bought, by each picture that is prepared anew since."""
    for name, prepared in shot.request.pictures.items():
        before = was.get(name, "")
        recipe = before.partition(" ")[2]
        if not _same_picture(prepared, before) or recipe == prepared.recipe.text:
            continue
        written = recipe.rpartition(" ")[2]
        facts = prepared.still.facts
        whole = Size(facts.width // 2 * 2, facts.height // 2 * 2)
        former = Size.parse(written) if "fit=" in recipe else whole
        if former != Size(*prepared.shape):
            yield former
