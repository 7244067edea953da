"""Requests and their keys: what is sent to a model for a shot, and what it is called.

A key is known before anything is spent: SHA-256 of the endpoint, the arguments without addresses,
the pictures (what they show and how they are prepared) and the take's number. Whatever is not in
there (names, paths, order, captions, speed, ...) can be edited for free.

A key is for ever: what was bought under an earlier version's name is found under it. Such a name
is computed beside today's, and a take is called by whichever the store has (`Request.names`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from storyboard.load import ASSUMED_RATE, CheckedScene, CheckedShot, CheckedStoryboard
from storyboard.models import Model
from storyboard.pictures import PreparedStill
from storyboard.spec import Size

KEY_VERSION = 2
"""1 named pictures by all bytes of their files, so that a rating renewed a key."""
DRAFT_PIXELS = 1280 * 720
"""Drafts are drawn no larger than this; the film enlarges them."""
SKETCHED = Fraction(3, 8)
"""A preview's drafts are drawn with sides so many times as long: 480x270 for 1280x720."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model for a shot, apart from the take's number."""

    endpoint: str
    arguments: Mapping[str, Any]
    """Without the pictures."""
    pictures: Mapping[str, PreparedStill]
    """By argument name."""

    def canonical(self, take: int = 1) -> dict[str, Any]:
        """Everything the key is made of, as plain data."""
        return {
            "version": KEY_VERSION,
            "endpoint": self.endpoint,
            "arguments": dict(self.arguments),
            "pictures": {name: prepared.digest for name, prepared in self.pictures.items()},
            "take": take,
        }

    def names(self, take: int = 1) -> tuple[dict[str, Any], ...]:
        """What keys of this take may be made of: today's canonical form, then earlier versions'."""
        pictures = {name: prepared.former for name, prepared in self.pictures.items()}
        now = self.canonical(take)
        return now, {**now, "version": 1, "pictures": pictures}

    def key(self, take: int = 1) -> str:
        """The key of this take: 64 hex digits."""
        return key_of(self.canonical(take))


def key_of(canonical: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no white space, UTF-8, no NaN."""
    text = json.dumps(
        canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def request(
    storyboard: CheckedStoryboard,
    scene: CheckedScene,
    shot: CheckedShot,
    model: Model,
    seconds: Fraction,
    *,
    small: bool = False,
) -> Request:
    """What is sent to this model for the shot. `small`: a draft for a preview."""
    stills = {model.start: shot.start} | ({model.end: shot.end} if shot.end else {})
    if not model.local:
        return Request(model.endpoint, model.arguments(shot.prompt, seconds), stills)
    arguments = {
        "duration": str(seconds),
        "rate": str(storyboard.rate or ASSUMED_RATE),
        "size": str(sketch_size(storyboard) if small else draft_size(storyboard)),
        "fit": shot.fit or "contain",
        "background": storyboard.background,
        "eases_in": scene.shots[0] is shot,
        "eases_out": scene.shots[-1] is shot,
    }
    return Request(model.endpoint, arguments, stills)


def draft_size(storyboard: CheckedStoryboard) -> Size:
    """The size drafts are drawn at: the film's shape, and not too many pixels."""
    facts = next(storyboard.shots).start.still.facts
    size = storyboard.size or Size(facts.width, facts.height)
    scale = min(1.0, (DRAFT_PIXELS / (size.width * size.height)) ** 0.5)
    return Size(_even(size.width * scale), _even(size.height * scale))


def sketch_size(storyboard: CheckedStoryboard) -> Size:
    """The size drafts are drawn at for a preview."""
    size = draft_size(storyboard)
    return Size(_even(float(size.width * SKETCHED)), _even(float(size.height * SKETCHED)))


def _even(length: float) -> int:
    return max(16, round(length / 2) * 2)
