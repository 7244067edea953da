"""The models that can make a shot: one row each, with limits, prices and argument names.

A new model is one row of `MODELS`. Prices are estimates with the day they were read; what a
request really cost is read from the service's answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Price:
    """What a second of generated picture costs."""

    per_second: int
    """Micro-dollars."""
    read_on: str
    """The day the price was read, ISO 8601."""
    source: str

    def of(self, seconds: Fraction) -> int:
        """Micro-dollars for this many seconds, rounded up."""
        return -int(-self.per_second * seconds // 1)


@dataclass(frozen=True, slots=True)
class Lengths:
    """The lengths a model sells, and how its API wants them written."""

    offered: tuple[int, ...] = ()
    """Whole seconds, ascending. Empty: any length up to `longest`."""
    longest: int = 0
    written_as: Literal["text", "number"] = "text"

    def nearest(self, wanted: Fraction) -> Fraction | None:
        """The shortest length that is not shorter than `wanted`; None where there is none."""
        if not self.offered:
            return wanted if wanted <= self.longest else None
        return next((Fraction(length) for length in self.offered if length >= wanted), None)

    def argument(self, length: Fraction) -> str | int | float:
        """The length as the API takes it."""
        plain = int(length) if length.denominator == 1 else float(length)
        return str(plain) if self.written_as == "text" else plain

    def __str__(self) -> str:
        if not self.offered:
            return f"up to {self.longest} s"
        if self.offered == tuple(range(self.offered[0], self.offered[-1] + 1)):
            return f"{self.offered[0]} to {self.offered[-1]} s, whole seconds"
        return ", ".join(map(str, self.offered)) + " s"


@dataclass(frozen=True, slots=True)
class StillLimits:
    """What a start or end frame has to be."""

    max_bytes: int = 10_000_000
    min_side: int = 300
    max_side: int = 8000
    min_aspect: Fraction = Fraction(2, 5)
    max_aspect: Fraction = Fraction(5, 2)


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the table."""

    alias: str
    endpoint: str
    start: str
    """Name of the argument for the start frame."""
    end: str
    """Name of the argument for the end frame."""
    lengths: Lengths
    stills: StillLimits
    price: Price
    prompt_limit: int
    """Characters."""
    open_ended: bool = True
    """Whether the end frame may be left out."""
    local: bool = False
    """Made on this machine, by this package; needs no key."""

    def arguments(self, prompt: str, length: Fraction) -> dict[str, Any]:
        """What is sent besides the pictures: exactly the arguments that the endpoint knows."""
        return {"prompt": prompt, "duration": self.lengths.argument(length)}


_KLING_O1_LENGTHS = Lengths(offered=tuple(range(3, 11)))
_KLING_O1_PROMPT = 2500
"""Characters. Kling's own limit, as its partners state it."""

DRAFT = Model(
    alias="draft",
    # The number rises when the same stills give other pictures, so that old drafts are drawn anew.
    endpoint="storyboard/draft/1",
    start="start_image_url",
    end="end_image_url",
    lengths=Lengths(longest=600, written_as="number"),
    stills=StillLimits(
        max_bytes=200_000_000,
        min_side=16,
        max_side=20_000,
        min_aspect=Fraction(1, 20),
        max_aspect=Fraction(20),
    ),
    price=Price(0, "2026-11-24", "made on this machine"),
    prompt_limit=10_000,
    local=True,
)

_ROWS = (
    # Arguments and limits of both tiers: fal.ai's API pages of the endpoints (stored copies).
    Model(
        alias="kling-o1-standard",
        endpoint="fal-ai/kling-video/o1/standard/image-to-video",
        start="start_image_url",
        end="end_image_url",
        lengths=_KLING_O1_LENGTHS,
        stills=StillLimits(),
        price=Price(84_000, "2026-07-28", "fal.ai's pricing API, as published by third parties"),
        prompt_limit=_KLING_O1_PROMPT,
    ),
    Model(
        alias="kling-o1-pro",
        endpoint="fal-ai/kling-video/o1/image-to-video",
        start="start_image_url",
        end="end_image_url",
        lengths=_KLING_O1_LENGTHS,
        stills=StillLimits(),
        price=Price(112_000, "2026-07-28", "fal.ai's model page"),
        prompt_limit=_KLING_O1_PROMPT,
    ),
    DRAFT,
)

MODELS: Mapping[str, Model] = MappingProxyType({row.alias: row for row in _ROWS})
"""By alias."""

_LONGEST_NAME = 100

_BY_ENDPOINT = {row.endpoint: row for row in _ROWS}


def find(name: str) -> Model:
    """The model with this alias or endpoint id; LookupError says what there is."""
    row = MODELS.get(name) or _BY_ENDPOINT.get(name)
    if row is not None:
        return row
    near = _like(name)
    there = f"did you mean {' or '.join(near)}?" if near else "there are " + ", ".join(MODELS)
    raise LookupError(f"no model is called {name}; {there}")


def _like(name: str) -> list[str]:
    """What models were probably meant; several with their prices, the cheapest first."""
    plain = "-".join(name[:_LONGEST_NAME].casefold().replace("_", " ").split())
    names = {known: row for row in MODELS.values() for known in (row.alias, row.endpoint)}
    near = [known for known in names if plain == known]
    near = near or [known for known in MODELS if plain and plain in known]
    near = near or _spelt_like(plain, list(names))
    if len(near) == 1:
        return near
    rows = sorted({names[known].alias: names[known] for known in near}.values(), key=_per_second)
    return [f"{row.alias} ({dollars(_per_second(row))} a second)" for row in rows]


def _spelt_like(name: str, names: list[str]) -> list[str]:
    """The name that is meant beyond doubt, or that and all of its family."""
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    sure = difflib.get_close_matches(name, near, n=1, cutoff=0.8)
    if sure or not near or "/" in name:
        return sure or near[:1]
    family = near[0].partition("-")[0]
    return [known for known in MODELS if known.partition("-")[0] == family] or near


def _per_second(row: Model) -> int:
    return row.price.per_second


def dollars(micro: int) -> str:
    """Micro-dollars for people: `$0.42`, and more decimals only where they count."""
    exact = f"{micro / 1_000_000:.6f}".rstrip("0")
    whole, _, cents = exact.partition(".")
    return f"${whole}.{cents.ljust(2, '0')}"
