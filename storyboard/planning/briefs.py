"""Briefs: what each shot of a storyboard asks of the model that makes it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.models.model import FILM_RATE, Brief
from storyboard.units.sizes import Size

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedScene, CheckedShot, CheckedStoryboard

DRAFT_PIXELS = 1280 * 720
"""Drafts are drawn no larger than this; the film enlarges them."""
SKETCHED = Fraction(3, 8)
"""A preview's drafts are drawn with sides so many times as long: 480x270 for 1280x720."""


def brief(storyboard: CheckedStoryboard, scene: CheckedScene, shot: CheckedShot) -> Brief:
    """What the shot asks for: its words and stills, its length, and how the film shows it."""
    rate = storyboard.rate or FILM_RATE
    return Brief(
        prompt=shot.prompt,
        words=shot.words,
        seconds=shot.duration.seconds(rate),
        start=shot.start,
        end=shot.end,
        closed=shot.end is not None,
        options=shot.options,
        size=draft_size(storyboard),
        rate=rate,
        fit=shot.fit or "contain",
        background=storyboard.background,
        eases_in=scene.shots[0] is shot,
        eases_out=scene.shots[-1] is shot,
    )


def sketched(brief: Brief) -> Brief:
    """The same for a preview, where drafts are drawn small."""
    if brief.size is None:
        return brief
    width, height = (float(side * SKETCHED) for side in (brief.size.width, brief.size.height))
    return replace(brief, size=Size(_even(width), _even(height)))


def draft_size(storyboard: CheckedStoryboard) -> Size:
    """The size drafts are drawn at: the film's shape, and not too many pixels."""
    facts = next(storyboard.shots).start.still.facts
    size = storyboard.size or Size(facts.width, facts.height)
    scale = min(1.0, (DRAFT_PIXELS / (size.width * size.height)) ** 0.5)
    return Size(_even(size.width * scale), _even(size.height * scale))


def _even(length: float) -> int:
    return max(16, round(length / 2) * 2)
