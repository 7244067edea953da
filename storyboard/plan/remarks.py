"""What a plan says besides numbers: what is done to stills and lengths, why a shot is new."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from storyboard.load import Shot
from storyboard.plan.keys import Request
from storyboard.timing import Rate, decimal


def notes(shot: Shot, sold: Fraction, rate: Rate) -> tuple[str, ...]:
    """What is worth knowing before paying: another length than asked, stills that are changed."""
    asked = shot.duration.seconds(rate)
    found = []
    if sold != asked:
        found.append(
            f"{shot.model.alias} sells {shot.model.lengths}: {decimal(sold)} s are bought "
            f"for {decimal(asked)} s, and played {decimal(sold / asked, 2)} times as fast"
        )
    for role, plate in (("start", shot.start), ("end", shot.end)):
        if plate:
            found += [f"{role} {plate.still.name}: {note}" for note in plate.notes]
    return tuple(found)


def renewed(wanted: Request, before: Mapping[str, Any] | None) -> str:
    """Which part of the request differs from what was made for this shot before."""
    if before is None:
        return ""
    now = wanted.canonical()
    was, pictures = before.get("pictures", {}), now["pictures"]
    names = dict(zip(wanted.pictures, ("start", "end"), strict=False))
    changed = [
        f"{names[name]} keyframe {plate.still.id} changed"
        for name, plate in wanted.pictures.items()
        if was.get(name) not in (plate.digest, plate.former)
    ]
    changed += [f"{name} keyframe removed" for name in was if name not in pictures]
    if before.get("endpoint") != now["endpoint"]:
        changed.append("model changed")
    old, new = before.get("arguments", {}), now["arguments"]
    changed += [
        f"{name} changed" for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]
    return ", ".join(changed)
