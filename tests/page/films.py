"""Storyboards whose takes are in the store: small clips with frame codes, nobody paid for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from storyboard.testing.clips import write_clip
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.boards import board

RATES = tuple(map(Fraction, ("24000/1001", "24", "25", "30000/1001", "30", "60")))
SIZE = (160, 96)
"""Just large enough for a frame code."""


def filmed(
    folder: Path,
    *,
    shots: int = 3,
    takes: int = 2,
    rates: Sequence[Fraction] = (Fraction(24),),
    extra: Sequence[str] = (),
    lacking: Mapping[str, Sequence[int]] | None = None,
) -> StoryboardFile:
    """A storyboard whose takes are there, each shot's frames coded with the shot's number.

    `rates` are the shots', in turn; `lacking` are takes that are not there, by shot.
    """
    file = board(
        folder, keyframes=shots + 1, shot=f"takes: {takes}", extra=("title: The ball", *extra)
    )
    source = StoryboardFile(file)
    store = source.store
    store.prepare()
    for number, shot in enumerate(plan_with(source.storyboard(), store).shots):
        rate = rates[number % len(rates)]
        for take in shot.takes:
            if take.number in (lacking or {}).get(shot.id, ()):
                continue
            part = store.part(take.key)
            write_clip(part, frames=int(3 * rate) + 1, size=SIZE, rate=rate, shot=number)
            about = {"shot": shot.id, "take": take.number, "cost": 252_000, "model": "kling"}
            store.keep(take.key, part, {**about, "request_id": f"id-{shot.id}-{take.number}"})
    return source
