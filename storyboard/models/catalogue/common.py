"""What rows of several makers have in common."""

from __future__ import annotations

from fractions import Fraction

from storyboard.models.choices import NumberOption, Option, TextOption
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths, number

TYPES = "types of fal.ai's JavaScript client of 2026-08-02"
PAGES = "fal.ai's pages"
OTHERS = "third parties who read fal.ai's schema and pages"
PRICING = "fal.ai's pricing API of 2026-07-28, as published by third parties"

SILENT = Option("", (False,), default=False)
"""The option `sound` of a model whose takes have none."""
ALWAYS = Option("", (True,), default=True)
"""Of one whose takes always have some."""
SPOKEN = "its takes always have sound; audio: {takes: mute} leaves it out of the film"

SEED = NumberOption("seed", 0, 2_147_483_647)
NEGATIVE = TextOption("negative_prompt", None)
CFG_SCALE = NumberOption("cfg_scale", 0, 1, whole=False)

HALF = Fraction(1, 2)


def switch(argument: str, *, theirs: bool | None = None) -> Option:
    """A switch, off unless it is asked for; `theirs` is the service's own default."""
    return Option(argument, (False, True), default=False, theirs=theirs)


SOUND = switch("generate_audio", theirs=True)
"""Sound by the argument that most endpoints have for it, and usually switch on."""


def sizes(*choices: str, default: str = "720p", theirs: str | None = None) -> Option:
    """The option `resolution`, written as it stands; `theirs` is the service's own default."""
    return Option("resolution", choices, default, theirs=theirs or default)


def whole(first: int, last: int) -> Lengths:
    """Whole seconds as numbers."""
    return Lengths(tuple(range(first, last + 1)), written=number)


def texts(first: int, last: int) -> Lengths:
    """Whole seconds as texts."""
    return Lengths(tuple(range(first, last + 1)))


def seen(read_on: str, marks: str, *sources: str) -> Evidence:
    """Where a row is from."""
    return Evidence(read_on, "; ".join(sources), marks)
