"""A model as a row of the table: argument names, limits, options and a tariff, as values."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from storyboard.models import price
from storyboard.models.model import Brief, Problem
from storyboard.models.price import Sold
from storyboard.models.request import Request
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.models.lengths import Lengths
    from storyboard.models.model import StillLimits
    from storyboard.models.price import Price, Setting, Tariff


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a row's facts are from."""

    read_on: str
    """The day, ISO 8601."""
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """What a storyboard can choose, and the argument that says so. It is always sent."""

    argument: str
    choices: tuple[Setting, ...]
    default: Setting

    def of(self, sent: object) -> Setting:
        """The choice that an argument stands for."""
        known = (choice for choice in self.choices if choice == sent and type(choice) is type(sent))
        return next(known, self.default)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row of the table."""

    alias: str
    endpoint: str
    start: str
    """Name of the argument for the start frame."""
    end: str
    """Name of the argument for the end frame."""
    lengths: Lengths
    stills: StillLimits
    tariff: Tariff
    evidence: Evidence
    prompt_limit: int
    prompt_counted_in: Literal["characters", "bytes"] = "characters"
    open_ended: bool = True
    """Whether the end frame may be left out."""
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)
    """By the storyboard's name for it."""
    fixed: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Arguments that always go along."""
    maker: str = ""
    """Who makes its takes on this machine; empty where the service does."""
    covers: int = 1
    """How many shots one request can bring at the most."""
    compose: Compose | None = None
    """How a request is put together where it is not a prompt, a start and an end."""

    def problems(self, brief: Brief) -> Iterator[Problem]:
        """What it can't do of this: length, prompt, end, options."""
        if self.lengths.nearest(brief.seconds) is None:
            told = f"{self.alias} makes {self.lengths}; {decimal(brief.seconds)} s is too long"
            yield Problem("duration", told)
        counted = self._counted(brief.prompt)
        if counted > self.prompt_limit:
            told = f"{counted} {self.prompt_counted_in} with its style; {self.alias} takes "
            yield Problem("prompt", f"{told}{self.prompt_limit}")
        if not brief.closed and not self.open_ended:
            told = f"{self.alias} needs an end frame; add a keyframe, or choose another model"
            yield Problem("shot", told)
        yield from self._misset(brief.options)

    def fits(self, briefs: Sequence[Brief]) -> bool:
        """Whether one request can bring all of these: not too many, too long, or too wordy.

        A single shot's words are `problems`'.
        """
        asked = sum((brief.seconds for brief in briefs), Fraction(0))
        if len(briefs) > self.covers or self.lengths.nearest(asked) is None:
            return False
        words = str(self.request(briefs).arguments.get("prompt", ""))
        return len(briefs) == 1 or self._counted(words) <= self.prompt_limit

    def request(self, briefs: Sequence[Brief]) -> Request:
        """What is sent for these shots; as long as they are where it sells no such length."""
        asked = sum((brief.seconds for brief in briefs), Fraction(0))
        return (self.compose or between_two)(self, briefs, self.lengths.nearest(asked) or asked)

    def price(self, arguments: Mapping[str, Any], listed: int | None = None) -> Price:
        """What a request with these arguments costs."""
        return price.today(self.tariff, self.sold(arguments), listed)

    def sold(self, arguments: Mapping[str, Any]) -> Sold:
        """What of these arguments the price hangs on."""
        seconds = self.lengths.of(arguments.get(self.lengths.argument, 0))
        chosen = {
            name: option.of(arguments.get(option.argument)) for name, option in self.options.items()
        }
        return Sold(seconds, chosen)

    def settings(self, options: Mapping[str, Setting]) -> dict[str, Setting]:
        """Its options as arguments: those that are chosen, and its defaults."""
        return {own.argument: options.get(name, own.default) for name, own in self.options.items()}

    def _counted(self, prompt: str) -> int:
        return len(prompt.encode() if self.prompt_counted_in == "bytes" else prompt)

    def _misset(self, options: Mapping[str, Setting]) -> Iterator[Problem]:
        for name, value in options.items():
            if name not in self.options:
                near = difflib.get_close_matches(name, self.options, n=1)
                there = f"did you mean {near[0]}?" if near else f"it has {_listed(self.options)}"
                yield Problem(f"options.{name}", f"{self.alias} has no option {name}; {there}")
            elif value not in self.options[name].choices:
                told = f"{self.alias} has no {name} {value}; choose from "
                yield Problem(f"options.{name}", told + _listed(self.options[name].choices))
        chosen = {name: options.get(name, own.default) for name, own in self.options.items()}
        if all(value in self.options[name].choices for name, value in chosen.items()):
            yield from self._unpriced(chosen)

    def _unpriced(self, chosen: Mapping[str, Setting]) -> Iterator[Problem]:
        try:
            self.tariff.price(Sold(Fraction(0), chosen))
        except LookupError as error:
            yield Problem("options", f"{self.alias}: {error.args[0]}")


Compose = Callable[[ModelRow, Sequence[Brief], Fraction], Request]
"""From a row, shots and the length that is bought to what is sent."""


def between_two(row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
    """A prompt, a length, a start frame, and as a rule an end frame: what most endpoints take."""
    (brief,) = briefs
    stills = {row.start: brief.start, row.end: brief.end}
    return Request(
        endpoint=row.endpoint,
        arguments=usual(row, brief.prompt, brief.options, sold),
        pictures={name: still for name, still in stills.items() if still is not None},
        parts={row.start: "start", row.end: "end", **spoken_of(row)},
        marks=(Fraction(0), sold),
    )


def usual(
    row: ModelRow, prompt: str, options: Mapping[str, Setting], sold: Fraction
) -> dict[str, Any]:
    """What is sent besides the pictures: exactly the arguments that the endpoint knows."""
    return {
        "prompt": prompt,
        **row.lengths.arguments(sold),
        **row.settings(options),
        **row.fixed,
    }


def spoken_of(row: ModelRow) -> dict[str, str]:
    """Of which part of a shot each argument speaks that is no picture."""
    chosen = {option.argument: f"options.{name}" for name, option in row.options.items()}
    length = {row.lengths.argument: "duration"} if row.lengths.argument else {}
    return {"prompt": "prompt", **length, **chosen}


def _listed(names: Mapping[str, Option] | Sequence[Setting]) -> str:
    return ", ".join(str(name) for name in names) or "none"
